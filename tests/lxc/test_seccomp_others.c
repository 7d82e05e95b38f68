/*
 * test_seccomp_others.c: the driver's own seccomp profile and other ones
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: for each directory NAME of tests/data/seccomp-default/others, the calls
 * that a profile allows (profile.txt), and what we do differently
 * (differences.txt). Out: whether these are the only differences, for every
 * call and in many contexts, and whether the reference has them all.
 */

#include <string.h>

#include "cases.h"
#include "seccomp_contexts.h"
#include "seccomp_differences.h"

/* "names | when | action" */
enum { TEST_NAMES, TEST_WHEN, TEST_ACTION, TEST_FIELDS };

typedef struct {
    char **fields;
    char **names;
} testRow;

static void
testRowFree(void *data)
{
    testRow *row = data;

    g_strfreev(row->fields);
    g_strfreev(row->names);
    g_free(row);
}

static testRow *
testRowParse(const char *line)
{
    testRow *row = g_new0(testRow, 1);
    size_t i;

    row->fields = g_strsplit(line, "|", -1);
    if (g_strv_length(row->fields) != TEST_FIELDS)
        g_error("this line does not have %d fields: %s", TEST_FIELDS, line);
    for (i = 0; i < TEST_FIELDS; i++)
        g_strstrip(row->fields[i]);
    row->names = g_strsplit(row->fields[TEST_NAMES], " ", -1);
    for (i = 0; row->names[i]; i++) {
        if (!virLXCSyscallByName(row->names[i]))
            g_error("'%s' is not a system call", row->names[i]);
    }
    return row;
}

static GPtrArray *
testProfileRead(const char *dir)
{
    g_autofree char *text = testCaseRead(dir, "profile.txt");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GPtrArray *rows = g_ptr_array_new_with_free_func(testRowFree);
    size_t i;

    for (i = 0; lines[i]; i++) {
        if (*lines[i] && *lines[i] != '#')
            g_ptr_array_add(rows, testRowParse(lines[i]));
    }
    g_assert_cmpuint(rows->len, >, 0);
    return rows;
}

static char *
testVerdict(const char *name, const virLXCSeccompContext *context,
            gpointer opaque)
{
    const GPtrArray *rows = opaque;
    size_t i;

    for (i = 0; i < rows->len; i++) {
        const testRow *row = g_ptr_array_index(rows, i);

        if (g_strv_contains((const char *const *)row->names, name) &&
            testWhenHolds(row->fields[TEST_WHEN], context))
            return g_strdup(row->fields[TEST_ACTION]);
    }
    return g_strdup("EPERM");
}

static void
testProfile(gconstpointer dir)
{
    g_autoptr(GPtrArray) rows = testProfileRead(dir);
    g_autoptr(GPtrArray) differences = testDifferencesRead(dir);
    g_autoptr(GArray) contexts = testSeccompContexts();
    g_autofree char *name = g_path_get_basename(dir);
    g_autofree char *headline = g_strdup_printf("%s\n~~~", name);
    size_t i;

    for (i = 0; i < contexts->len; i++)
        testDifferencesCompareContext(
            differences, &g_array_index(contexts, virLXCSeccompContext, i),
            testVerdict, rows);
    testDifferencesCheckSeen(differences);
    testDifferencesCheckDocumented(differences, headline, "~~~");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    testCasesAdd("/seccomp-others", "seccomp-default/others", testProfile);
    return g_test_run();
}
