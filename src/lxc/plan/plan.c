/*
 * plan.c: resolves a definition for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCConfinementDef and a virLXCHost. Out: a virLXCPlan.
 */

#include "plan.h"

#include <string.h>

#include "capabilities_plan.h"
#include "i18n.h"

virLXCPlan *
virLXCPlanNew(const virLXCConfinementDef *def, const virLXCHost *host,
              bool isRoot, GError **error)
{
    static const virLXCConfinementDef nothing = {0};
    g_autoptr(virLXCPlan) plan = g_new0(virLXCPlan, 1);

    if (!def)
        def = &nothing;

    virLXCCapabilitiesPlanFill(&plan->capabilities, &def->capabilities, host);
    plan->noNewPrivs = def->noNewPrivs == VIR_LXC_SWITCH_ON || def->landlock;

    if (def->landlock &&
        !(plan->landlock = virLXCLandlockPlanNew(def->landlock, host, error)))
        return NULL;

    if (def->seccomp && !(plan->seccomp = virLXCSeccompPlanNew(
                              def->seccomp, host,
                              isRoot ? plan->capabilities.bounding
                                     : plan->capabilities.boundingUser,
                              error)))
        return NULL;

    return g_steal_pointer(&plan);
}

void
virLXCPlanSetJoining(virLXCPlan *plan, bool isRoot)
{
    virLXCCapabilitiesPlan *capabilities = &plan->capabilities;

    if (!isRoot)
        capabilities->bounding = capabilities->boundingUser;
    capabilities->boundingUser = capabilities->bounding;
    capabilities->listed = 0;
}

int
virLXCPlanPrepare(virLXCPlan *plan, const char *cache, GError **error)
{
    return plan->seccomp ? virLXCSeccompPlanPrepare(plan->seccomp, cache, error)
                         : 0;
}

static char *
lxcPlanMissingCapability(unsigned int number)
{
    const virLXCCapability *row = virLXCCapabilityByNumber(number);

    if (row)
        return g_strdup_printf(
            _("capability '%1$s' cannot be granted on this host"), row->name);

    return g_strdup_printf(_("capability %1$u cannot be granted on this host"),
                           number);
}

char **
virLXCPlanWarnings(const virLXCPlan *plan)
{
    GPtrArray *warnings = g_ptr_array_new();

    for (unsigned int i = 0; i <= VIR_LXC_CAPABILITY_MAX; i++) {
        if (plan->capabilities.missing & VIR_LXC_CAPABILITY_BIT(i))
            g_ptr_array_add(warnings, lxcPlanMissingCapability(i));
    }

    if (plan->landlock)
        virLXCLandlockPlanAddWarnings(plan->landlock, warnings);

    g_ptr_array_add(warnings, NULL);
    return (char **)g_ptr_array_free(warnings, FALSE);
}

static void
lxcPlanSetLandlockEffective(const virLXCLandlockPlan *plan,
                            virLXCLandlockDef *def)
{
    virLXCLandlockEffective *effective = g_new0(virLXCLandlockEffective, 1);

    effective->abi = plan->abi;
    memcpy(effective->lost, plan->lost, sizeof(effective->lost));

    g_free(def->effective);
    def->effective = effective;
}

static void
lxcPlanSetSeccompEffective(const virLXCSeccompPlan *plan, virLXCSeccompDef *def)
{
    virLXCSeccompEffective *effective = g_new0(virLXCSeccompEffective, 1);

    effective->digest = g_strdup(plan->filter->digest);
    effective->instructions = plan->filter->length;
    effective->policy = virLXCSeccompPlanDigest(plan);
    if (plan->notifies)
        effective->listener = g_strdup(plan->ruleset->listenerPath);

    virLXCSeccompEffectiveFree(def->effective);
    def->effective = effective;
}

void
virLXCPlanSetEffective(const virLXCPlan *plan, bool isRoot,
                       virLXCConfinementDef *def)
{
    def->capabilities.hasEffective = true;
    def->capabilities.effective =
        isRoot ? plan->capabilities.bounding : plan->capabilities.listed;
    def->noNewPrivsEffective =
        plan->noNewPrivs ? VIR_LXC_SWITCH_ON : VIR_LXC_SWITCH_OFF;
    if (plan->landlock)
        lxcPlanSetLandlockEffective(plan->landlock, def->landlock);
    if (plan->seccomp)
        lxcPlanSetSeccompEffective(plan->seccomp, def->seccomp);
}

void
virLXCPlanFree(virLXCPlan *plan)
{
    if (!plan)
        return;

    virLXCLandlockPlanFree(plan->landlock);
    virLXCSeccompPlanFree(plan->seccomp);
    g_free(plan);
}
