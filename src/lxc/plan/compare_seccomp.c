/*
 * compare_seccomp.c: compare seccomp filters
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: two rulesets. Out: the system calls for which their actions differ. Both
 * are compared as the filters that they are compiled to: for each AUDIT_ARCH_…
 * that kernels of the host's architecture can pass to a filter, two lists of
 * ranges of call numbers that cover all numbers are merged.
 */

#include <string.h>

#include "compare_calls.h"
#include "compare_parts.h"
#include "compare_steps.h"

/* @native is NULL if there is no filter. */
typedef struct {
    virLXCComparison *comparison;
    const virLXCSeccompRuleset *rulesets[2];
    const virLXCSeccompArch *native;
    virLXCCompareSearch search;
    GHashTable *unnamed;
} lxcSeccompState;

static const virLXCSeccompArch *
lxcNativeArch(const virLXCSeccompRuleset *ruleset)
{
    return ruleset && ruleset->archs->len > 0
               ? g_ptr_array_index(ruleset->archs, 0)
               : NULL;
}

static bool
lxcEnablesAudit(const virLXCSeccompRuleset *ruleset, guint32 audit)
{
    guint i;

    for (i = 0; i < ruleset->archs->len; i++) {
        const virLXCSeccompArch *arch = g_ptr_array_index(ruleset->archs, i);

        if (arch->audit == audit)
            return true;
    }
    return false;
}

/* Without a filter, all calls are allowed. */
static GPtrArray *
lxcSegmentsOf(const virLXCSeccompRuleset *ruleset, guint32 audit)
{
    static const virLXCSeccompAction allow = {VIR_LXC_SECCOMP_ALLOW, 0};
    virLXCSeccompSegment *all = NULL;
    GPtrArray *segments = NULL;

    if (ruleset && lxcEnablesAudit(ruleset, audit))
        return virLXCSeccompDecide(ruleset, audit);

    all = g_new0(virLXCSeccompSegment, 1);
    all->answer = virLXCSeccompAnswer(ruleset ? &ruleset->badArch : &allow);
    segments = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(segments, all);
    return segments;
}

static char *
lxcAnswerText(const virLXCCompareSteps *steps, guint32 answer)
{
    virLXCSeccompAction action = virLXCCompareAction(answer);
    const virLXCSeccompActionRow *row =
        &virLXCSeccompActionTable()[action.kind];
    const char *name = action.kind == VIR_LXC_SECCOMP_ERRNO
                           ? virLXCErrnoName(action.number)
                           : NULL;

    if (steps->isUndecided)
        return g_strdup("too complex");
    if (!row->takesErrno)
        return g_strdup(row->name);
    if (name)
        return g_strdup_printf("%s %s", row->name, name);
    return g_strdup_printf("%s %u", row->name, action.number);
}

/* Returns the arguments up to the last one that is not 0. */
static char *
lxcExampleText(const virLXCCompareSteps *steps)
{
    GString *text = NULL;
    size_t last = 0;
    size_t i;

    if (!steps->hasArgs)
        return NULL;

    for (i = 0; i < VIR_LXC_SECCOMP_ARGUMENTS; i++) {
        if (steps->args[i] != 0)
            last = i;
    }

    text = g_string_new(NULL);
    for (i = 0; i <= last; i++)
        g_string_append_printf(text, "%s0x%" G_GINT64_MODIFIER "x",
                               i > 0 ? ", " : "", steps->args[i]);
    return g_string_free(text, FALSE);
}

static void
lxcAddCall(const lxcSeccompState *state, const char *group, const char *what,
           const virLXCCompareSteps *steps)
{
    virLXCComparisonAdd(state->comparison,
                        &(virLXCDifference){
                            .leaf = VIR_LXC_LEAF_SECCOMP,
                            .relation = steps->relation,
                            .group = g_strdup(group),
                            .what = g_strdup(what),
                            .example = lxcExampleText(steps),
                            .from = lxcAnswerText(steps, steps->from),
                            .to = lxcAnswerText(steps, steps->to),
                        });
}

/* Numbers that do not belong to any call are reported once for each ABI and
 * pair of actions. */
static void
lxcAddUnnamed(lxcSeccompState *state, const virLXCSeccompArch *arch,
              const virLXCCompareSteps *steps)
{
    char *key = g_strdup_printf("%s %u %u", arch->name, steps->from, steps->to);

    if (g_hash_table_add(state->unnamed, key))
        lxcAddCall(state, arch->name, "unknown system calls", steps);
}

/* Adds a difference for each call of an ABI from @first to @last. Returns how
 * many numbers that covers: all if all calls of the ABI have the same one. */
static guint64
lxcAddCalls(const lxcSeccompState *state, const virLXCCompareCalls *calls,
            guint32 first, guint32 last, const virLXCCompareSteps *steps)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    const char *arch = calls->arch->name;
    guint i;

    if (virLXCCompareCallsFind(calls, first, last, names)) {
        lxcAddCall(state, arch, "all system calls", steps);
        return (guint64)last - first + 1;
    }

    for (i = 0; i < names->len; i++)
        lxcAddCall(state, arch, g_ptr_array_index(names, i), steps);
    return names->len;
}

static void
lxcAddRange(lxcSeccompState *state, const GPtrArray *abis, guint32 first,
            guint32 last, const virLXCCompareSteps *steps)
{
    const virLXCCompareCalls *calls = g_ptr_array_index(abis, 0);
    guint64 named = 0;
    guint i;

    for (i = 0; i < abis->len; i++)
        named +=
            lxcAddCalls(state, g_ptr_array_index(abis, i), first, last, steps);

    if (named <= last - first)
        lxcAddUnnamed(state, calls->arch, steps);
}

