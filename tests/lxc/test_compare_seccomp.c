/*
 * test_compare_seccomp.c: the comparison of filters is right about every call
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: pairs of rulesets at random, of which the second is often the first with
 * small changes. Out: whether the filters that are compiled from them agree
 * with the result of the comparison: for the arguments that it names as
 * examples, and, where it says that the second one is not looser, for calls
 * with arguments around every constant of both.
 */

#include <linux/seccomp.h>
#include <string.h>

#include "compare.h"
#include "seccomp_agree.h"
#include "seccomp_number.h"
#include "seccomp_random.h"

#define TEST_SEED 20261126
#define TEST_PAIRS 10000
#define TEST_BYTES 60
/* Combinations of arguments that are tried for each call. */
#define TEST_COMBINATIONS 24

/* What kernels do, from the least to the most restrictive: that of the highest
 * precedence in seccomp(2) last. */
static const guint32 precedence[] = {
    SECCOMP_RET_ALLOW,       SECCOMP_RET_LOG,          SECCOMP_RET_TRACE,
    SECCOMP_RET_USER_NOTIF,  SECCOMP_RET_ERRNO,        SECCOMP_RET_TRAP,
    SECCOMP_RET_KILL_THREAD, SECCOMP_RET_KILL_PROCESS,
};

typedef struct {
    GRand *rand;
    virLXCSeccompPlan plans[2];
    virLXCSeccompRuleset *rulesets[2];
    virLXCSeccompFilter *filters[2];
    virLXCComparison *comparison;
    guint verdicts[VIR_LXC_RELATIONS];
    guint calls;
    guint examples;
} testPair;

static guint
testBelow(GRand *rand, guint end)
{
    return (guint)g_rand_int_range(rand, 0, (gint)end);
}

static virLXCSeccompRuleset *
testAnyRuleset(const guint8 *bytes, gsize size)
{
    virLXCSeccompRuleset *ruleset = testSeccompRulesetFromBytes(bytes, size);

    if (ruleset->archs->len == 0)
        g_ptr_array_add(ruleset->archs,
                        (gpointer)virLXCSeccompArchByName("x86_64"));
    return ruleset;
}

/* Has few names, so that there are often several rules for a call. */
static void
testConcentrate(GRand *rand, virLXCSeccompRuleset *ruleset)
{
    static const char *const few[] = {"personality", "clone", "socket", "semop",
                                      "mmap"};
    guint i;

    for (i = 0; i < ruleset->rules->len; i++) {
        virLXCSeccompRule *rule = g_ptr_array_index(ruleset->rules, i);

        g_free(rule->name);
        rule->name = g_strdup(few[testBelow(rand, G_N_ELEMENTS(few))]);
    }
}

static virLXCSeccompAction
testAnyAction(GRand *rand)
{
    virLXCSeccompAction action = {testBelow(rand, VIR_LXC_SECCOMP_ACTIONS), 0};

    if (virLXCSeccompActionTable()[action.kind].takesErrno)
        action.number = 1 + testBelow(rand, 2);
    return action;
}

static virLXCSeccompAction *
testChooseAction(GRand *rand, virLXCSeccompRuleset *ruleset)
{
    virLXCSeccompAction *const others[] = {
        &ruleset->defaultAction, &ruleset->unknown, &ruleset->badArch};
    guint i = testBelow(rand, ruleset->rules->len + G_N_ELEMENTS(others));
    virLXCSeccompRule *rule = NULL;

    if (i >= ruleset->rules->len)
        return others[i - ruleset->rules->len];
    rule = g_ptr_array_index(ruleset->rules, i);
    return &rule->action;
}

/* Has some condition less, or one changed. */
static void
testChangeCondition(GRand *rand, const virLXCSeccompRule *rule)
{
    guint n = rule->conditions->len;
    virLXCSeccompCondition *condition = NULL;
    guint i;

    if (n == 0)
        return;
    i = testBelow(rand, n);
    if (testBelow(rand, 2)) {
        g_array_remove_index(rule->conditions, i);
        return;
    }

    condition = &g_array_index(rule->conditions, virLXCSeccompCondition, i);
    if (condition->op != VIR_LXC_SECCOMP_MASKED_EQ)
        condition->op = testBelow(rand, VIR_LXC_SECCOMP_MASKED_EQ);
    else
        condition->mask |= condition->value;
    condition->value += testBelow(rand, 3) - 1;
}

/* Swaps neighbours, of which each now comes first. */
static void
testSwap(GRand *rand, GPtrArray *rules)
{
    guint i = testBelow(rand, rules->len);
    gpointer rule = g_ptr_array_steal_index(rules, i);

    g_ptr_array_insert(rules, (gint)testBelow(rand, rules->len + 1), rule);
}

