/*
 * seccomp_differences.c: how the driver's profile differs from others
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "seccomp_differences.h"

#include <string.h>

#include "cases.h"
#include "seccomp_contexts.h"
#include "seccomp_default.h"
#include "seccomp_number.h"

/* A line of differences.txt. */
typedef struct {
    char **fields;
    char **names;
    bool seen;
} testDifference;

/* The fields between '|'. */
enum { TEST_NAMES, TEST_WHEN, TEST_THEIRS, TEST_OURS, TEST_WHY, TEST_FIELDS };

static void
testDifferenceFree(void *data)
{
    testDifference *difference = data;

    g_strfreev(difference->fields);
    g_strfreev(difference->names);
    g_free(difference);
}

static testDifference *
testDifferenceParse(const char *line)
{
    testDifference *difference = g_new0(testDifference, 1);
    size_t i;

    difference->fields = g_strsplit(line, "|", -1);
    if (g_strv_length(difference->fields) != TEST_FIELDS)
        g_error("no difference: %s", line);
    for (i = 0; i < TEST_FIELDS; i++)
        g_strstrip(difference->fields[i]);
    difference->names = g_strsplit(difference->fields[TEST_NAMES], " ", -1);
    return difference;
}

GPtrArray *
testDifferencesRead(const char *dir)
{
    g_autofree char *text = testCaseRead(dir, "differences.txt");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GPtrArray *differences = g_ptr_array_new_with_free_func(testDifferenceFree);
    size_t i;

    for (i = 0; lines[i]; i++) {
        if (*lines[i] && *lines[i] != '#')
            g_ptr_array_add(differences, testDifferenceParse(lines[i]));
    }
    return differences;
}

bool
testWhenHolds(const char *when, const virLXCSeccompContext *context)
{
    g_auto(GStrv) words = g_strsplit(when, " ", -1);
    size_t i;

    for (i = 0; words[i] && words[i + 1]; i += 2) {
        const char *what = words[i + 1];
        bool isArch =
            g_str_equal(words[i], "on") || g_str_equal(words[i], "off");
        bool has = isArch ? g_str_equal(context->native->name, what)
                          : (context->capabilities & testCapabilities(what));

        if (has !=
            (g_str_equal(words[i], "on") || g_str_equal(words[i], "with")))
            return false;
    }
    return true;
}

static testDifference *
testDifferenceFind(GPtrArray *differences, const char *name,
                   const virLXCSeccompContext *context)
{
    testDifference *found = NULL;
    size_t i;

    for (i = 0; i < differences->len; i++) {
        testDifference *difference = g_ptr_array_index(differences, i);

        if (!g_strv_contains((const char *const *)difference->names, name) ||
            !testWhenHolds(difference->fields[TEST_WHEN], context))
            continue;
        if (found)
            g_error("'%s' is listed twice for one context", name);
        found = difference;
    }
    return found;
}

void
testDifferencesCompare(GPtrArray *differences, const char *name,
                       const virLXCSeccompContext *context, const char *theirs,
                       const char *ours)
{
    testDifference *listed = testDifferenceFind(differences, name, context);

    if (listed)
        listed->seen = true;
    if (g_str_equal(theirs, ours) && !listed)
        return;
    if (listed && !g_str_equal(theirs, ours) &&
        g_str_equal(listed->fields[TEST_THEIRS], theirs) &&
        g_str_equal(listed->fields[TEST_OURS], ours))
        return;

    g_test_message("%s, %s with 0x%" G_GINT64_MODIFIER "x: %s | %s%s", name,
                   context->native->name, context->capabilities, theirs, ours,
                   listed ? " is listed differently" : "");
    g_test_fail();
}

/* Whether a host of that architecture has the call in any of its ABIs. */
static bool
testHasCall(const virLXCSeccompArch *native, const char *name)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if ((&rows[i] == native ||
             g_strcmp0(rows[i].runsUnder, native->name) == 0) &&
            virLXCSyscallNumber(name, &rows[i]) >= 0)
            return true;
    }
    return false;
}

/* Calls that make others are decided by the rules of those. */
static char *
testOurVerdict(const virLXCSeccompRuleset *ours, const char *name)
{
    if (g_str_equal(name, "ipc") || g_str_equal(name, "socketcall"))
        return g_strdup("as the call that it makes");
    return testSeccompVerdict(ours, name);
}

void
testDifferencesCompareContext(
    GPtrArray *differences, const virLXCSeccompContext *context,
    char *(*theirs)(const char *name, const virLXCSeccompContext *context,
                    gpointer opaque),
    gpointer opaque)
{
    g_autoptr(virLXCSeccompRuleset) ours = virLXCSeccompRulesetEmpty();
    size_t ncalls = 0;
    const virLXCSyscall *calls = virLXCSyscallTable(&ncalls);
    size_t i;

    virLXCSeccompDefaultAddRules(ours, context);
    for (i = 0; i < ncalls; i++) {
        const char *name = calls[i].name;
        g_autofree char *their = theirs(name, context, opaque);
        g_autofree char *our = testOurVerdict(ours, name);

        if (testHasCall(context->native, name))
            testDifferencesCompare(differences, name, context, their, our);
    }
}

void
testDifferencesCheckSeen(const GPtrArray *differences)
{
    size_t i;

    for (i = 0; i < differences->len; i++) {
        const testDifference *difference = g_ptr_array_index(differences, i);

        if (difference->seen)
            continue;
        g_test_message("no difference: %s when %s",
                       difference->fields[TEST_NAMES],
                       difference->fields[TEST_WHEN]);
        g_test_fail();
    }
}

/* From a headline with the beginning of its underline up to the next headline
 * that is underlined so. */
static char *
testDocumentedText(const char *headline, const char *end)
{
    g_autofree char *root = g_test_build_filename(G_TEST_DIST, "docs", NULL);
    g_autofree char *text = testCaseRead(root, "lxc-seccomp-default.rst");
    g_autofree char *first = g_strdup_printf("\n%s", headline);
    g_autofree char *last = g_strdup_printf("\n%s", end);
    const char *start = strstr(text, first);
    const char *stop;

    if (!start)
        g_error("the reference does not have the headline '%s'", headline);
    start += strlen(first);
    stop = strstr(start, last);
    return stop ? g_strndup(start, (gsize)(stop - start)) : g_strdup(start);
}

void
testDifferencesCheckDocumented(const GPtrArray *differences,
                               const char *headline, const char *end)
{
    g_autofree char *text = testDocumentedText(headline, end);
    size_t i;
    size_t j;

    for (i = 0; i < differences->len; i++) {
        const testDifference *difference = g_ptr_array_index(differences, i);

        for (j = 0; difference->names[j]; j++) {
            g_autofree char *name =
                g_strdup_printf("``%s``", difference->names[j]);

            if (strstr(text, name))
                continue;
            g_test_message("'%s' does not describe the difference %s", headline,
                           name);
            g_test_fail();
        }
    }
}
