/*
 * test_compare_range.c: sets of values of an argument
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: ranges of the numbers from 0 to 63, made smaller at random. Out: whether
 * each has the values that it should have, all of which are listed, and what it
 * says about conditions.
 */

#include "compare_range.h"

#define TEST_SEED 20261128
#define TEST_RUNS 20000

/* A range, and bit N for each of its values N. */
typedef struct {
    virLXCCompareRange range;
    guint64 values;
} testSet;

static guint
testBelow(GRand *rand, guint end)
{
    return (guint)g_rand_int_range(rand, 0, (gint)end);
}

static bool
testHolds(const virLXCSeccompCondition *condition, guint64 value)
{
    switch (condition->op) {
    case VIR_LXC_SECCOMP_EQ:
        return value == condition->value;
    case VIR_LXC_SECCOMP_NE:
        return value != condition->value;
    case VIR_LXC_SECCOMP_LT:
        return value < condition->value;
    case VIR_LXC_SECCOMP_LE:
        return value <= condition->value;
    case VIR_LXC_SECCOMP_GT:
        return value > condition->value;
    case VIR_LXC_SECCOMP_GE:
        return value >= condition->value;
    case VIR_LXC_SECCOMP_MASKED_EQ:
        return (value & condition->mask) == condition->value;
    }
    g_assert_not_reached();
}

static virLXCSeccompCondition
testAnyCondition(GRand *rand)
{
    virLXCSeccompCondition condition = {
        .op = testBelow(rand, VIR_LXC_SECCOMP_OPERATORS),
        .value = testBelow(rand, 64),
    };

    if (condition.op == VIR_LXC_SECCOMP_MASKED_EQ)
        condition.mask = testBelow(rand, 64);
    return condition;
}

/* Returns bit N for each N for which the condition holds. */
static guint64
testWhere(const virLXCSeccompCondition *condition)
{
    guint64 where = 0;
    guint64 i;

    for (i = 0; i < 64; i++) {
        if (testHolds(condition, i))
            where |= G_GUINT64_CONSTANT(1) << i;
    }
    return where;
}

static guint64
testLowest(guint64 values)
{
    return (guint64)__builtin_ctzll(values);
}

static guint64
testHighest(guint64 values)
{
    return 63 - (guint64)__builtin_clzll(values);
}

static void
testCheckSet(const testSet *set)
{
    guint64 i;

    g_assert_cmphex(set->values, !=, 0);
    g_assert_cmphex(set->range.low, ==, testLowest(set->values));
    g_assert_cmphex(set->range.high, ==, testHighest(set->values));
    for (i = 0; i < 64; i++) {
        bool inside = i >= set->range.low && i <= set->range.high &&
                      (i & set->range.known) == set->range.bits;

        g_assert_cmpint(inside, ==, set->values >> i & 1);
    }
}

/* "Sometimes" need not be exact. */
static virLXCCompareTruth
testCheckCondition(const testSet *set, const virLXCSeccompCondition *condition)
{
    guint64 where = testWhere(condition);
    virLXCCompareTruth truth =
        virLXCCompareRangeEvaluate(&set->range, condition);

    if (truth == VIR_LXC_COMPARE_ALWAYS)
        g_assert_cmphex(set->values & ~where, ==, 0);
    if (truth == VIR_LXC_COMPARE_NEVER)
        g_assert_cmphex(set->values & where, ==, 0);
    if (set->range.low == set->range.high ||
        condition->op != VIR_LXC_SECCOMP_MASKED_EQ)
        g_assert_cmpint(truth != VIR_LXC_COMPARE_SOMETIMES, ==,
                        (set->values & where) == 0 ||
                            (set->values & ~where) == 0);
    return truth;
}

/* Continues with one of the parts. */
static void
testCut(GRand *rand, testSet *set, const virLXCSeccompCondition *condition)
{
    g_autoptr(GArray) cuts = g_array_new(FALSE, FALSE, sizeof(guint64));
    virLXCCompareRange parts[2];
    guint64 below;
    guint64 cut;
    guint i = testBelow(rand, 2);

    virLXCCompareRangeCuts(&set->range, condition, cuts);
    g_assert_cmpuint(cuts->len, >, 0);
    cut = g_array_index(cuts, guint64, testBelow(rand, cuts->len));
    virLXCCompareRangeCut(&set->range, cut, parts);

    below = (G_GUINT64_CONSTANT(1) << cut) - 1;
    set->range = parts[i];
    set->values &= i == 0 ? below : ~below;
}

static void
testSplit(GRand *rand, testSet *set, const virLXCSeccompCondition *condition)
{
    virLXCCompareRange parts[2];
    guint n = virLXCCompareRangeSplit(&set->range, condition, parts);
    guint64 all = 0;
    guint i;
    guint64 j;

    for (i = 0; i < n; i++) {
        testSet part = {parts[i], 0};

        for (j = 0; j < 64; j++) {
            if ((j & parts[i].known) == parts[i].bits)
                part.values |= set->values & G_GUINT64_CONSTANT(1) << j;
        }
        testCheckSet(&part);
        g_assert_cmphex(all & part.values, ==, 0);
        all |= part.values;
    }

    g_assert_cmphex(all, ==, set->values);
    i = testBelow(rand, n);
    for (j = 0; j < 64; j++) {
        if ((j & parts[i].known) != parts[i].bits)
            set->values &= ~(G_GUINT64_CONSTANT(1) << j);
    }
    set->range = parts[i];
}

static void
testRanges(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(TEST_SEED);
    guint splits = 0;
    guint i;
    guint j;

    for (i = 0; i < TEST_RUNS; i++) {
        testSet set = {{0, 63, ~G_GUINT64_CONSTANT(63), 0}, G_MAXUINT64};

        for (j = 0; j < 16; j++) {
            const virLXCSeccompCondition condition = testAnyCondition(rand);

            if (testCheckCondition(&set, &condition) !=
                VIR_LXC_COMPARE_SOMETIMES)
                continue;
            if (condition.op == VIR_LXC_SECCOMP_MASKED_EQ)
                testSplit(rand, &set, &condition);
            else
                testCut(rand, &set, &condition);
            testCheckSet(&set);
            splits++;
        }
    }

    g_test_message("seed %d: %u splits", TEST_SEED, splits);
    g_assert_cmpuint(splits, >, TEST_RUNS);
}

/* Conditions can be about any bit. */
static void
testHighBits(void)
{
    const virLXCSeccompCondition top = {
        .op = VIR_LXC_SECCOMP_MASKED_EQ,
        .value = G_GUINT64_CONSTANT(1) << 63,
        .mask = G_GUINT64_CONSTANT(1) << 63,
    };
    virLXCCompareRange all = virLXCCompareRangeAll();
    virLXCCompareRange parts[2];

    g_assert_cmpuint(virLXCCompareRangeSplit(&all, &top, parts), ==, 2);
    g_assert_cmphex(parts[0].high, ==, G_MAXUINT64 >> 1);
    g_assert_cmphex(parts[1].low, ==, top.value);
    g_assert_cmphex(parts[1].high, ==, G_MAXUINT64);

    virLXCCompareRangeCut(&all, G_MAXUINT64, parts);
    g_assert_cmphex(parts[0].high, ==, G_MAXUINT64 - 1);
    g_assert_cmphex(parts[1].low, ==, G_MAXUINT64);
    g_assert_cmphex(parts[1].known, ==, G_MAXUINT64);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/compare/range/values", testRanges);
    g_test_add_func("/compare/range/high-bits", testHighBits);
    return g_test_run();
}
