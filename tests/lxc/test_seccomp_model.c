/*
 * test_seccomp_model.c: the driver's own seccomp profile and its model
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the profile of Debian's package golang-github-containers-common, or the
 * same one at the path in CONFINEMENT_SECCOMP_MODEL; what we do differently, in
 * tests/data/seccomp-default/differences.txt. Out: whether these are the only
 * differences, for every call and in many contexts, and whether the reference
 * has them all.
 */

#include <string.h>

#include "capabilities_table.h"
#include "cases.h"
#include "oci_profile.h"
#include "seccomp_contexts.h"
#include "seccomp_default.h"
#include "seccomp_number.h"

#define TEST_MODEL_VARIABLE "CONFINEMENT_SECCOMP_MODEL"
#define TEST_MODEL_PATH "/usr/share/containers/seccomp.json"

/* That of version 0.50.1. Another one differs in other things. */
#define TEST_MODEL_DIGEST \
    "cc374cf23846ce1f62f4dc807a8e2b8673c783c6f56cb475467621035d281e6c"

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

static GPtrArray *
testDifferences(void)
{
    g_autofree char *dir = g_test_build_filename(G_TEST_DIST, "tests", "data",
                                                 "seccomp-default", NULL);
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

/* "always", or pairs of words: with CAPABILITY, without CAPABILITY, on ARCH,
 * off ARCH. All have to hold. */
static bool
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

/* Prints what would have to be listed. */
static void
testCompareCall(GPtrArray *differences, const char *name,
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

static void
testCompareContext(GPtrArray *differences, const char *model,
                   const virLXCSeccompContext *context)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCSeccompRuleset) ours = virLXCSeccompRulesetEmpty();
    g_autoptr(virLXCSeccompRuleset) theirs =
        virLXCOCIProfileParse(model, strlen(model), "model", context, &error);
    size_t ncalls = 0;
    const virLXCSyscall *calls = virLXCSyscallTable(&ncalls);
    size_t i;

    g_assert_no_error(error);
    virLXCSeccompDefaultAddRules(ours, context);
    for (i = 0; i < ncalls; i++) {
        const char *name = calls[i].name;
        g_autofree char *their = testSeccompVerdict(theirs, name);
        g_autofree char *our = testOurVerdict(ours, name);

        if (!testHasCall(context->native, name))
            continue;
        testCompareCall(differences, name, context, their, our);
    }
}

/* Returns its text, or NULL when it is not there. */
static char *
testModelRead(void)
{
    const char *path = g_getenv(TEST_MODEL_VARIABLE);
    g_autofree char *text = NULL;
    g_autofree char *digest = NULL;

    if (!g_file_get_contents(path ? path : TEST_MODEL_PATH, &text, NULL,
                             NULL)) {
        testSkip("golang-github-containers-common is not installed");
        return NULL;
    }
    digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    if (!g_str_equal(digest, TEST_MODEL_DIGEST)) {
        testSkip("golang-github-containers-common is not version 0.50.1");
        return NULL;
    }
    return g_steal_pointer(&text);
}

static void
testModel(void)
{
    g_autofree char *model = testModelRead();
    g_autoptr(GPtrArray) differences = testDifferences();
    g_autoptr(GArray) contexts = testSeccompContexts();
    size_t i;

    if (!model)
        return;

    for (i = 0; i < contexts->len; i++)
        testCompareContext(differences, model,
                           &g_array_index(contexts, virLXCSeccompContext, i));
    for (i = 0; i < differences->len; i++) {
        const testDifference *difference = g_ptr_array_index(differences, i);

        if (!difference->seen)
            g_error("no difference: %s when %s", difference->fields[TEST_NAMES],
                    difference->fields[TEST_WHEN]);
    }
}

/* What the reference has between its headline DIFFERENCES and the next one. */
static char *
testDocumentedText(void)
{
    g_autofree char *root = g_test_build_filename(G_TEST_DIST, "docs", NULL);
    g_autofree char *text = testCaseRead(root, "lxc-seccomp-default.rst");
    const char *start = strstr(text, "\nDIFFERENCES\n===========\n");
    const char *end = start ? strstr(start, "\nLIMITATIONS\n") : NULL;

    g_assert_nonnull(end);
    return g_strndup(start, (gsize)(end - start));
}

static void
testDocumented(void)
{
    g_autofree char *text = testDocumentedText();
    g_autoptr(GPtrArray) differences = testDifferences();
    size_t i;
    size_t j;

    for (i = 0; i < differences->len; i++) {
        const testDifference *difference = g_ptr_array_index(differences, i);

        for (j = 0; difference->names[j]; j++) {
            g_autofree char *name =
                g_strdup_printf("``%s``", difference->names[j]);

            if (!strstr(text, name))
                g_error("the reference lacks the difference %s", name);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/seccomp-model/same", testModel);
    g_test_add_func("/seccomp-model/documented", testDocumented);
    return g_test_run();
}
