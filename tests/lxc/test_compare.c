/*
 * test_compare.c: compare documents
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the pairs of documents of tests/data/compare, from.xml and to.xml. Out:
 * how the second relates to the first on a host with everything, compared with
 * the compare.txt beside them; and the other way round.
 */

#include <string.h>

#include "cases.h"
#include "compare.h"

static const virLXCHost testHost = {
    .lastCap = 40,
    .bounding = G_MAXUINT64,
    .rebootContained = true,
    .landlockABI = VIR_LXC_LANDLOCK_ABI_MAX,
    .landlockErrata = G_MAXUINT,
    .kernel = {6, 12},
    .cpus = 2,
    .seccompActions = G_MAXUINT,
    .seccompFlags = G_MAXUINT,
};

static virLXCPlan *
testPlan(const char *dir, const char *name)
{
    g_autofree char *text = testCaseRead(dir, name);
    g_autoptr(virLXCConfinementDef) def = testDefFromString(text);
    g_autoptr(GError) error = NULL;
    virLXCHost host = testHost;
    virLXCPlan *plan = NULL;

    host.seccompArch = virLXCSeccompArchByName("x86_64");
    if (def)
        virLXCConfinementDefComplete(def, host.landlockABI, &error);
    g_assert_no_error(error);
    plan = virLXCPlanNew(def, &host, NULL, !strstr(text, "<inituser>"), &error);
    g_assert_no_error(error);
    return plan;
}

static void
testAppendDifference(GString *out, const virLXCDifference *difference)
{
    g_string_append_printf(out, "  %s %s: ", virLXCLeafName(difference->leaf),
                           virLXCRelationName(difference->relation));
    if (difference->group)
        g_string_append_printf(out, "%s ", difference->group);
    g_string_append(out, difference->what);
    if (difference->example)
        g_string_append_printf(out, "(%s)", difference->example);
    g_string_append_printf(out, ": %s -> %s\n", difference->from,
                           difference->to);
}

static void
testAppend(GString *out, const virLXCPlan *from, const virLXCPlan *to)
{
    g_autoptr(virLXCComparison) comparison = virLXCPlanCompare(from, to);
    guint i;

    g_string_append_printf(out, "%s\n",
                           virLXCRelationName(comparison->verdict));
    for (i = 0; i < comparison->differences->len; i++)
        testAppendDifference(out,
                             g_ptr_array_index(comparison->differences, i));
}

static void
testCompare(gconstpointer dir)
{
    g_autoptr(virLXCPlan) from = testPlan(dir, "from.xml");
    g_autoptr(virLXCPlan) to = testPlan(dir, "to.xml");
    g_autoptr(GString) out = g_string_new("to is ");

    testAppend(out, from, to);
    g_string_append(out, "from is ");
    testAppend(out, to, from);
    testCaseCompare(dir, "compare.txt", out->str);
}

/* Nothing differs from itself. */
static void
testSame(gconstpointer dir)
{
    g_autoptr(virLXCPlan) from = testPlan(dir, "from.xml");
    g_autoptr(virLXCPlan) same = testPlan(dir, "from.xml");
    g_autoptr(virLXCComparison) comparison = virLXCPlanCompare(from, same);

    g_assert_cmpuint(comparison->verdict, ==, VIR_LXC_RELATION_EQUAL);
    g_assert_cmpuint(comparison->differences->len, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testCasesAdd("/compare/documents", "compare", testCompare);
    testCasesAdd("/compare/same", "compare", testSame);
    return g_test_run();
}
