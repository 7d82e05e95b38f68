/*
 * test_conf_golden.c: what each document of tests/data/conf is read as
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse and format. In: in.xml of each case. Out: compared with out.xml,
 * what the formatter says of it, with error.txt, why the document is malformed,
 * or with contradiction.txt, why it is well formed and makes no sense.
 */

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"

static void
testRemove(const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);

    g_remove(path);
}

static const char *const verdicts[] = {"out.xml", "error.txt",
                                       "contradiction.txt", NULL};

/* A case has one verdict. */
static void
testExpect(const char *dir, const char *name, const char *actual)
{
    gboolean regenerate =
        g_strcmp0(g_getenv("CONFINEMENT_REGENERATE"), "1") == 0;
    size_t i;

    for (i = 0; verdicts[i]; i++) {
        if (g_str_equal(verdicts[i], name))
            continue;
        if (regenerate)
            testRemove(dir, verdicts[i]);
        if (testCaseExists(dir, verdicts[i])) {
            g_test_message("there is a file %s, but came out: %s", verdicts[i],
                           actual);
            g_test_fail();
            return;
        }
    }

    testCaseCompare(dir, name, actual);
}

/* Programs get the line that the text names first. */
static void
testLine(const GError *error)
{
    static const char before[] = "(line ";
    const char *line = strstr(error->message, before);

    g_assert_cmpint(virLXCErrorGetLine(error), ==,
                    line ? atoi(line + strlen(before)) : 0);
}

static void
testRefused(const char *dir, const GError *error)
{
    g_assert_true(error->domain == VIR_LXC_CONFINEMENT_ERROR);
    testLine(error);
    if (error->code == VIR_LXC_CONFINEMENT_ERROR_INVALID) {
        testExpect(dir, "contradiction.txt", error->message);
        return;
    }

    g_assert_cmpint(error->code, ==, VIR_LXC_CONFINEMENT_ERROR_XML);
    testExpect(dir, "error.txt", error->message);
}

/* What was written reads back as the same definition, which is formatted as
 * expected. */
static void
testReadBack(const virLXCConfinementDef *def, const char *written,
             gboolean live, const char *formatted)
{
    g_autofree char *text = testDocWrap(written, live);
    g_autoptr(xmlDoc) doc = testDocFromString(text);
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCConfinementDef) again = NULL;
    g_autofree char *twice = NULL;

    g_assert_nonnull(doc);
    again = virLXCConfinementDefParse(testDocDomain(doc), &error);
    g_assert_no_error(error);
    twice = virLXCConfinementDefFormat(again, 0);
    g_assert_cmpstr(twice, ==, formatted);
    virLXCConfinementDefCheckABIStability(def, again, &error);
    g_assert_no_error(error);
}

/* Libvirt's record of a running domain means the same as what dumpxml shows. */
static void
testStatus(const virLXCConfinementDef *def, const char *formatted)
{
    g_autofree char *status = virLXCConfinementDefFormatStatus(def, 0);

    testReadBack(def, status, TRUE, formatted);
}

/* What is filled in can be stored: it reads back, and nothing is filled in
 * again. */
static void
testComplete(xmlDoc *doc, gboolean live)
{
    unsigned int abi;

    for (abi = 0; abi <= VIR_LXC_LANDLOCK_ABI_MAX + 1; abi++) {
        g_autoptr(virLXCConfinementDef) def =
            virLXCConfinementDefParse(testDocDomain(doc), NULL);
        g_autofree char *once = NULL;
        g_autofree char *twice = NULL;

        if (virLXCConfinementDefComplete(def, abi, NULL) < 0)
            continue;

        once = virLXCConfinementDefFormat(def, 0);
        testReadBack(def, once, live, once);
        g_assert_cmpint(virLXCConfinementDefComplete(def, 0, NULL), ==, 0);
        twice = virLXCConfinementDefFormat(def, 0);
        g_assert_cmpstr(twice, ==, once);
    }
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
    gboolean live;

    g_assert_nonnull(doc);
    def = virLXCConfinementDefParse(testDocDomain(doc), &error);
    if (!def) {
        testRefused(dir, error);
        return;
    }

    g_assert_no_error(error);
    live = g_str_equal(xmlDocGetRootElement(doc)->name, "domstatus");
    formatted = virLXCConfinementDefFormat(def, 0);
    testExpect(dir, "out.xml", formatted);
    testReadBack(def, formatted, live, formatted);
    testStatus(def, formatted);
    testComplete(doc, live);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    testCasesAdd("/conf/golden", "conf", testGolden);
    return g_test_run();
}
