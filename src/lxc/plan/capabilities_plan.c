/*
 * capabilities_plan.c: decides the capability sets of init
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCCapabilitiesDef and a virLXCHost. Out: a virLXCCapabilitiesPlan.
 */

#include "capabilities_plan.h"

/* Capabilities that the table does not know are none of those that
 * policy='default' drops. */
static guint64
lxcCapabilitiesDefault(const virLXCHost *host)
{
    guint64 set = G_MAXUINT64;
    size_t nrows;
    const virLXCCapability *rows = virLXCCapabilityTable(&nrows);

    for (size_t i = 0; i < nrows; i++) {
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

void
virLXCCapabilitiesPlanFill(virLXCCapabilitiesPlan *plan,
                           const virLXCCapabilitiesDef *def,
                           const virLXCHost *host)
{
    guint64 known = G_MAXUINT64 >> (VIR_LXC_CAPABILITY_MAX - host->lastCap);
    guint64 grantable = known & host->bounding;
    guint64 policy = lxcCapabilitiesPolicy(def->policy, host);

    plan->bounding = ((policy & ~def->off) | def->on) & grantable;
    plan->listed = def->on & grantable;
    plan->missing = def->on & ~grantable;
    plan->boundingUser = def->policy == VIR_LXC_CAPABILITIES_POLICY_ALLOW
                             ? plan->bounding
                             : plan->listed;
}
