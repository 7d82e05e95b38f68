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
#include "score_names.h"

/* Policies that only list what is refused leave everything else. */
#define LXC_EXPOSED_BY_POLICY_ALLOW 50

static bool
lxcScorePermits(const virLXCSeccompAction *action)
{
    return action->kind <= VIR_LXC_SECCOMP_TRACE;
}

/* Returns whether all conditions hold for @value as the first argument, while
 * all other arguments are 0. */
static bool
lxcScoreApplies(const virLXCSeccompRule *rule, guint64 value)
{
    guint i;

    for (i = 0; i < rule->conditions->len; i++) {
        const virLXCSeccompCondition *condition =
            &g_array_index(rule->conditions, virLXCSeccompCondition, i);

        if (!virLXCCompareConditionHolds(condition,
                                         condition->index == 0 ? value : 0))
            return false;
    }
    return true;
}

/* Returns whether the call can be made with @value as its first argument. */
static bool
lxcScoreCanCall(const virLXCScoreSubject *subject, const char *name,
                guint64 value)
{
    const virLXCSeccompPlan *plan = subject->plan->seccomp;
    const GPtrArray *rules = NULL;
    guint i;

    if (!plan)
        return true;

    rules = virLXCSeccompRulesetFind(plan->ruleset, name);
    for (i = 0; rules && i < rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(rules, i);

        if (lxcScoreApplies(rule, value))
            return lxcScorePermits(&rule->action);
    }
    return lxcScorePermits(virLXCSeccompRulesetFallback(plan->ruleset, name));
}

static bool
lxcScoreIsCallable(const virLXCScoreSubject *subject, const char *name)
{
    return lxcScoreCanCall(subject, name, 0);
}

static bool
lxcScoreIsFamilyUsable(const virLXCScoreSubject *subject, const char *name)
{
    return lxcScoreCanCall(subject, "socket",
                           virLXCSocketFamilyByName(name)->number);
}

int
virLXCScoreCalls(const virLXCScoreSubject *subject, const virLXCScoreRow *row)
{
    return virLXCScoreNames(subject, row, lxcScoreIsCallable);
}

int
virLXCScoreSockets(const virLXCScoreSubject *subject, const virLXCScoreRow *row)
{
    return virLXCScoreNames(subject, row, lxcScoreIsFamilyUsable);
}

/* clone3(2) has its flags in memory, where a filter does not see them. */
int
virLXCScoreUserNamespaces(const virLXCScoreSubject *subject,
                          const virLXCScoreRow *row G_GNUC_UNUSED)
{
    const virLXCNamespace *user = virLXCNamespaceByName("user");
    guint32 flag = user->flags[VIR_LXC_NAMESPACE_UNSHARE];

    if (subject->hasIdmap && subject->plan->noUserNamespaces)
        return 0;
    return lxcScoreCanCall(subject, "unshare", flag) ||
                   lxcScoreCanCall(subject, "clone", flag) ||
                   lxcScoreCanCall(subject, "clone3", 0)
               ? VIR_LXC_SCORE_EXPOSED
               : 0;
}

int
virLXCScoreSeccomp(const virLXCScoreSubject *subject,
                   const virLXCScoreRow *row G_GNUC_UNUSED)
{
    const virLXCSeccompDef *def = subject->def->seccomp;

    if (!def)
        return VIR_LXC_SCORE_EXPOSED;
    return def->policy == VIR_LXC_SECCOMP_POLICY_ALLOW
               ? LXC_EXPOSED_BY_POLICY_ALLOW
               : 0;
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
