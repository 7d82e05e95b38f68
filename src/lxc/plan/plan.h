/*
 * plan.h: a definition resolved for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCConfinementDef, a virLXCHost, and the text of the profile named
 * in the definition. Out: a virLXCPlan, which is immutable. Planning does not
 * make system calls.
 */

#pragma once

#include "capabilities_plan.h"
#include "confinement_conf.h"
#include "host.h"
#include "kernel_files_plan.h"
#include "landlock_plan.h"
#include "seccomp_plan.h"

/**
 * virLXCPlan: everything to be enforced. Each module adds its plan as a member.
 *
 * @isRoot: whether init is expected to run as the container's root
 * @capabilities: the capability sets
 * @noNewPrivs: whether to set no_new_privs (prctl(2))
 * @landlock: the Landlock ruleset, or NULL
 * @seccomp: the seccomp filter, or NULL; without <seccomp>, there is one if
 *     @landlock needs it (landlock_net_filter.h)
 * @kernelFiles: access to files in /proc and /sys, or NULL
 * @noUserNamespaces: whether a container that has a user namespace of its own
 *     cannot create others
 */
typedef struct _virLXCPlan {
    bool isRoot;
    virLXCCapabilitiesPlan capabilities;
    bool noNewPrivs;
    virLXCLandlockPlan *landlock;
    virLXCSeccompPlan *seccomp;
    virLXCKernelFilesPlan *kernelFiles;
    bool noUserNamespaces;
} virLXCPlan;

/**
 * virLXCPlanNew:
 * @def: the definition, or NULL for an empty one
 * @host: the host
 * @profile: text of the seccomp profile named in @def, or NULL if it does not
 *     name one
 * @isRoot: whether init is expected to run as the container's root
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED if @host cannot enforce
 *     @def, or VIR_LXC_CONFINEMENT_ERROR_INVALID if @def or the profile is
 *     invalid, regardless of the host
 *
 * Returns a plan, which the caller frees with virLXCPlanFree(), or NULL.
 */
virLXCPlan *
virLXCPlanNew(const virLXCConfinementDef *def, const virLXCHost *host,
              const char *profile, bool isRoot, GError **error);

/**
 * virLXCPlanCopy:
 * @plan: a plan
 *
 * Returns a copy of @plan, which the caller frees with virLXCPlanFree().
 */
virLXCPlan *virLXCPlanCopy(const virLXCPlan *plan);

/**
 * virLXCPlanNewJoining:
 * @init: plan of the container's init
 * @isRoot: whether init runs as the container's root
 *
 * Returns the plan of a process that joins the container, which the caller
 * frees with virLXCPlanFree(). It differs from @init only in its capabilities
 * (virLXCCapabilitiesPlanMakeJoining()).
 */
virLXCPlan *virLXCPlanNewJoining(const virLXCPlan *init, bool isRoot);

/**
 * virLXCPlanWarnings:
 * @plan: a plan
 *
 * Returns a NULL-terminated list of warnings about requested settings that have
 * no effect or only a limited effect on this host. The container is never less
 * confined than @def allows. The caller frees it with g_strfreev().
 */
char **virLXCPlanWarnings(const virLXCPlan *plan);

/**
 * virLXCPlanFree:
 * @plan: a plan, or NULL
 */
void virLXCPlanFree(virLXCPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCPlan, virLXCPlanFree)
