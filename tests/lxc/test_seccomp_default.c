/*
 * test_seccomp_default.c: the driver's own seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the table of groups; the contexts of tests/data/seccomp-default/rules.
 * Out: whether each call is decided on, and the rules, compared with the
 * rules.txt beside each context.txt.
 */

#include <string.h>

#include "capabilities_table.h"
#include "cases.h"
#include "seccomp_contexts.h"
#include "seccomp_default.h"
#include "seccomp_default_table.h"

#define TEST_WIDTH 80

/* They make other calls, whose rules decide. */
static const char *const testMultiplexers[] = {"ipc", "socketcall", NULL};

/* Names are sorted, known, and no multiplexer. */
static void
testNames(void)
{
    size_t ngroups = 0;
    const virLXCSeccompDefaultGroup *groups =
        virLXCSeccompDefaultGroups(&ngroups);
    size_t i;
    size_t j;

    for (i = 0; i < ngroups; i++) {
        const char *const *names = groups[i].names;

        g_assert_nonnull(groups[i].purpose);
        g_assert_nonnull(names[0]);
        for (j = 0; names[j]; j++) {
            if (j > 0)
                g_assert_cmpstr(names[j - 1], <, names[j]);
            if (!virLXCSyscallByName(names[j]))
                g_error("'%s' is not a system call", names[j]);
            g_assert_false(g_strv_contains(testMultiplexers, names[j]));
        }
    }
}

static GHashTable *
testNamesOfGroups(void)
{
    GHashTable *all = g_hash_table_new(g_str_hash, g_str_equal);
    size_t ngroups = 0;
    const virLXCSeccompDefaultGroup *groups =
        virLXCSeccompDefaultGroups(&ngroups);
    size_t i;
    size_t j;

    for (i = 0; i < ngroups; i++) {
        for (j = 0; groups[i].names[j]; j++)
            g_hash_table_add(all, (void *)groups[i].names[j]);
    }
    return all;
}

/* A call that comes into the table has to be decided on. */
static void
testComplete(void)
{
    g_autoptr(GHashTable) names = testNamesOfGroups();
    size_t ncalls = 0;
    const virLXCSyscall *calls = virLXCSyscallTable(&ncalls);
    size_t i;

    for (i = 0; i < ncalls; i++) {
        if (!g_hash_table_contains(names, calls[i].name) &&
            !g_strv_contains(testMultiplexers, calls[i].name))
            g_error("no group has '%s'", calls[i].name);
    }
}

static void
testArchNames(const char *const *archs)
{
    size_t i;

    for (i = 0; archs && archs[i]; i++)
        g_assert_nonnull(virLXCSeccompArchByName(archs[i]));
}

static void
testArchs(void)
{
    size_t ngroups = 0;
    const virLXCSeccompDefaultGroup *groups =
        virLXCSeccompDefaultGroups(&ngroups);
    size_t i;

    for (i = 0; i < ngroups; i++) {
        testArchNames(groups[i].archs);
        testArchNames(groups[i].notArchs);
        g_assert_cmpuint(groups[i].nconditions, <=,
                         G_N_ELEMENTS(groups[i].conditions));
    }
}

/* No rule follows an unconditional one for the same call, in any context. */
static void
testReached(void)
{
    g_autoptr(GArray) contexts = testSeccompContexts();
    size_t i;
    size_t j;

    for (i = 0; i < contexts->len; i++) {
        g_autoptr(virLXCSeccompRuleset) ruleset = virLXCSeccompRulesetEmpty();
        g_autoptr(GHashTable) done = g_hash_table_new(g_str_hash, g_str_equal);

        virLXCSeccompDefaultAddRules(
            ruleset, &g_array_index(contexts, virLXCSeccompContext, i));
        for (j = 0; j < ruleset->rules->len; j++) {
            const virLXCSeccompRule *rule =
                g_ptr_array_index(ruleset->rules, j);

            if (g_hash_table_contains(done, rule->name))
                g_error("a rule of '%s' is never reached", rule->name);
            if (rule->conditions->len == 0)
                g_hash_table_add(done, rule->name);
        }
    }
}

/* Calls that are simply allowed, as lines of words. */
static void
testDumpAllowed(GString *out, const virLXCSeccompRuleset *ruleset)
{
    size_t column = 0;
    size_t i;

    for (i = 0; i < ruleset->rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(ruleset->rules, i);
        size_t length = strlen(rule->name);

        if (rule->action.kind != VIR_LXC_SECCOMP_ALLOW ||
            rule->conditions->len > 0)
            continue;

        if (column > 0 && column + 1 + length <= TEST_WIDTH) {
            g_string_append_c(out, ' ');
            column++;
        } else if (column > 0) {
            g_string_append_c(out, '\n');
            column = 0;
        }
        g_string_append(out, rule->name);
        column += length;
    }
    g_string_append(out, "\n\n");
}

static void
testDumpOthers(GString *out, const virLXCSeccompRuleset *ruleset)
{
    size_t i;

    for (i = 0; i < ruleset->rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(ruleset->rules, i);
        g_autofree char *text = testSeccompRuleText(rule);

        if (rule->action.kind != VIR_LXC_SECCOMP_ALLOW ||
            rule->conditions->len > 0)
            g_string_append_printf(out, "%s: %s\n", rule->name, text);
    }
}