static void
testCopyRule(GRand *rand, GPtrArray *rules)
{
    const virLXCSeccompRule *from =
        g_ptr_array_index(rules, testBelow(rand, rules->len));
    virLXCSeccompRule *rule =
        virLXCSeccompRuleNew(from->name, testAnyAction(rand), 0);

    g_array_append_vals(rule->conditions, from->conditions->data,
                        from->conditions->len);
    testChangeCondition(rand, rule);
    g_ptr_array_insert(rules, (gint)testBelow(rand, rules->len + 1), rule);
}

static void
testChangeArchs(GRand *rand, GPtrArray *archs)
{
    if (archs->len > 1)
        g_ptr_array_remove_index(archs, 1 + testBelow(rand, archs->len - 1));
}

static void
testChange(GRand *rand, virLXCSeccompRuleset *ruleset)
{
    GPtrArray *rules = ruleset->rules;
    guint change = testBelow(rand, 8);

    if (rules->len == 0 || change == 0) {
        *testChooseAction(rand, ruleset) = testAnyAction(rand);
    } else if (change == 1) {
        testSwap(rand, rules);
    } else if (change == 2) {
        g_ptr_array_remove_index(rules, testBelow(rand, rules->len));
    } else if (change == 3) {
        testCopyRule(rand, rules);
    } else if (change == 4) {
        testChangeArchs(rand, ruleset->archs);
    } else if (change == 5) {
        virLXCSeccompAction *action = testChooseAction(rand, ruleset);

        *action = (virLXCSeccompAction){
            MIN(action->kind + 1, VIR_LXC_SECCOMP_KILL_PROCESS), 0};
    } else {
        testChangeCondition(
            rand, g_ptr_array_index(rules, testBelow(rand, rules->len)));
    }
}

static void
testMakeRulesets(testPair *pair)
{
    guint8 bytes[TEST_BYTES];
    gsize size = 4 + testBelow(pair->rand, TEST_BYTES - 4);
    bool few = testBelow(pair->rand, 3) > 0;
    guint32 seed = g_rand_int(pair->rand);
    guint changes = 1 + testBelow(pair->rand, 3);
    size_t i;

    for (i = 0; i < size; i++)
        bytes[i] = (guint8)g_rand_int(pair->rand);

    for (i = 0; i < 2; i++) {
        g_autoptr(GRand) same = g_rand_new_with_seed(seed);

        pair->rulesets[i] = testAnyRuleset(bytes, size);
        pair->rulesets[i]->listenerPath = g_strdup("/run/agent");
        if (few)
            testConcentrate(same, pair->rulesets[i]);
    }

    for (i = 0; i < changes; i++)
        testChange(pair->rand, pair->rulesets[1]);
    if (testBelow(pair->rand, 16) == 0)
        pair->rulesets[1]->listenerMetadata = g_strdup("other");
    for (i = 0; i < 2; i++)
        virLXCSeccompRulesetIndex(pair->rulesets[i]);
}

static size_t
testPrecedence(guint32 answer)
{
    size_t i = 0;

    while (precedence[i] != (answer & SECCOMP_RET_ACTION_FULL))
        i++;
    return i;
}

/* Whether what happens to the call depends on someone who may treat both
 * answers differently. */
