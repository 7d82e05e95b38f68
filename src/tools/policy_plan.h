/*
 * policy_plan.h: plan a domain as it would be started
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "plan.h"
#include "policy_domain.h"

/** Directory of this host with the administrator's seccomp profiles */
#define VIR_LXC_POLICY_PROFILE_DIRECTORY SYSCONFDIR "/libvirt/lxc/seccomp"

/**
 * virLXCPolicyPlanNew:
 * @domain: a domain, in whose definition omitted values are filled in
 * @error: the error with which the domain would not be defined or not be
 *     started on this host
 *
 * Returns the plan of the domain on this host, which the caller frees with
 * virLXCPlanFree(), or NULL.
 */
virLXCPlan *
virLXCPolicyPlanNew(const virLXCPolicyDomain *domain, GError **error);
