/*
 * plan.c: resolves a definition for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCConfinementDef and a virLXCHost. Out: a virLXCPlan.
 */

#include "plan.h"

#include "capabilities_plan.h"
#include "i18n.h"

virLXCPlan *
virLXCPlanNew(const virLXCConfinementDef *def, const virLXCHost *host,
              GError **error G_GNUC_UNUSED)
{
    static const virLXCConfinementDef nothing = {0};
    g_autoptr(virLXCPlan) plan = g_new0(virLXCPlan, 1);

    if (!def)
        def = &nothing;

    virLXCCapabilitiesPlanFill(&plan->capabilities, &def->capabilities, host);

    return g_steal_pointer(&plan);
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

    g_ptr_array_add(warnings, NULL);
    return (char **)g_ptr_array_free(warnings, FALSE);
}

void
virLXCPlanSetEffective(const virLXCPlan *plan, bool isRoot,
                       virLXCConfinementDef *def)
{
    def->capabilities.hasEffective = true;
    def->capabilities.effective =
        isRoot ? plan->capabilities.bounding : plan->capabilities.listed;
}

void
virLXCPlanFree(virLXCPlan *plan)
{
    g_free(plan);
}