static virLXCCompareSteps
lxcCompareSegments(lxcSeccompState *state, const virLXCSeccompSegment *from,
                   const virLXCSeccompSegment *to)
{
    if (from->steps || to->steps)
        return virLXCCompareStepsRun(&state->search, from, to);

    return (virLXCCompareSteps){
        .relation =
            virLXCCompareAnswers(&state->search, from->answer, to->answer),
        .from = from->answer,
        .to = to->answer,
    };
}

/* Returns the last number of the segment at @index. */
static guint32
lxcSegmentLast(const GPtrArray *segments, guint index)
{
    const virLXCSeccompSegment *next = NULL;

    if (index + 1 == segments->len)
        return G_MAXUINT32;
    next = g_ptr_array_index(segments, index + 1);
    return next->first - 1;
}

static void
lxcCompareAudit(lxcSeccompState *state, guint32 audit, const GPtrArray *abis)
{
    g_autoptr(GPtrArray) from = lxcSegmentsOf(state->rulesets[0], audit);
    g_autoptr(GPtrArray) to = lxcSegmentsOf(state->rulesets[1], audit);
    guint64 first = 0;
    guint i = 0;
    guint j = 0;

    while (first <= G_MAXUINT32) {
        guint32 endFrom = lxcSegmentLast(from, i);
        guint32 endTo = lxcSegmentLast(to, j);
        guint32 last = MIN(endFrom, endTo);
        virLXCCompareSteps steps = lxcCompareSegments(
            state, g_ptr_array_index(from, i), g_ptr_array_index(to, j));

        if (steps.relation != VIR_LXC_RELATION_EQUAL)
            lxcAddRange(state, abis, (guint32)first, last, &steps);
        i += endFrom == last;
        j += endTo == last;
        first = (guint64)last + 1;
    }
}

static void
lxcCallsFree(void *opaque)
{
    virLXCCompareCallsFree(opaque);
}

/* Returns the ABIs that share @audit and run on the host, the one with the
 * lowest numbers first. */
static GPtrArray *
lxcAbisOf(const virLXCSeccompArch *native, guint32 audit)
{
    GPtrArray *abis = g_ptr_array_new_with_free_func(lxcCallsFree);
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (rows[i].audit == audit && virLXCSeccompArchRunsOn(&rows[i], native))
            g_ptr_array_insert(abis, rows[i].numberBase == 0 ? 0 : -1,
                               virLXCCompareCallsNew(&rows[i]));
    }
    return abis;
}

/* Several ABIs can share @audit. Returns whether @index is the first row of
 * those that run on the host. */
static bool
lxcIsFirstOfAudit(const virLXCSeccompArch *native, size_t index)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    size_t i = 0;

    while (rows[i].audit != rows[index].audit ||
           !virLXCSeccompArchRunsOn(&rows[i], native))
        i++;
    return i == index;
}

static void
lxcCompareAudits(lxcSeccompState *state)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        guint32 audit = rows[i].audit;
        g_autoptr(GPtrArray) abis = NULL;

        if (!virLXCSeccompArchRunsOn(&rows[i], state->native) ||
            !lxcIsFirstOfAudit(state->native, i))
            continue;
        abis = lxcAbisOf(state->native, audit);
        lxcCompareAudit(state, audit, abis);
    }
}

static void
lxcAddSetting(const lxcSeccompState *state, virLXCRelation relation,
              const char *what, const char *from, const char *to)
{
    virLXCComparisonAdd(state->comparison, &(virLXCDifference){
                                               .leaf = VIR_LXC_LEAF_SECCOMP,
                                               .relation = relation,
                                               .what = g_strdup(what),
                                               .from = g_strdup(from),
                                               .to = g_strdup(to),
                                           });
}

/* With this flag, the kernel does not protect the processes from speculative
 * store bypass because they have a filter. */
static void
lxcCompareFlags(const lxcSeccompState *state)
{
    bool protects[2];
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(protects); i++)
        protects[i] = state->rulesets[i] && !(state->rulesets[i]->flags &
                                              VIR_LXC_SECCOMP_FLAG_SPEC_ALLOW);

    if (state->rulesets[0] && state->rulesets[1])
        lxcAddSetting(state, virLXCRelationOf(protects[0], protects[1]),
                      "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
                      protects[0] ? "off" : "on", protects[1] ? "off" : "on");
}

static bool
lxcHaveSameAgent(const virLXCSeccompRuleset *from,
                 const virLXCSeccompRuleset *to)
{
    return from && to && g_strcmp0(from->listenerPath, to->listenerPath) == 0 &&
           g_strcmp0(from->listenerMetadata, to->listenerMetadata) == 0;
}

void
virLXCCompareSeccomp(virLXCComparison *comparison,
                     const virLXCSeccompPlan *from, const virLXCSeccompPlan *to)
{
    lxcSeccompState state = {
        .comparison = comparison,
        .rulesets = {from ? from->ruleset : NULL, to ? to->ruleset : NULL},
        .search = {.budget = VIR_LXC_COMPARE_BUDGET},
    };
    const virLXCSeccompArch *natives[] = {lxcNativeArch(state.rulesets[0]),
                                          lxcNativeArch(state.rulesets[1])};

    state.search.sameAgent =
        lxcHaveSameAgent(state.rulesets[0], state.rulesets[1]);
    state.native = natives[0] ? natives[0] : natives[1];
    if (natives[0] && natives[1] && natives[0] != natives[1]) {
        lxcAddSetting(&state, VIR_LXC_RELATION_UNPROVABLE,
                      "native architecture", natives[0]->name,
                      natives[1]->name);
        return;
    }
    if (!state.native)
        return;

    state.unnamed =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    lxcCompareAudits(&state);
    lxcCompareFlags(&state);
    g_hash_table_unref(state.unnamed);
}
