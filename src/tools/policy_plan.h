/*
 * policy_plan.h: plan a domain as it would be started
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "host_info.h"
#include "plan.h"
#include "policy_domain.h"

/** Directory of this host with the administrator's seccomp profiles */
#define VIR_LXC_POLICY_PROFILE_DIRECTORY SYSCONFDIR "/libvirt/lxc/seccomp"

/**
 * virLXCPolicyHostRead:
 * @path: path of a file with domain capabilities, or "-"
 * @error: set to any error of virLXCPolicyFileRead(), virLXCPolicyXMLParse() or
 *     virLXCDomainCapsParse()
 *
 * Returns the properties of the host, which the caller frees, or NULL.
 */
virLXCHostInfo *virLXCPolicyHostRead(const char *path, GError **error);

/**
 * virLXCPolicyHostProbe:
 * @host: filled with the properties of the host, as @domain meets them
 * @domain: a domain
 * @path: file with the domain capabilities of the host, or NULL for this host
 * @error: set to an error of virLXCPolicyHostRead() or virLXCHostProbe()
 *
 * Returns 0 or -1.
 */
int virLXCPolicyHostProbe(virLXCHost *host, const virLXCPolicyDomain *domain,
                          const char *path, GError **error);

/**
 * virLXCPolicyPlanNewOn:
 * @domain: a domain, in whose definition omitted values are filled in
 * @host: the host, from virLXCPolicyHostProbe()
 * @error: the error with which the domain would not be defined or not be
 *     started on the host
 *
 * As virLXCPolicyPlanNew().
 */
virLXCPlan *virLXCPolicyPlanNewOn(const virLXCPolicyDomain *domain,
                                  const virLXCHost *host, GError **error);

/**
 * virLXCPolicyPlanNew:
 * @domain: a domain, in whose definition omitted values are filled in
 * @path: file with the domain capabilities of the host, or NULL for this host
 * @error: the error with which the domain would not be defined or not be
 *     started on the host, or an error of virLXCPolicyHostRead()
 *
 * Profiles are read from the directory of this host.
 *
 * Returns the plan of the domain on the host, which the caller frees with
 * virLXCPlanFree(), or NULL.
 */
virLXCPlan *virLXCPolicyPlanNew(const virLXCPolicyDomain *domain,
                                const char *path, GError **error);

/**
 * VIR_LXC_POLICY_HOST_OPTION: the option of verbs that can plan a domain for
 * another host.
 * @variable: a char * for the path
 */
/* clang-format off */
#define VIR_LXC_POLICY_HOST_OPTION(variable)                                 \
    {                                                                        \
        "host", 'H', 0, G_OPTION_ARG_FILENAME, &(variable),                  \
            N_("use the host with these domain capabilities; default: this " \
               "host"),                                                      \
            "FILE"                                                           \
    }
/* clang-format on */
