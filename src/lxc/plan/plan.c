/*
 * plan.c: resolve a definition for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCConfinementDef and a virLXCHost. Out: a virLXCPlan.
 */

#include "plan.h"

/* A domain whose <landlock> has a <net> gets a filter even without <seccomp>.
 */
static int
lxcPlanSeccomp(virLXCPlan *plan, const virLXCConfinementDef *def,
               const virLXCHost *host, const char *profile, guint64 kept,
               GError **error)
{
    bool restrictsTCP = plan->landlock && plan->landlock->netFilter ==
                                              VIR_LXC_LANDLOCK_NET_FILTER_RULES;

    if (!def->seccomp && !restrictsTCP)
        return 0;

    plan->seccomp = virLXCSeccompPlanNew(def->seccomp, host, profile, kept,
                                         restrictsTCP, error);
    return plan->seccomp ? 0 : -1;
}

virLXCPlan *
virLXCPlanNew(const virLXCConfinementDef *def, const virLXCHost *host,
              const char *profile, bool isRoot, GError **error)
{
    static const virLXCConfinementDef nothing = {0};
    g_autoptr(virLXCPlan) plan = g_new0(virLXCPlan, 1);
    guint64 kept;

    if (!def)
        def = &nothing;

    plan->isRoot = isRoot;
    plan->capabilities = virLXCCapabilitiesPlanMake(&def->capabilities, host);
    kept =
        isRoot ? plan->capabilities.bounding : plan->capabilities.boundingUser;
    plan->noUserNamespaces = virLXCConfinementDefForbidsUserNamespaces(def);
    plan->noNewPrivs = def->noNewPrivs == VIR_LXC_SWITCH_ON || def->landlock;

    if (def->landlock &&
        !(plan->landlock = virLXCLandlockPlanNew(def->landlock, host, error)))
        return NULL;

    if (lxcPlanSeccomp(plan, def, host, profile, kept, error) < 0)
        return NULL;

    if (def->kernelFiles)
        plan->kernelFiles =
            virLXCKernelFilesPlanNew(def->kernelFiles, host, kept);

    return g_steal_pointer(&plan);
}

virLXCPlan *
virLXCPlanCopy(const virLXCPlan *plan)
{
    virLXCPlan *copy = g_new(virLXCPlan, 1);

    *copy = *plan;
    if (plan->landlock)
        copy->landlock = virLXCLandlockPlanRef(plan->landlock);
    if (plan->seccomp)
        copy->seccomp = virLXCSeccompPlanRef(plan->seccomp);
    if (plan->kernelFiles)
        copy->kernelFiles = virLXCKernelFilesPlanRef(plan->kernelFiles);
    return copy;
}

virLXCPlan *
virLXCPlanNewJoining(const virLXCPlan *init, bool isRoot)
{
    virLXCPlan *plan = virLXCPlanCopy(init);

    plan->isRoot = isRoot;
    plan->capabilities =
        virLXCCapabilitiesPlanMakeJoining(&init->capabilities, isRoot);
    return plan;
}

char **
virLXCPlanWarnings(const virLXCPlan *plan)
{
    GPtrArray *warnings = g_ptr_array_new();

    virLXCCapabilitiesPlanAddWarnings(&plan->capabilities, warnings);
    if (plan->landlock)
        virLXCLandlockPlanAddWarnings(plan->landlock, warnings);

    g_ptr_array_add(warnings, NULL);
    return (char **)g_ptr_array_free(warnings, FALSE);
}

void
virLXCPlanFree(virLXCPlan *plan)
{
    if (!plan)
        return;

    virLXCLandlockPlanUnref(plan->landlock);
    virLXCSeccompPlanUnref(plan->seccomp);
    virLXCKernelFilesPlanUnref(plan->kernelFiles);
    g_free(plan);
}