static bool
testDependsOnOthers(const testPair *pair, guint32 from, guint32 to)
{
    if ((from & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_TRACE)
        return from != to;
    return (from & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_USER_NOTIF &&
           g_strcmp0(pair->rulesets[0]->listenerMetadata,
                     pair->rulesets[1]->listenerMetadata) != 0;
}

static virLXCRelation
testRelation(const testPair *pair, const testBPFCall *call)
{
    guint32 from = testSeccompRun(pair->filters[0], call);
    guint32 to = testSeccompRun(pair->filters[1], call);
    size_t before = testPrecedence(from);
    size_t after = testPrecedence(to);

    if (after < before)
        return VIR_LXC_RELATION_LOOSER;
    if (after > before)
        return VIR_LXC_RELATION_TIGHTER;
    return testDependsOnOthers(pair, from, to) ? VIR_LXC_RELATION_UNPROVABLE
                                               : VIR_LXC_RELATION_EQUAL;
}

static void
testFail(const testPair *pair, const testBPFCall *call, const char *claim)
{
    g_autofree char *text = testSeccompCallText(call);

    g_error("the comparison says '%s', but %s is '%s'", claim, text,
            virLXCRelationName(testRelation(pair, call)));
}

/* A number of @name that any ABI of the host has for it. */
static testBPFCall
testCallOf(const virLXCDifference *difference)
{
    const virLXCSeccompArch *arch = virLXCSeccompArchByName(difference->group);
    int number = virLXCSyscallNumber(difference->what, arch);
    testBPFCall call = {.number = (guint32)number, .audit = arch->audit};
    g_auto(GStrv) args = NULL;
    size_t i;

    g_assert_cmpint(number, >=, 0);
    if (!difference->example)
        return call;

    args = g_strsplit(difference->example, ", ", -1);
    for (i = 0; args[i]; i++)
        call.args[i] = g_ascii_strtoull(args[i], NULL, 16);
    return call;
}

/* All that is said of a call must be so for the example. */
static void
testExamples(testPair *pair)
{
    guint i;

    for (i = 0; i < pair->comparison->differences->len; i++) {
        const virLXCDifference *difference =
            g_ptr_array_index(pair->comparison->differences, i);
        testBPFCall call;

        if (difference->leaf != VIR_LXC_LEAF_SECCOMP ||
            strstr(difference->what, "system calls"))
            continue;
        call = testCallOf(difference);
        pair->examples++;
        if (testRelation(pair, &call) != difference->relation)
            testFail(pair, &call, virLXCRelationName(difference->relation));
    }
}

/* The values around a constant. Those under a mask are combined with all other
 * bits, none of them, and any. */
static void
testAddValues(const testPair *pair, const virLXCSeccompCondition *condition,
              GArray *values)
{
    guint64 any =
        (guint64)g_rand_int(pair->rand) << 32 | g_rand_int(pair->rand);
    guint64 rest = ~condition->mask;
    const guint64 compared[] = {condition->value - 1, condition->value,
                                condition->value + 1};
    const guint64 masked[] = {
        condition->value, condition->value | rest,
        (condition->value & condition->mask) | (any & rest),
        condition->value ^ (condition->mask & -condition->mask)};

    if (condition->op == VIR_LXC_SECCOMP_MASKED_EQ)
        g_array_append_vals(values, masked, G_N_ELEMENTS(masked));
    else
        g_array_append_vals(values, compared, G_N_ELEMENTS(compared));
}

static void
testAddValuesOf(const testPair *pair, const virLXCSeccompRuleset *ruleset,
                const char *name, GArray *values[VIR_LXC_SECCOMP_ARGUMENTS])
{
    guint i;
    guint j;

    for (i = 0; i < ruleset->rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(ruleset->rules, i);

        for (j = 0; g_str_equal(rule->name, name) && j < rule->conditions->len;
             j++) {
            const virLXCSeccompCondition *condition =
                &g_array_index(rule->conditions, virLXCSeccompCondition, j);

            testAddValues(pair, condition, values[condition->index]);
        }
    }
}

/* Fills @values with the values of each argument of @name that are tried. */
static void
testFindValues(const testPair *pair, const char *name,
               GArray *values[VIR_LXC_SECCOMP_ARGUMENTS])
{
    const guint64 any = g_rand_int(pair->rand);
    guint64 i;

    for (i = 0; i < VIR_LXC_SECCOMP_ARGUMENTS; i++) {
        values[i] = g_array_new(FALSE, FALSE, sizeof(guint64));
        g_array_append_val(values[i], any);
    }

    for (i = 0; i < 2; i++)
        testAddValuesOf(pair, pair->rulesets[i], name, values);
    for (i = 0; i < 25 &&
                (g_str_equal(name, "socketcall") || g_str_equal(name, "ipc"));
         i++)
        g_array_append_val(values[0], i);
}

static void
testTry(testPair *pair, const testBPFCall *call)
{
    virLXCRelation claim = pair->comparison->leaves[VIR_LXC_LEAF_SECCOMP];
    virLXCRelation relation = testRelation(pair, call);

    pair->calls++;
    if (relation > claim)
        testFail(pair, call, virLXCRelationName(claim));
}

static guint64
testChoose(const testPair *pair, const GArray *values)
{
    return g_array_index(values, guint64, testBelow(pair->rand, values->len));
}

/* Tries each value of each argument with any values of the others. */
static void
testTryEach(testPair *pair, testBPFCall *call,
            GArray *values[VIR_LXC_SECCOMP_ARGUMENTS])
{
    guint i;
    guint j;
    guint k;

    for (i = 0; i < VIR_LXC_SECCOMP_ARGUMENTS; i++) {
        for (j = 0; j < values[i]->len; j++) {
            for (k = 0; k < VIR_LXC_SECCOMP_ARGUMENTS; k++)
                call->args[k] = testChoose(pair, values[k]);
            call->args[i] = g_array_index(values[i], guint64, j);
            testTry(pair, call);
        }
    }
}

/* Tries all combinations if there are few, and otherwise as many at random. */
static void
testTryCombinations(testPair *pair, testBPFCall *call,
                    GArray *values[VIR_LXC_SECCOMP_ARGUMENTS])
{
    guint64 all = 1;
    guint64 i;
    guint j;

    for (j = 0; j < VIR_LXC_SECCOMP_ARGUMENTS; j++)
        all *= values[j]->len;

    for (i = 0; i < MIN(all, TEST_COMBINATIONS); i++) {
        guint64 rest = i;

        for (j = 0; j < VIR_LXC_SECCOMP_ARGUMENTS; j++) {
            call->args[j] =
                all > TEST_COMBINATIONS
                    ? testChoose(pair, values[j])
                    : g_array_index(values[j], guint64, rest % values[j]->len);
            rest /= values[j]->len;
        }
        testTry(pair, call);
    }
}

/* The call itself, and the numbers beside it. */
static void
testTryName(testPair *pair, const virLXCSeccompArch *arch, const char *name)
{
    int number = virLXCSyscallNumber(name, arch);
    testBPFCall call = {.number = (guint32)number, .audit = arch->audit};
    GArray *values[VIR_LXC_SECCOMP_ARGUMENTS];
    guint i;

    if (number < 0)
        return;

    testFindValues(pair, name, values);
    testTryEach(pair, &call, values);
    testTryCombinations(pair, &call, values);
    for (i = 0; i < VIR_LXC_SECCOMP_ARGUMENTS; i++)
        g_array_unref(values[i]);

    for (i = 0; i < 2; i++) {
        call.number = (guint32)number + 1 - 2 * i;
        testTry(pair, &call);
    }
}

static void
testTryArch(testPair *pair, const virLXCSeccompArch *arch)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer name;
    guint32 i;

    for (i = 0; i < 2; i++) {
        const GPtrArray *rules = pair->rulesets[i]->rules;
        guint j;

        for (j = 0; j < rules->len; j++) {
            const virLXCSeccompRule *rule = g_ptr_array_index(rules, j);

            g_hash_table_add(names, rule->name);
        }
    }

    g_hash_table_add(names, (gpointer) "socketcall");
    g_hash_table_add(names, (gpointer) "ipc");
    g_hash_table_iter_init(&iter, names);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        testTryName(pair, arch, name);
    for (i = 0; i < 24; i++)
        testTry(pair, &(testBPFCall){
                          .number = arch->numberBase + i * 23 - (i % 4 == 0),
                          .audit = arch->audit,
                      });
}

static void
testTryAll(testPair *pair)
{
    const virLXCSeccompArch *native =
        g_ptr_array_index(pair->rulesets[0]->archs, 0);
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (virLXCSeccompArchRunsOn(&rows[i], native))
            testTryArch(pair, &rows[i]);
    }
}

