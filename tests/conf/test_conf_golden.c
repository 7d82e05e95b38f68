/*
 * test_conf_golden.c: what each document of tests/data/conf is read as
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse and format. In: in.xml of each case. Out: compared with out.xml,
 * what the formatter says of it, or error.txt, why the parser refuses it.
 */

#include <glib/gstdio.h>

#include "cases.h"

static void
testRemove(const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);

    g_remove(path);
}

static void
testExpect(const char *dir, const char *name, const char *other,
           const char *actual)
{
    if (g_strcmp0(g_getenv("CONFINEMENT_REGENERATE"), "1") == 0)
        testRemove(dir, other);

    if (testCaseExists(dir, other)) {
        g_test_message("there is a file %s, but came out: %s", other, actual);
        g_test_fail();
        return;
    }

    testCaseCompare(dir, name, actual);
}

/* What was formatted reads back as the same definition. */
static void
testReadBack(const virLXCConfinementDef *def, const char *formatted,
             gboolean live)
{
    g_autofree char *text = testDocWrap(formatted, live);
    g_autoptr(xmlDoc) doc = testDocFromString(text);
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCConfinementDef) again = NULL;
    g_autofree char *twice = NULL;

    g_assert_nonnull(doc);
    again = virLXCConfinementDefParse(testDocFeatures(doc), &error);
    g_assert_no_error(error);
    twice = virLXCConfinementDefFormat(again, 0);
    g_assert_cmpstr(twice, ==, formatted);
    virLXCConfinementDefCheckABIStability(def, again, &error);
    g_assert_no_error(error);
}

static void
testGolden(gconstpointer data)
{
    const char *dir = data;
    g_autofree char *text = testCaseRead(dir, "in.xml");
    g_autoptr(xmlDoc) doc = testDocFromString(text);
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCConfinementDef) def = NULL;
    g_autofree char *formatted = NULL;

    g_assert_nonnull(doc);
    def = virLXCConfinementDefParse(testDocFeatures(doc), &error);
    if (!def) {
        g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                       VIR_LXC_CONFINEMENT_ERROR_XML);
        testExpect(dir, "error.txt", "out.xml", error->message);
        return;
    }

    g_assert_no_error(error);
    formatted = virLXCConfinementDefFormat(def, 0);
    testExpect(dir, "out.xml", "error.txt", formatted);
    testReadBack(def, formatted,
                 g_str_equal(xmlDocGetRootElement(doc)->name, "domstatus"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    testCasesAdd("/conf/golden", "conf", testGolden);
    return g_test_run();
}
