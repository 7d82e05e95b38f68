/*
 * policy_check.h: whether a domain would start
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "host_info.h"
#include "policy_domain.h"

/**
 * virLXCPolicyCheckHost: the host on which a domain would start.
 *
 * @info: its properties
 * @isOther: whether it is another host than this one
 * @profiles: directory with the administrator's seccomp profiles
 */
typedef struct {
    virLXCHostInfo *info;
    bool isOther;
    const char *profiles;
} virLXCPolicyCheckHost;

/**
 * virLXCPolicyStage: what is done with a domain.
 *
 * @VIR_LXC_POLICY_DEFINE: it is defined
 * @VIR_LXC_POLICY_START: it is started
 * @VIR_LXC_POLICY_STARTED: both have succeeded
 */
typedef enum {
    VIR_LXC_POLICY_DEFINE,
    VIR_LXC_POLICY_START,
    VIR_LXC_POLICY_STARTED,
} virLXCPolicyStage;

/**
 * virLXCPolicyCheckResult: what would happen.
 *
 * @stage: the stage that fails, or VIR_LXC_POLICY_STARTED
 * @cause: its error, or NULL
 * @warnings: sentences that would be logged
 * @unchecked: what could not be checked: array of texts
 */
typedef struct {
    virLXCPolicyStage stage;
    GError *cause;
    GPtrArray *warnings;
    GPtrArray *unchecked;
} virLXCPolicyCheckResult;

/**
 * virLXCPolicyCheckDomain:
 * @host: the host
 * @domain: a domain whose confinement has not been parsed; afterwards, @def is
 *     what the live XML would have
 *
 * Does what the driver does before it creates a container, without creating or
 * changing anything. The seccomp agent gets a connection, which is closed at
 * once.
 *
 * Returns the result, which the caller frees.
 */
virLXCPolicyCheckResult *
virLXCPolicyCheckDomain(const virLXCPolicyCheckHost *host,
                        virLXCPolicyDomain *domain);

/**
 * virLXCPolicyCheckResultFree:
 * @result: a result, or NULL
 */
void virLXCPolicyCheckResultFree(virLXCPolicyCheckResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCPolicyCheckResult,
                              virLXCPolicyCheckResultFree)