static void
testOnePair(testPair *pair)
{
    virLXCPlan plans[2] = {0};
    size_t i;

    testMakeRulesets(pair);
    for (i = 0; i < 2; i++) {
        pair->filters[i] = testSeccompCompile(pair->rulesets[i]);
        pair->plans[i].ruleset = pair->rulesets[i];
        plans[i].seccomp = &pair->plans[i];
    }

    pair->comparison = virLXCPlanCompare(&plans[0], &plans[1]);
    pair->verdicts[pair->comparison->leaves[VIR_LXC_LEAF_SECCOMP]]++;
    testExamples(pair);
    testTryAll(pair);

    virLXCComparisonFree(pair->comparison);
    for (i = 0; i < 2; i++) {
        virLXCSeccompFilterFree(pair->filters[i]);
        virLXCSeccompRulesetFree(pair->rulesets[i]);
    }
}

static void
testPairs(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(TEST_SEED);
    testPair pair = {.rand = rand};
    size_t i;

    for (i = 0; i < TEST_PAIRS; i++)
        testOnePair(&pair);

    g_test_message("seed %d: %d pairs, %u examples, %u calls", TEST_SEED,
                   TEST_PAIRS, pair.examples, pair.calls);
    for (i = 0; i < VIR_LXC_RELATIONS; i++) {
        g_test_message("%s: %u", virLXCRelationName(i), pair.verdicts[i]);
        g_assert_cmpuint(pair.verdicts[i], >=, TEST_PAIRS / 100);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/compare/seccomp/pairs", testPairs);
    return g_test_run();
}
