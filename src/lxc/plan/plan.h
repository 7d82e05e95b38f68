/*
 * plan.h: a definition resolved for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCConfinementDef, a virLXCHost, and the text of the profile that
 * the definition names. Out: a virLXCPlan, which never changes once it is made.
 * No system call is made here.
 */

#pragma once

#include "capabilities_plan.h"
#include "confinement_conf.h"
#include "host.h"
#include "kernel_files_plan.h"
#include "landlock_plan.h"
#include "seccomp_plan.h"

/**
 * virLXCPlan: everything that is to be enforced. A module adds its plan as a
 * member.
 *
 * @capabilities: the capability sets
 * @noNewPrivs: whether to set no_new_privs (prctl(2))
 * @landlock: the Landlock ruleset, or NULL
 * @seccomp: the seccomp filter, or NULL
 * @kernelFiles: access to files of the kernel, or NULL
 */
typedef struct _virLXCPlan {
    virLXCCapabilitiesPlan capabilities;
    bool noNewPrivs;
    virLXCLandlockPlan *landlock;
    virLXCSeccompPlan *seccomp;
    virLXCKernelFilesPlan *kernelFiles;
} virLXCPlan;

/**
 * virLXCPlanNew:
 * @def: the definition; NULL is one that says nothing
 * @host: the host it is to be enforced on
 * @profile: text of the seccomp profile that @def names; NULL when it names
 *     none
 * @isRoot: whether init runs as the container's root, as far as is known
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED when this host cannot
 *     enforce @def, or VIR_LXC_CONFINEMENT_ERROR_INVALID when what @def names
 *     on it makes no sense
 *
 * Returns a plan that the caller frees with virLXCPlanFree(), or NULL.
 */
virLXCPlan *
virLXCPlanNew(const virLXCConfinementDef *def, const virLXCHost *host,
              const char *profile, bool isRoot, GError **error);

/**
 * virLXCPlanCopy:
 * @plan: a plan
 *
 * Returns another plan with the same contents, which the caller frees with
 * virLXCPlanFree().
 */
virLXCPlan *virLXCPlanCopy(const virLXCPlan *plan);

/**
 * virLXCPlanNewJoining:
 * @init: the plan of the container's init
 * @isRoot: whether init runs as the container's root
 *
 * Returns the plan of a process that joins the container later, which the
 * caller frees with virLXCPlanFree(). It differs from @init in capabilities
 * (virLXCCapabilitiesPlanMakeJoining()).
 */
virLXCPlan *virLXCPlanNewJoining(const virLXCPlan *init, bool isRoot);

/**
 * virLXCPlanWarnings:
 * @plan: a plan
 *
 * Returns a NULL-terminated list of sentences on what was asked for and is not
 * to be had, none of which makes the container less confined than asked. The
 * caller frees it with g_strfreev().
 */
char **virLXCPlanWarnings(const virLXCPlan *plan);

/**
 * virLXCPlanFree:
 * @plan: a plan, or NULL
 */
void virLXCPlanFree(virLXCPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCPlan, virLXCPlanFree)
