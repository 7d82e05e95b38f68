/*
 * score_seccomp.c: checks of system calls
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a definition and its plan. Out: how exposed the host is. Calls of the
 * native ABI are looked at. What an agent decides is not exposed.
 */

#include "compare_range.h"
#include "score_check.h"

/* Filters that only list what is refused leave everything else. */
#define LXC_EXPOSED_BY_FALLBACK 50

static bool
lxcScorePermits(const virLXCSeccompAction *action)
{
    return action->kind <= VIR_LXC_SECCOMP_TRACE;
}

/* Returns whether the rule applies to calls whose first argument is in @first.
 * Nothing is known of the others. */
static virLXCCompareTruth
lxcScoreApplies(const virLXCSeccompRule *rule, const virLXCCompareRange *first)
{
    const virLXCCompareRange any = virLXCCompareRangeAll();
    virLXCCompareTruth truth = VIR_LXC_COMPARE_ALWAYS;
    guint i;

    for (i = 0; i < rule->conditions->len; i++) {
        const virLXCSeccompCondition *condition =
            &g_array_index(rule->conditions, virLXCSeccompCondition, i);

        switch (virLXCCompareRangeEvaluate(condition->index == 0 ? first : &any,
                                           condition)) {
        case VIR_LXC_COMPARE_NEVER:
            return VIR_LXC_COMPARE_NEVER;
        case VIR_LXC_COMPARE_SOMETIMES:
            truth = VIR_LXC_COMPARE_SOMETIMES;
            break;
        case VIR_LXC_COMPARE_ALWAYS:
            break;
        }
    }
    return truth;
}

/* Returns whether the call can be made with any first argument in @first. Rules
 * that refuse it only with some arguments do not prevent that. */
static bool
lxcScoreCanCall(const virLXCScoreSubject *subject, const char *name,
                const virLXCCompareRange *first)
{
    const virLXCSeccompPlan *plan = subject->plan->seccomp;
    const GPtrArray *rules = NULL;
    guint i;

    if (!plan)
        return true;

    rules = virLXCSeccompRulesetFind(plan->ruleset, name);
    for (i = 0; rules && i < rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(rules, i);
        virLXCCompareTruth truth = lxcScoreApplies(rule, first);

        if (truth != VIR_LXC_COMPARE_NEVER && lxcScorePermits(&rule->action))
            return true;
        if (truth == VIR_LXC_COMPARE_ALWAYS)
            return false;
    }
    return lxcScorePermits(virLXCSeccompRulesetFallback(plan->ruleset, name));
}

bool
virLXCScoreIsCallable(const virLXCScoreSubject *subject, const char *name)
{
    const virLXCCompareRange any = virLXCCompareRangeAll();

    return lxcScoreCanCall(subject, name, &any);
}

/* The kernel only looks at the lower half of the argument. */
bool
virLXCScoreIsFamilyUsable(const virLXCScoreSubject *subject, const char *name)
{
    guint64 number = virLXCSocketFamilyByName(name)->number;
    const virLXCCompareRange family = {
        .low = number,
        .high = number | ~(guint64)G_MAXUINT32,
        .known = G_MAXUINT32,
        .bits = number,
    };

    return lxcScoreCanCall(subject, "socket", &family);
}

/* clone3(2) has its flags in memory, where a filter does not see them. */
int
virLXCScoreUserNamespaces(const virLXCScoreSubject *subject,
                          const virLXCScoreRow *row G_GNUC_UNUSED)
{
    const virLXCNamespace *user = virLXCNamespaceByName("user");
    guint64 flag = user->flags[VIR_LXC_NAMESPACE_UNSHARE];
    const virLXCCompareRange any = virLXCCompareRangeAll();
    const virLXCCompareRange flags = {
        .low = flag,
        .high = G_MAXUINT64,
        .known = flag,
        .bits = flag,
    };

    if (subject->hasIdmap && subject->plan->noUserNamespaces)
        return 0;
    return lxcScoreCanCall(subject, "unshare", &flags) ||
                   lxcScoreCanCall(subject, "clone", &flags) ||
                   lxcScoreCanCall(subject, "clone3", &any)
               ? VIR_LXC_SCORE_EXPOSED
               : 0;
}

/* A profile or <denied> can let calls through as well. */
int
virLXCScoreSeccomp(const virLXCScoreSubject *subject,
                   const virLXCScoreRow *row G_GNUC_UNUSED)
{
    if (!subject->def->seccomp)
        return VIR_LXC_SCORE_EXPOSED;
    return lxcScorePermits(&subject->plan->seccomp->ruleset->defaultAction)
               ? LXC_EXPOSED_BY_FALLBACK
               : 0;
}

char *
virLXCScoreSuggestSeccomp(const virLXCScoreSubject *subject,
                          const virLXCScoreRow *row,
                          const char *name G_GNUC_UNUSED)
{
    const virLXCSeccompDef *def = subject->def->seccomp;
    bool isDenied = def && def->hasDenied && lxcScorePermits(&def->denied);

    return g_strdup(isDenied ? "<denied action='errno'/>" : row->remedy);
}

int
virLXCScoreABIs(const virLXCScoreSubject *subject,
                const virLXCScoreRow *row G_GNUC_UNUSED)
{
    const virLXCSeccompPlan *plan = subject->plan->seccomp;

    return !plan || plan->ruleset->archs->len > 1 ||
                   lxcScorePermits(&plan->ruleset->badArch)
               ? VIR_LXC_SCORE_EXPOSED
               : 0;
}

int
virLXCScoreUnknownCalls(const virLXCScoreSubject *subject,
                        const virLXCScoreRow *row G_GNUC_UNUSED)
{
    const virLXCSeccompPlan *plan = subject->plan->seccomp;

    return !plan || lxcScorePermits(&plan->ruleset->unknown)
               ? VIR_LXC_SCORE_EXPOSED
               : 0;
}