/* context.txt: the architecture, a colon, capabilities. */
static void
testRules(gconstpointer dir)
{
    g_autofree char *text = testCaseRead(dir, "context.txt");
    g_auto(GStrv) words = g_strsplit(g_strchomp(text), ": ", 2);
    virLXCSeccompContext context = {
        .native = virLXCSeccompArchByName(words[0]),
        .capabilities = testCapabilities(words[1]),
        .kernel = {6, 1},
    };
    g_autoptr(virLXCSeccompRuleset) ruleset = virLXCSeccompRulesetEmpty();
    g_autoptr(GString) out = g_string_new(NULL);

    virLXCSeccompDefaultAddRules(ruleset, &context);
    testDumpAllowed(out, ruleset);
    testDumpOthers(out, ruleset);
    testCaseCompare(dir, "rules.txt", out->str);
}

static void
testJoinCapabilities(GString *out, const char *word, guint64 bits,
                     const char *separator)
{
    size_t nrows = 0;
    const virLXCCapability *rows = virLXCCapabilityTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (!(bits & VIR_LXC_CAPABILITY_BIT(rows[i].number)))
            continue;
        g_string_append_printf(out, "%s%s", word, rows[i].name);
        word = separator;
    }
}

static void
testJoinArchs(GString *out, const char *word, const char *const *archs)
{
    size_t i;

    for (i = 0; archs && archs[i]; i++)
        g_string_append_printf(out, "%s%s", i ? ", " : word, archs[i]);
}

/* What a group needs, as one line that ends with what it gets then. */
static void
testConditionsOfGroup(GString *out, const virLXCSeccompDefaultGroup *group)
{
    g_autoptr(GString) when = g_string_new(NULL);
    g_autoptr(virLXCSeccompRule) rule =
        virLXCSeccompRuleNew(group->names[0], group->action, 0);
    g_autofree char *text = NULL;

    testJoinCapabilities(when, "; with ", group->with, " or ");
    testJoinCapabilities(when, "; without ", group->without, ", ");
    testJoinArchs(when, "; on ", group->archs);
    testJoinArchs(when, "; not on ", group->notArchs);
    g_array_append_vals(rule->conditions, group->conditions,
                        group->nconditions);
    text = testSeccompRuleText(rule);
    if (group->denied)
        g_string_append(when, "; denied");
    else if (when->len || !g_str_equal(text, "allow"))
        g_string_append_printf(when, "; %s", text);
    if (when->len)
        g_string_append_printf(out, "   *%s*\n\n", when->str + 2);
}

static void
testNamesOfGroup(GString *out, const char *const *names)
{
    size_t column = 2;
    size_t i;

    g_string_append(out, "  ");
    for (i = 0; names[i]; i++) {
        size_t length = strlen(names[i]);

        if (column > 2 && column + 1 + length > TEST_WIDTH) {
            g_string_append(out, "\n  ");
            column = 2;
        }
        g_string_append_printf(out, " %s", names[i]);
        column += 1 + length;
    }
    g_string_append(out, "\n");
}

/* One definition for each purpose. */
static char *
testGroupsText(void)
{
    GString *out = g_string_new(NULL);
    const char *purpose = "";
    size_t ngroups = 0;
    const virLXCSeccompDefaultGroup *groups =
        virLXCSeccompDefaultGroups(&ngroups);
    size_t i;

    for (i = 0; i < ngroups; i++) {
        g_string_append_c(out, '\n');
        if (!g_str_equal(groups[i].purpose, purpose))
            g_string_append_printf(out, "%s\n", groups[i].purpose);
        purpose = groups[i].purpose;
        testConditionsOfGroup(out, &groups[i]);
        testNamesOfGroup(out, groups[i].names);
    }
    return g_string_free(out, FALSE);
}

/* What the reference has between its headlines CALLS and DIFFERENCES is what
 * the table says. */
static void
testDocumented(void)
{
    static const char begin[] = "\nCALLS\n=====\n";
    g_autofree char *root = g_test_build_filename(G_TEST_DIST, "docs", NULL);
    g_autofree char *text = testCaseRead(root, "lxc-seccomp-default.rst");
    g_autofree char *groups = testGroupsText();
    g_autofree char *expected = NULL;
    char *start = strstr(text, begin);
    const char *end = start ? strstr(start, "\nDIFFERENCES\n") : NULL;

    g_assert_nonnull(end);
    start[strlen(begin)] = 0;
    expected = g_strconcat(text, groups, end, NULL);
    testCaseCompare(root, "lxc-seccomp-default.rst", expected);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/seccomp-default/names", testNames);
    g_test_add_func("/seccomp-default/complete", testComplete);
    g_test_add_func("/seccomp-default/archs", testArchs);
    g_test_add_func("/seccomp-default/reached", testReached);
    g_test_add_func("/seccomp-default/documented", testDocumented);
    testCasesAdd("/seccomp-default/rules", "seccomp-default/rules", testRules);
    return g_test_run();
}
