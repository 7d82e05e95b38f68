/*
 * seccomp_decision.c: determine the result of a filter for each call number
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a ruleset. Out: ranges of call numbers with the same result.
 */

#include "seccomp_decision.h"

#include <linux/seccomp.h>

#include "seccomp_memory.h"
#include "seccomp_multiplexer.h"
#include "seccomp_number.h"

/* Not a system call: a tracer sets the number to -1 to make the kernel skip the
 * call (ptrace(2)). Any other result would replace the return value that the
 * tracer has set. */
#define LXC_NUMBER_SKIPPED G_MAXUINT32

guint32
virLXCSeccompAnswer(const virLXCSeccompAction *action)
{
    return virLXCSeccompActionTable()[action->kind].value | action->number;
}

static void
lxcStepFree(void *data)
{
    virLXCSeccompStep *step = data;

    g_array_unref(step->conditions);
    g_free(step);
}

static void
lxcSegmentFree(void *data)
{
    virLXCSeccompSegment *segment = data;

    if (segment->steps)
        g_ptr_array_unref(segment->steps);
    g_free(segment);
}

static void
lxcSegmentAddStep(virLXCSeccompSegment *segment, GArray *conditions,
                  guint32 answer)
{
    virLXCSeccompStep *step = g_new0(virLXCSeccompStep, 1);

    step->conditions = conditions;
    step->answer = answer;
    if (!segment->steps)
        segment->steps = g_ptr_array_new_with_free_func(lxcStepFree);
    g_ptr_array_add(segment->steps, step);
}

/* Appends the rules for @name, up to the first one without conditions. */
static void
lxcSegmentAddRules(virLXCSeccompSegment *segment,
                   const virLXCSeccompRuleset *ruleset, const char *name)
{
    const GPtrArray *rules = virLXCSeccompRulesetFind(ruleset, name);
    size_t i;

    for (i = 0; rules && i < rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(rules, i);

        lxcSegmentAddStep(segment, g_array_ref(rule->conditions),
                          virLXCSeccompAnswer(&rule->action));
        if (rule->conditions->len == 0)
            return;
    }
}

/* Returns the conditions of @rule as bytes, which it continues to own. */
static GBytes *
lxcRuleConditions(const virLXCSeccompRule *rule)
{
    return g_bytes_new_static(rule->conditions->data,
                              rule->conditions->len *
                                  sizeof(virLXCSeccompCondition));
}

/* Returns the most restrictive result that the rules for @name can have. */
static guint32
lxcRulesetWorst(const virLXCSeccompRuleset *ruleset, const char *name)
{
    const GPtrArray *rules = virLXCSeccompRulesetFind(ruleset, name);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(
        g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    const virLXCSeccompAction *worst = NULL;
    bool decided = false;
    size_t i;

    for (i = 0; rules && i < rules->len && !decided; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(rules, i);

        /* An earlier rule with the same conditions is applied instead, for
         * example one in the domain XML instead of one in the profile. */
        if (!g_hash_table_add(seen, lxcRuleConditions(rule)))
            continue;
        if (!worst || rule->action.kind > worst->kind)
            worst = &rule->action;
        decided = rule->conditions->len == 0;
    }

    if (!decided && (!worst || ruleset->defaultAction.kind > worst->kind))
        worst = &ruleset->defaultAction;
    return virLXCSeccompAnswer(worst);
}

static void
lxcSegmentAddMultiplexed(virLXCSeccompSegment *segment,
                         const virLXCMultiplexed *row, guint32 answer)
{
    virLXCSeccompCondition condition = {
        .op = VIR_LXC_SECCOMP_MASKED_EQ,
        .value = row->number,
        .mask = row->mask,
    };
    GArray *conditions =
        g_array_new(FALSE, FALSE, sizeof(virLXCSeccompCondition));

    g_array_append_val(conditions, condition);
    lxcSegmentAddStep(segment, conditions, answer);
}

/* Adds multiplexed calls with rules for their own names; then the rules for the
 * multiplexer; then multiplexed calls that are newer than the policy. */
static void
lxcSegmentAddMultiplexer(virLXCSeccompSegment *segment,
                         const virLXCSeccompRuleset *ruleset, const char *name)
{
    size_t nrows = 0;
    const virLXCMultiplexed *rows = virLXCMultiplexedTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (g_str_equal(rows[i].multiplexer, name) &&
            virLXCSeccompRulesetNames(ruleset, rows[i].name))
            lxcSegmentAddMultiplexed(segment, &rows[i],
                                     lxcRulesetWorst(ruleset, rows[i].name));
    }

    lxcSegmentAddRules(segment, ruleset, name);

    for (i = 0; i < nrows; i++) {
        const virLXCSeccompAction *fallback =
            virLXCSeccompRulesetFallback(ruleset, rows[i].name);

        if (g_str_equal(rows[i].multiplexer, name) &&
            fallback == &ruleset->unknown)
            lxcSegmentAddMultiplexed(segment, &rows[i],
                                     virLXCSeccompAnswer(fallback));
    }
}

static bool
lxcIsMultiplexer(const char *name)
{
    size_t nrows = 0;
    const virLXCMultiplexed *rows = virLXCMultiplexedTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (g_str_equal(rows[i].multiplexer, name))
            return true;
    }
    return false;
}

/* Steps after one without conditions are never reached. Steps at the end with
 * the same result as the segment are redundant. */
