/*
 * compare.c: determine which of two plans confines more
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: two plans. Out: the relation of each part, and the differences.
 */

#include "compare.h"

#include "capabilities_table.h"
#include "compare_parts.h"

static const char *const lxcRelationNames[] = {
    [VIR_LXC_RELATION_EQUAL] = "equal",
    [VIR_LXC_RELATION_TIGHTER] = "tighter",
    [VIR_LXC_RELATION_UNPROVABLE] = "unprovable",
    [VIR_LXC_RELATION_LOOSER] = "looser",
};

static const char *const lxcLeafNames[] = {
    [VIR_LXC_LEAF_CAPABILITIES] = "capabilities",
    [VIR_LXC_LEAF_USER_NAMESPACES] = "user-namespaces",
    [VIR_LXC_LEAF_NAMESPACES] = "namespaces",
    [VIR_LXC_LEAF_NO_NEW_PRIVS] = "no-new-privs",
    [VIR_LXC_LEAF_LANDLOCK_FS] = "landlock-fs",
    [VIR_LXC_LEAF_LANDLOCK_NET] = "landlock-net",
    [VIR_LXC_LEAF_LANDLOCK_SCOPE] = "landlock-scope",
    [VIR_LXC_LEAF_SECCOMP] = "seccomp",
    [VIR_LXC_LEAF_KERNEL_FILES] = "kernel-files",
    [VIR_LXC_LEAF_LOG] = "log",
};

const char *
virLXCRelationName(virLXCRelation relation)
{
    return lxcRelationNames[relation];
}

const char *
virLXCLeafName(virLXCLeaf leaf)
{
    return lxcLeafNames[leaf];
}

bool
virLXCRelationIsNotLooser(virLXCRelation relation)
{
    return relation == VIR_LXC_RELATION_EQUAL ||
           relation == VIR_LXC_RELATION_TIGHTER;
}

virLXCRelation
virLXCRelationOf(unsigned int from, unsigned int to)
{
    if (from == to)
        return VIR_LXC_RELATION_EQUAL;
    return to > from ? VIR_LXC_RELATION_TIGHTER : VIR_LXC_RELATION_LOOSER;
}

static void
lxcDifferenceFree(void *opaque)
{
    virLXCDifference *difference = opaque;

    g_free(difference->group);
    g_free(difference->what);
    g_free(difference->example);
    g_free(difference->from);
    g_free(difference->to);
    g_free(difference);
}

virLXCComparison *
virLXCComparisonNew(void)
{
    virLXCComparison *comparison = g_new0(virLXCComparison, 1);

    comparison->differences = g_ptr_array_new_with_free_func(lxcDifferenceFree);
    return comparison;
}

void
virLXCComparisonAdd(virLXCComparison *comparison,
                    const virLXCDifference *difference)
{
    virLXCDifference *copy = g_new(virLXCDifference, 1);
    virLXCRelation *leaf = &comparison->leaves[difference->leaf];

    *copy = *difference;
    if (copy->relation == VIR_LXC_RELATION_EQUAL) {
        lxcDifferenceFree(copy);
        return;
    }

    g_ptr_array_add(comparison->differences, copy);
    *leaf = MAX(*leaf, copy->relation);
    comparison->verdict = MAX(comparison->verdict, copy->relation);
}

typedef enum {
    LXC_CAPABILITY_HELD,
    LXC_CAPABILITY_BOUNDING,
    LXC_CAPABILITY_DROPPED,
} lxcCapabilityState;

static lxcCapabilityState
lxcCapabilityStateOf(const virLXCPlan *plan, guint64 bit)
{
    const virLXCCapabilitiesPlan *sets = &plan->capabilities;

    if ((plan->isRoot ? sets->bounding : sets->listed) & bit)
        return LXC_CAPABILITY_HELD;
    return !plan->isRoot && sets->boundingUser & bit ? LXC_CAPABILITY_BOUNDING
                                                     : LXC_CAPABILITY_DROPPED;
}

static void
lxcCompareCapabilities(virLXCComparison *comparison, const virLXCPlan *from,
                       const virLXCPlan *to)
{
    static const char *const states[] = {
        [LXC_CAPABILITY_HELD] = "held by init",
        [LXC_CAPABILITY_BOUNDING] = "in the bounding set",
        [LXC_CAPABILITY_DROPPED] = "dropped",
    };
    unsigned int i;

    for (i = 0; i <= VIR_LXC_CAPABILITY_MAX; i++) {
        guint64 bit = VIR_LXC_CAPABILITY_BIT(i);
        lxcCapabilityState before = lxcCapabilityStateOf(from, bit);
        lxcCapabilityState after = lxcCapabilityStateOf(to, bit);

        virLXCComparisonAdd(comparison,
                            &(virLXCDifference){
                                .leaf = VIR_LXC_LEAF_CAPABILITIES,
                                .relation = virLXCRelationOf(before, after),
                                .what = virLXCCapabilityLabel(i),
                                .from = g_strdup(states[before]),
                                .to = g_strdup(states[after]),
                            });
    }
}

static void
lxcCompareOnOff(virLXCComparison *comparison, virLXCLeaf leaf, const char *what,
                bool from, bool to)
{
    virLXCComparisonAdd(comparison, &(virLXCDifference){
                                        .leaf = leaf,
                                        .relation = virLXCRelationOf(from, to),
                                        .what = g_strdup(what),
                                        .from = g_strdup(from ? "on" : "off"),
                                        .to = g_strdup(to ? "on" : "off"),
                                    });
}

static bool
lxcLandlockLogs(const virLXCLandlockPlan *plan)
{
    return plan && plan->restrictFlags & virLXCLandlockLogFlag()->bit;
}

static bool
lxcSeccompLogs(const virLXCSeccompPlan *plan)
{
    return plan && plan->ruleset->flags & VIR_LXC_SECCOMP_FLAG_LOG;
}

virLXCComparison *
virLXCPlanCompare(const virLXCPlan *from, const virLXCPlan *to)
{
    virLXCComparison *comparison = virLXCComparisonNew();

    lxcCompareCapabilities(comparison, from, to);
    virLXCCompareUserNamespaces(comparison, from, to);
    lxcCompareOnOff(comparison, VIR_LXC_LEAF_NO_NEW_PRIVS, "no_new_privs",
                    from->noNewPrivs, to->noNewPrivs);
    virLXCCompareLandlock(comparison, from->landlock, to->landlock);
    virLXCCompareSeccomp(comparison, from->seccomp, to->seccomp);
    virLXCCompareKernelFiles(comparison, from->kernelFiles, to->kernelFiles);
    lxcCompareOnOff(comparison, VIR_LXC_LEAF_LOG, "landlock",
                    lxcLandlockLogs(from->landlock),
                    lxcLandlockLogs(to->landlock));
    lxcCompareOnOff(comparison, VIR_LXC_LEAF_LOG, "seccomp",
                    lxcSeccompLogs(from->seccomp), lxcSeccompLogs(to->seccomp));

    return comparison;
}

void
virLXCComparisonFree(virLXCComparison *comparison)
{
    if (!comparison)
        return;

    g_ptr_array_unref(comparison->differences);
    g_free(comparison);
}
