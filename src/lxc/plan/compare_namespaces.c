/*
 * compare_namespaces.c: compare whether user namespaces can be created
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: two plans. Out: the difference, if there is one. A container with a user
 * namespace of its own has a limit on others, unless its filter has rules for
 * them. Then it is proved that the filter refuses them.
 */

#include <errno.h>

#include "compare_parts.h"
#include "seccomp_resolve.h"

/* Returns a filter that refuses user namespaces and nothing else. */
static virLXCSeccompRuleset *
lxcRefuseUserNamespaces(const virLXCSeccompArch *native)
{
    g_autoptr(virLXCSeccompDef) def = virLXCSeccompDefAllowAll(native);
    const virLXCSeccompContext context = {.native = native};
    const virLXCSeccompNamespace user = {
        .type = virLXCNamespaceByName("user"),
        .action = {VIR_LXC_SECCOMP_ERRNO, EPERM},
    };

    g_array_append_val(def->namespaces, user);
    virLXCSeccompDefComplete(def);
    return virLXCSeccompResolve(def, &context, NULL, NULL);
}

static bool
lxcRefusesUserNamespaces(const virLXCSeccompPlan *plan)
{
    g_autoptr(virLXCSeccompRuleset) ruleset =
        lxcRefuseUserNamespaces(g_ptr_array_index(plan->ruleset->archs, 0));
    g_autoptr(virLXCComparison) comparison = virLXCComparisonNew();
    virLXCSeccompPlan refusing = {.ruleset = ruleset};

    if (!ruleset)
        return false;

    virLXCCompareSeccomp(comparison, &refusing, plan);
    return virLXCRelationIsNotLooser(comparison->verdict);
}

static virLXCRelation
lxcRelationOfLimits(const virLXCPlan *from, const virLXCPlan *to)
{
    if (from->noUserNamespaces && !to->noUserNamespaces && to->seccomp)
        return lxcRefusesUserNamespaces(to->seccomp)
                   ? VIR_LXC_RELATION_EQUAL
                   : VIR_LXC_RELATION_UNPROVABLE;

    return virLXCRelationOf(from->noUserNamespaces, to->noUserNamespaces);
}

void
virLXCCompareUserNamespaces(virLXCComparison *comparison,
                            const virLXCPlan *from, const virLXCPlan *to)
{
    virLXCComparisonAdd(
        comparison,
        &(virLXCDifference){
            .leaf = VIR_LXC_LEAF_USER_NAMESPACES,
            .relation = lxcRelationOfLimits(from, to),
            .what = g_strdup("user namespaces"),
            .from = g_strdup(from->noUserNamespaces ? "limited" : "unlimited"),
            .to = g_strdup(to->noUserNamespaces ? "limited" : "unlimited"),
        });
}