static void
lxcSegmentSimplify(virLXCSeccompSegment *segment)
{
    size_t i;

    for (i = 0; segment->steps && i < segment->steps->len; i++) {
        const virLXCSeccompStep *step = g_ptr_array_index(segment->steps, i);

        if (step->conditions->len > 0)
            continue;
        segment->answer = step->answer;
        g_ptr_array_remove_range(segment->steps, i, segment->steps->len - i);
    }

    while (segment->steps && segment->steps->len > 0) {
        guint last = segment->steps->len - 1;
        const virLXCSeccompStep *step = g_ptr_array_index(segment->steps, last);

        if (step->answer != segment->answer)
            return;
        g_ptr_array_remove_index(segment->steps, last);
    }

    if (segment->steps)
        g_ptr_array_unref(segment->steps);
    segment->steps = NULL;
}

static virLXCSeccompSegment *
lxcSegmentNew(guint32 first, guint32 answer)
{
    virLXCSeccompSegment *segment = g_new0(virLXCSeccompSegment, 1);

    segment->first = first;
    segment->answer = answer;
    return segment;
}

static virLXCSeccompSegment *
lxcSegmentOfCall(const virLXCSeccompRuleset *ruleset,
                 const virLXCSeccompArch *arch, const char *name,
                 guint32 number)
{
    const virLXCSeccompAction *fallback =
        virLXCSeccompRulesetFallback(ruleset, name);
    virLXCSeccompSegment *segment =
        lxcSegmentNew(number, virLXCSeccompAnswer(fallback));

    if (lxcIsMultiplexer(name))
        lxcSegmentAddMultiplexer(segment, ruleset, name);
    else if (virLXCSeccompArgumentsInMemory(arch, name) &&
             virLXCSeccompRulesetNames(ruleset, name))
        segment->answer = lxcRulesetWorst(ruleset, name);
    else
        lxcSegmentAddRules(segment, ruleset, name);

    lxcSegmentSimplify(segment);
    return segment;
}

static gint
lxcSegmentCompare(gconstpointer a, gconstpointer b)
{
    const virLXCSeccompSegment *const *x = a;
    const virLXCSeccompSegment *const *y = b;

    return ((*x)->first > (*y)->first) - ((*x)->first < (*y)->first);
}

static void
lxcDecideCalls(const virLXCSeccompRuleset *ruleset,
               const virLXCSeccompArch *arch, GPtrArray *calls)
{
    size_t nrows = 0;
    const virLXCSyscall *rows = virLXCSyscallTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        int number = virLXCSyscallNumber(rows[i].name, arch);

        if (number >= 0)
            g_ptr_array_add(
                calls, lxcSegmentOfCall(ruleset, arch, rows[i].name, number));
    }
}

/* Merges adjacent segments with the same result for all arguments. */
static void
lxcSegmentsAppend(GPtrArray *segments, virLXCSeccompSegment *segment)
{
    const virLXCSeccompSegment *last =
        segments->len > 0 ? g_ptr_array_index(segments, segments->len - 1)
                          : NULL;

    if (last && !last->steps && !segment->steps &&
        last->answer == segment->answer)
        lxcSegmentFree(segment);
    else
        g_ptr_array_add(segments, segment);
}

/* Returns the first number that belongs to an ABI which is not enabled, such as
 * x32 if only x86_64 is enabled. */
static guint64
lxcDecideBadArch(const virLXCSeccompRuleset *ruleset, guint32 audit)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (rows[i].audit == audit && rows[i].numberBase > 0 &&
            rows[i].token != audit &&
            !g_ptr_array_find(ruleset->archs, &rows[i], NULL))
            return rows[i].numberBase;
    }

    return LXC_NUMBER_SKIPPED;
}

/* Returns the calls, and segments for the unused numbers between them. */
static GPtrArray *
lxcDecideFill(const virLXCSeccompRuleset *ruleset, GPtrArray *calls)
{
    guint32 unknown = virLXCSeccompAnswer(&ruleset->unknown);
    GPtrArray *segments = g_ptr_array_new_with_free_func(lxcSegmentFree);
    guint32 next = 0;
    size_t i;

    for (i = 0; i < calls->len; i++) {
        virLXCSeccompSegment *call = g_ptr_array_index(calls, i);
        guint32 number = call->first;

        if (number > next)
            lxcSegmentsAppend(segments, lxcSegmentNew(next, unknown));
        lxcSegmentsAppend(segments, call);
        next = number + 1;
    }

    lxcSegmentsAppend(segments, lxcSegmentNew(next, unknown));
    return segments;
}

GPtrArray *
virLXCSeccompDecide(const virLXCSeccompRuleset *ruleset, guint32 audit)
{
    g_autoptr(GPtrArray) calls = g_ptr_array_new();
    guint64 badArch = lxcDecideBadArch(ruleset, audit);
    GPtrArray *segments = NULL;
    size_t i;

    for (i = 0; i < ruleset->archs->len; i++) {
        const virLXCSeccompArch *arch = g_ptr_array_index(ruleset->archs, i);

        if (arch->audit == audit)
            lxcDecideCalls(ruleset, arch, calls);
    }
    g_ptr_array_sort(calls, lxcSegmentCompare);

    segments = lxcDecideFill(ruleset, calls);
    if (badArch < LXC_NUMBER_SKIPPED)
        lxcSegmentsAppend(
            segments,
            lxcSegmentNew(badArch, virLXCSeccompAnswer(&ruleset->badArch)));
    lxcSegmentsAppend(segments,
                      lxcSegmentNew(LXC_NUMBER_SKIPPED, SECCOMP_RET_ALLOW));
    return segments;
}
