/*
 * test_compare_limits.c: filters that are hard to compare, and their flags
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: pairs of rulesets. Out: how the second relates to the first.
 */

#include "compare.h"

#define TEST_SEED 20261129

static virLXCSeccompRuleset *
testAllowAll(void)
{
    virLXCSeccompRuleset *ruleset = virLXCSeccompRulesetEmpty();

    g_ptr_array_add(ruleset->archs,
                    (gpointer)virLXCSeccompArchByName("x86_64"));
    ruleset->defaultAction.kind = VIR_LXC_SECCOMP_ALLOW;
    virLXCSeccompRulesetIndex(ruleset);
    return ruleset;
}

/* Rules whose conditions look at 192 bits, so that whether any values are
 * allowed is a problem of satisfiability that is too large. */
static void
testAddHardRules(GRand *rand, virLXCSeccompRuleset *ruleset)
{
    const virLXCSeccompAction refuse = {VIR_LXC_SECCOMP_ERRNO, 1};
    guint i;
    guint j;

    for (i = 0; i < 700; i++) {
        virLXCSeccompRule *rule = virLXCSeccompRuleNew("futex", refuse, 0);

        for (j = 0; j < 3; j++) {
            guint64 bit = G_GUINT64_CONSTANT(1)
                          << g_rand_int_range(rand, 0, 64);
            const virLXCSeccompCondition condition = {
                .index = j,
                .op = VIR_LXC_SECCOMP_MASKED_EQ,
                .value = g_rand_int_range(rand, 0, 2) ? bit : 0,
                .mask = bit,
            };

            g_array_append_val(rule->conditions, condition);
        }
        g_ptr_array_add(ruleset->rules, rule);
    }
    virLXCSeccompRulesetIndex(ruleset);
}

/* The same rules in another order, which does not matter since all have the
 * same action. What cannot be examined is never said to be tighter or equal. */
static void
testHard(void)
{
    virLXCSeccompPlan seccomp[2] = {0};
    virLXCPlan plans[2] = {0};
    GPtrArray *rules = NULL;
    g_autoptr(virLXCComparison) comparison = NULL;
    const virLXCDifference *difference = NULL;
    size_t i;

    for (i = 0; i < 2; i++) {
        g_autoptr(GRand) same = g_rand_new_with_seed(TEST_SEED);

        seccomp[i].ruleset = testAllowAll();
        testAddHardRules(same, seccomp[i].ruleset);
        plans[i].seccomp = &seccomp[i];
    }

    rules = seccomp[1].ruleset->rules;
    for (i = 0; i < rules->len; i++) {
        gpointer rule = g_ptr_array_steal_index(rules, (guint)i);

        g_ptr_array_insert(rules, 0, rule);
    }
    virLXCSeccompRulesetIndex(seccomp[1].ruleset);

    comparison = virLXCPlanCompare(&plans[0], &plans[1]);
    g_assert_cmpuint(comparison->verdict, ==, VIR_LXC_RELATION_UNPROVABLE);
    difference = g_ptr_array_index(comparison->differences, 0);
    g_assert_cmpstr(difference->what, ==, "futex");
    g_assert_cmpstr(difference->to, ==, "too complex");
    for (i = 0; i < 2; i++)
        virLXCSeccompRulesetFree(seccomp[i].ruleset);
}

static virLXCRelation
testRelationOfFlags(virLXCLeaf leaf, unsigned int from, unsigned int to)
{
    g_autoptr(virLXCSeccompRuleset) first = testAllowAll();
    g_autoptr(virLXCSeccompRuleset) second = testAllowAll();
    virLXCSeccompPlan seccomp[2] = {{.ruleset = first}, {.ruleset = second}};
    const virLXCPlan plans[2] = {{.seccomp = &seccomp[0]},
                                 {.seccomp = &seccomp[1]}};
    g_autoptr(virLXCComparison) comparison = NULL;

    first->flags = from;
    second->flags = to;
    comparison = virLXCPlanCompare(&plans[0], &plans[1]);
    g_assert_cmpuint(comparison->verdict, ==, comparison->leaves[leaf]);
    return comparison->leaves[leaf];
}

static void
testFlags(void)
{
    static const struct {
        virLXCLeaf leaf;
        unsigned int flag;
        virLXCRelation set;
        virLXCRelation cleared;
    } rows[] = {
        {VIR_LXC_LEAF_SECCOMP, VIR_LXC_SECCOMP_FLAG_SPEC_ALLOW,
         VIR_LXC_RELATION_LOOSER, VIR_LXC_RELATION_TIGHTER},
        {VIR_LXC_LEAF_LOG, VIR_LXC_SECCOMP_FLAG_LOG, VIR_LXC_RELATION_TIGHTER,
         VIR_LXC_RELATION_LOOSER},
        {VIR_LXC_LEAF_SECCOMP, VIR_LXC_SECCOMP_FLAG_WAIT_KILLABLE_RECV,
         VIR_LXC_RELATION_EQUAL, VIR_LXC_RELATION_EQUAL},
    };
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(rows); i++) {
        unsigned int flag = rows[i].flag;

        g_assert_cmpuint(testRelationOfFlags(rows[i].leaf, 0, flag), ==,
                         rows[i].set);
        g_assert_cmpuint(testRelationOfFlags(rows[i].leaf, flag, 0), ==,
                         rows[i].cleared);
        g_assert_cmpuint(testRelationOfFlags(rows[i].leaf, flag, flag), ==,
                         VIR_LXC_RELATION_EQUAL);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/compare/limits/hard", testHard);
    g_test_add_func("/compare/limits/flags", testFlags);
    return g_test_run();
}
