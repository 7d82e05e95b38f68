/*
 * compare_steps.c: compare the rules of two filters for a system call
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: two ordered lists of rules with conditions. Out: how the actions relate,
 * for all values of all arguments. The values are split until all conditions
 * are known to hold or not to hold in each part, or until it is known without
 * that how the actions in a part relate. Rules that do not apply to any value
 * of a part are dropped, so that lists get shorter with each split.
 */

#include "compare_steps.h"

#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "compare_range.h"

#define LXC_BUDGET_OF_CALL (G_GINT64_CONSTANT(1) << 20)
#define LXC_BUDGET_OF_CONDITION 128

/* A rule whose conditions are those from @first on. */
typedef struct {
    guint first;
    guint count;
    guint32 answer;
} lxcRule;

/* The rules for the values of a box, with the conditions that hold for some of
 * them only. */
typedef struct {
    GArray *rules;
    GArray *conditions;
    guint32 answer;
} lxcList;

/* @budget is the part of the budget of @search that this call can use. */
typedef struct {
    const virLXCCompareSearch *search;
    gint64 budget;
    virLXCCompareSteps result;
} lxcState;

static void
lxcListClear(lxcList *list)
{
    if (list->rules)
        g_array_unref(list->rules);
    if (list->conditions)
        g_array_unref(list->conditions);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(lxcList, lxcListClear)

static const lxcRule *
lxcListRule(const lxcList *list, guint i)
{
    return &g_array_index(list->rules, lxcRule, i);
}

static const virLXCSeccompCondition *
lxcListCondition(const lxcList *list, guint i)
{
    return &g_array_index(list->conditions, virLXCSeccompCondition, i);
}

static lxcList
lxcListNew(guint32 answer)
{
    return (lxcList){
        .rules = g_array_new(FALSE, FALSE, sizeof(lxcRule)),
        .conditions = g_array_new(FALSE, FALSE, sizeof(virLXCSeccompCondition)),
        .answer = answer,
    };
}

static void
lxcListAppend(lxcList *list, const virLXCSeccompCondition *conditions,
              guint count, guint32 answer)
{
    const lxcRule rule = {list->conditions->len, count, answer};

    g_array_append_vals(list->conditions, conditions, count);
    g_array_append_val(list->rules, rule);
}

static lxcList
lxcListFromSegment(const virLXCSeccompSegment *segment)
{
    lxcList list = lxcListNew(segment->answer);
    guint i;

    for (i = 0; segment->steps && i < segment->steps->len; i++) {
        const virLXCSeccompStep *step = g_ptr_array_index(segment->steps, i);

        lxcListAppend(&list, (const void *)step->conditions->data,
                      step->conditions->len, step->answer);
    }
    return list;
}

/* Appends the conditions that hold for some values of @box only. Returns
 * whether all others hold. */
static bool
lxcListFilterConditions(lxcState *state, lxcList *list, const lxcList *from,
                        const lxcRule *rule, const virLXCCompareBox *box)
{
    guint i;

    state->budget -= 1 + rule->count;
    for (i = rule->first; i < rule->first + rule->count; i++) {
        const virLXCSeccompCondition *condition = lxcListCondition(from, i);

        switch (virLXCCompareRangeEvaluate(&box->args[condition->index],
                                           condition)) {
        case VIR_LXC_COMPARE_NEVER:
            return false;
        case VIR_LXC_COMPARE_ALWAYS:
            break;
        case VIR_LXC_COMPARE_SOMETIMES:
            g_array_append_val(list->conditions, *condition);
            break;
        }
    }
    return true;
}

/* Returns the rules that can apply to values of @box. */
static lxcList
lxcListFilter(lxcState *state, const lxcList *from, const virLXCCompareBox *box)
{
    lxcList list = lxcListNew(from->answer);
    guint i;

    for (i = 0; i < from->rules->len; i++) {
        lxcRule rule = *lxcListRule(from, i);
        guint first = list.conditions->len;

        if (!lxcListFilterConditions(state, &list, from, &rule, box)) {
            g_array_set_size(list.conditions, first);
            continue;
        }

        rule.first = first;
        rule.count = list.conditions->len - first;
        if (rule.count == 0) {
            list.answer = rule.answer;
            break;
        }
        g_array_append_val(list.rules, rule);
    }
    return list;
}

virLXCSeccompAction
virLXCCompareAction(guint32 answer)
{
    const virLXCSeccompActionRow *rows = virLXCSeccompActionTable();
    virLXCSeccompAction action = {
        .kind = VIR_LXC_SECCOMP_ALLOW,
        .number = answer & SECCOMP_RET_DATA,
    };
    size_t i;

    for (i = 0; i < VIR_LXC_SECCOMP_ACTIONS; i++) {
        if (rows[i].value == (answer & SECCOMP_RET_ACTION_FULL))
            action.kind = i;
    }
    return action;
}

/* A tracer, or an agent, can allow the call. */
static bool
lxcIsDecidedElsewhere(const virLXCCompareSearch *search,
                      virLXCSeccompActionKind kind)
{
    return kind == VIR_LXC_SECCOMP_TRACE ||
           (kind == VIR_LXC_SECCOMP_NOTIFY && !search->sameAgent);
}

virLXCRelation
virLXCCompareAnswers(const virLXCCompareSearch *search, guint32 from,
                     guint32 to)
{
    virLXCSeccompAction before = virLXCCompareAction(from);
    virLXCSeccompAction after = virLXCCompareAction(to);

    if (before.kind != after.kind)
        return virLXCRelationOf(before.kind, after.kind);

    if (before.kind == VIR_LXC_SECCOMP_TRACE)
        return before.number == after.number ? VIR_LXC_RELATION_EQUAL
                                             : VIR_LXC_RELATION_UNPROVABLE;

    return lxcIsDecidedElsewhere(search, before.kind)
               ? VIR_LXC_RELATION_UNPROVABLE
               : VIR_LXC_RELATION_EQUAL;
}

/* The least and the most restrictive action that a list can result in. */
typedef struct {
    virLXCSeccompActionKind least;
    virLXCSeccompActionKind most;
} lxcExtent;

static lxcExtent
lxcListExtent(const lxcList *list)
{
    virLXCSeccompActionKind kind = virLXCCompareAction(list->answer).kind;
    lxcExtent extent = {kind, kind};
    guint i;

    for (i = 0; i < list->rules->len; i++) {
        kind = virLXCCompareAction(lxcListRule(list, i)->answer).kind;
        extent.least = MIN(extent.least, kind);
        extent.most = MAX(extent.most, kind);
    }
    return extent;
}

/* Returns the relation of the answers of rule @i, or of the lists if there is
 * no rule @i. */
static virLXCRelation
lxcListsCompareAnswer(const lxcState *state, const lxcList *from,
                      const lxcList *to, guint i)
{
    if (i == from->rules->len)
        return virLXCCompareAnswers(state->search, from->answer, to->answer);
    return virLXCCompareAnswers(state->search, lxcListRule(from, i)->answer,
                                lxcListRule(to, i)->answer);
}

static bool
lxcRulesHaveSameConditions(const lxcList *from, const lxcList *to, guint i)
{
    const lxcRule *before = lxcListRule(from, i);
    const lxcRule *after = lxcListRule(to, i);

    return before->count == after->count &&
           memcmp(lxcListCondition(from, before->first),
                  lxcListCondition(to, after->first),
                  before->count * sizeof(virLXCSeccompCondition)) == 0;
}

/* Compares lists rule by rule. Returns the index of the first rule that
 * differs, the number of rules if only the last answers differ, or -1 if the
 * lists are equal. @worst is filled with the relation of the answers, or LOOSER
 * if conditions differ. */
static int
lxcListsDiffer(const lxcState *state, const lxcList *from, const lxcList *to,
               virLXCRelation *worst)
{
    guint n = MIN(from->rules->len, to->rules->len);
    int first = -1;
    guint i;

    *worst = VIR_LXC_RELATION_EQUAL;
    for (i = 0; i <= n; i++) {
        bool isLast = i == from->rules->len && i == to->rules->len;
        virLXCRelation relation = VIR_LXC_RELATION_LOOSER;

        if (isLast || (i < n && lxcRulesHaveSameConditions(from, to, i)))
            relation = lxcListsCompareAnswer(state, from, to, i);
        if (relation != VIR_LXC_RELATION_EQUAL && first < 0)
            first = (int)i;
        *worst = MAX(*worst, relation);
        if (*worst == VIR_LXC_RELATION_LOOSER)
            break;
    }
    return first;
}

/* Notes the relation for the values of @box, unless a worse one is known. */
static void
lxcStateNote(lxcState *state, const virLXCCompareBox *box, guint32 from,
             guint32 to)
{
    virLXCRelation relation = virLXCCompareAnswers(state->search, from, to);
    size_t i;

    if (relation <= state->result.relation)
        return;

    state->result = (virLXCCompareSteps){
        .relation = relation,
        .from = from,
        .to = to,
        .hasArgs = true,
    };
    for (i = 0; i < VIR_LXC_SECCOMP_ARGUMENTS; i++)
        state->result.args[i] = box->args[i].low;
}

static void
lxcStateGiveUp(lxcState *state)
{
    if (state->result.relation < VIR_LXC_RELATION_UNPROVABLE)
        state->result = (virLXCCompareSteps){
            .relation = VIR_LXC_RELATION_UNPROVABLE,
            .isUndecided = true,
        };
}

/* Returns the answer for the lowest values of @box. */
static guint32
lxcListAnswerLowest(const lxcList *list, const virLXCCompareBox *box)
{
    guint i;
    guint j;

    for (i = 0; i < list->rules->len; i++) {
        const lxcRule *rule = lxcListRule(list, i);

        for (j = rule->first; j < rule->first + rule->count; j++) {
            const virLXCSeccompCondition *condition = lxcListCondition(list, j);

            if (!virLXCCompareConditionHolds(condition,
                                             box->args[condition->index].low))
                break;
        }
        if (j == rule->first + rule->count)
            return rule->answer;
    }
    return list->answer;
}

/* Returns whether the lists cannot have a worse relation than the one that is
 * already known. */
static bool
lxcStateIsSettled(const lxcState *state, const lxcList *from, const lxcList *to,
                  virLXCRelation worst)
{
    lxcExtent before = lxcListExtent(from);
    lxcExtent after = lxcListExtent(to);

    if (worst <= state->result.relation)
        return true;

    if (lxcIsDecidedElsewhere(state->search, after.least) &&
        after.least == before.most)
        return false;
    return after.least >= before.most &&
           (state->result.relation >= VIR_LXC_RELATION_TIGHTER ||
            after.most == before.least);
}

static gint
lxcCompareNumbers(gconstpointer a, gconstpointer b)
{
    const guint64 *left = a;
    const guint64 *right = b;

    return (*left > *right) - (*left < *right);
}

static void
lxcListAddCuts(const lxcList *list, const virLXCCompareBox *box, guint index,
               GArray *cuts)
{
    guint i;

    for (i = 0; i < list->conditions->len; i++) {
        const virLXCSeccompCondition *condition = lxcListCondition(list, i);

        if (condition->index == index &&
            condition->op != VIR_LXC_SECCOMP_MASKED_EQ)
            virLXCCompareRangeCuts(&box->args[index], condition, cuts);
    }
}

/* Splits the values of the argument of @condition: at one bit of its mask, or
 * in the middle of all values at which a condition on the argument changes.
 * Returns the number of parts, which are smaller than @box. */
static guint
lxcBoxSplit(const virLXCCompareBox *box, const lxcList *from, const lxcList *to,
            const virLXCSeccompCondition *condition, virLXCCompareBox parts[2])
{
    const virLXCCompareRange *range = &box->args[condition->index];
    virLXCCompareRange ranges[2];
    guint n = 2;
    guint i;

    if (condition->op == VIR_LXC_SECCOMP_MASKED_EQ) {
        n = virLXCCompareRangeSplit(range, condition, ranges);
    } else {
        g_autoptr(GArray) cuts = g_array_new(FALSE, FALSE, sizeof(guint64));

        lxcListAddCuts(from, box, condition->index, cuts);
        lxcListAddCuts(to, box, condition->index, cuts);
        g_array_sort(cuts, lxcCompareNumbers);
        virLXCCompareRangeCut(
            range, g_array_index(cuts, guint64, cuts->len / 2), ranges);
    }

    for (i = 0; i < n; i++) {
        parts[i] = *box;
        parts[i].args[condition->index] = ranges[i];
    }
    return n;
}

/* Returns a condition of the rule at @index, or of the first rule. At least one
 * list has rules. */
static const virLXCSeccompCondition *
lxcListsChoose(const lxcList *from, const lxcList *to, guint index)
{
    const lxcList *list = from->rules->len > 0 ? from : to;
    guint rule = 0;

    if (index < from->rules->len) {
        list = from;
        rule = index;
    } else if (index < to->rules->len) {
        list = to;
        rule = index;
    }
    return lxcListCondition(list, lxcListRule(list, rule)->first);
}

static void
lxcCompareBox(lxcState *state, const virLXCCompareBox *box,
              const lxcList *allFrom, const lxcList *allTo)
{
    g_auto(lxcList) from = lxcListFilter(state, allFrom, box);
    g_auto(lxcList) to = lxcListFilter(state, allTo, box);
    virLXCCompareBox parts[2];
    virLXCRelation worst;
    int index;
    guint n;
    guint i;

    /* What is found early often settles other parts. */
    lxcStateNote(state, box, lxcListAnswerLowest(&from, box),
                 lxcListAnswerLowest(&to, box));
    if (state->result.relation == VIR_LXC_RELATION_LOOSER ||
        (from.rules->len == 0 && to.rules->len == 0))
        return;

    index = lxcListsDiffer(state, &from, &to, &worst);
    if (index < 0 || lxcStateIsSettled(state, &from, &to, worst))
        return;
    if (state->budget <= 0) {
        lxcStateGiveUp(state);
        return;
    }

    n = lxcBoxSplit(box, &from, &to, lxcListsChoose(&from, &to, (guint)index),
                    parts);
    for (i = 0; i < n && state->result.relation < VIR_LXC_RELATION_LOOSER; i++)
        lxcCompareBox(state, &parts[i], &from, &to);
}

/* Returns the budget for two lists. If all conditions are about one argument,
 * the values can be split so that each split halves the lists. The limit also
 * keeps lists from using too much memory while others are compared. */
static gint64
lxcBudgetFor(const lxcList *from, const lxcList *to)
{
    guint size = from->rules->len + from->conditions->len + to->rules->len +
                 to->conditions->len;

    return MAX(LXC_BUDGET_OF_CALL, (gint64)size * LXC_BUDGET_OF_CONDITION);
}

virLXCCompareSteps
virLXCCompareStepsRun(virLXCCompareSearch *search,
                      const virLXCSeccompSegment *from,
                      const virLXCSeccompSegment *to)
{
    g_auto(lxcList) before = lxcListFromSegment(from);
    g_auto(lxcList) after = lxcListFromSegment(to);
    gint64 budget = MIN(search->budget, lxcBudgetFor(&before, &after));
    lxcState state = {.search = search, .budget = budget};
    virLXCCompareBox box;
    size_t i;

    for (i = 0; i < VIR_LXC_SECCOMP_ARGUMENTS; i++)
        box.args[i] = virLXCCompareRangeAll();
    lxcCompareBox(&state, &box, &before, &after);
    search->budget -= budget - state.budget;
    return state.result;
}
