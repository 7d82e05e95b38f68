/*
 * capabilities_plan.c: determine the capability sets of init
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCCapabilitiesDef and a virLXCHost. Out: a virLXCCapabilitiesPlan.
 */

#include "capabilities_plan.h"

#include "i18n.h"

/* policy='default' does not drop capabilities that are missing in the table. */
static guint64
lxcCapabilitiesDefault(const virLXCHost *host)
{
    guint64 set = G_MAXUINT64;
    size_t nrows;
    const virLXCCapability *rows = virLXCCapabilityTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        bool dropped = false;

        switch (rows[i].byDefault) {
        case VIR_LXC_CAPABILITY_KEPT:
            break;
        case VIR_LXC_CAPABILITY_DROPPED:
            dropped = true;
            break;
        case VIR_LXC_CAPABILITY_DROPPED_UNLESS_REBOOT_CONTAINED:
            dropped = !host->rebootContained;
            break;
        }
        if (dropped)
            set &= ~VIR_LXC_CAPABILITY_BIT(rows[i].number);
    }

    return set;
}

static guint64
lxcCapabilitiesPolicy(virLXCCapabilitiesPolicy policy, const virLXCHost *host)
{
    switch (policy) {
    case VIR_LXC_CAPABILITIES_POLICY_DEFAULT:
        return lxcCapabilitiesDefault(host);
    case VIR_LXC_CAPABILITIES_POLICY_ALLOW:
        return G_MAXUINT64;
    case VIR_LXC_CAPABILITIES_POLICY_DENY:
        break;
    }
    return 0;
}

virLXCCapabilitiesPlan
virLXCCapabilitiesPlanMake(const virLXCCapabilitiesDef *def,
                           const virLXCHost *host)
{
    guint64 known = G_MAXUINT64 >> (VIR_LXC_CAPABILITY_MAX - host->lastCap);
    guint64 grantable = known & host->bounding;
    guint64 policy = lxcCapabilitiesPolicy(def->policy, host);
    guint64 bounding = ((policy & ~def->off) | def->on) & grantable;
    guint64 listed = def->on & grantable;

    return (virLXCCapabilitiesPlan){
        .bounding = bounding,
        .listed = listed,
        .boundingUser = def->policy == VIR_LXC_CAPABILITIES_POLICY_ALLOW
                            ? bounding
                            : listed,
        .missing = def->on & ~grantable,
    };
}

virLXCCapabilitiesPlan
virLXCCapabilitiesPlanMakeJoining(const virLXCCapabilitiesPlan *init,
                                  bool isRoot)
{
    guint64 bounding = isRoot ? init->bounding : init->boundingUser;

    return (virLXCCapabilitiesPlan){
        .bounding = bounding,
        .boundingUser = bounding,
    };
}

static char *
lxcCapabilitiesMissing(unsigned int number)
{
    const virLXCCapability *row = virLXCCapabilityByNumber(number);

    if (row)
        return g_strdup_printf(
            _("capability '%1$s' cannot be granted on this host"), row->name);

    return g_strdup_printf(_("capability %1$u cannot be granted on this host"),
                           number);
}

void
virLXCCapabilitiesPlanAddWarnings(const virLXCCapabilitiesPlan *plan,
                                  GPtrArray *warnings)
{
    size_t i;

    for (i = 0; i <= VIR_LXC_CAPABILITY_MAX; i++) {
        if (plan->missing & VIR_LXC_CAPABILITY_BIT(i))
            g_ptr_array_add(warnings, lxcCapabilitiesMissing(i));
    }
}
