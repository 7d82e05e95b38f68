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

#include "cases.h"
#include "oci_profile.h"
#include "seccomp_contexts.h"
#include "seccomp_differences.h"

#define TEST_MODEL_VARIABLE "CONFINEMENT_SECCOMP_MODEL"
#define TEST_MODEL_PATH "/usr/share/containers/seccomp.json"

/* That of version 0.50.1. Another one differs in other things. */
#define TEST_MODEL_DIGEST \
    "cc374cf23846ce1f62f4dc807a8e2b8673c783c6f56cb475467621035d281e6c"

static char *
testModelVerdict(const char *name,
                 const virLXCSeccompContext *context G_GNUC_UNUSED,
                 gpointer opaque)
{
    return testSeccompVerdict(opaque, name);
}

static void
testCompareContext(GPtrArray *differences, const char *model,
                   const virLXCSeccompContext *context)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCSeccompRuleset) theirs =
        virLXCOCIProfileParse(model, strlen(model), "model", context, &error);

    g_assert_no_error(error);
    testDifferencesCompareContext(differences, context, testModelVerdict,
                                  theirs);
}

static GPtrArray *
testDifferences(void)
{
    g_autofree char *dir = g_test_build_filename(G_TEST_DIST, "tests", "data",
                                                 "seccomp-default", NULL);

    return testDifferencesRead(dir);
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
    testDifferencesCheckSeen(differences);
}

static void
testDocumented(void)
{
    g_autoptr(GPtrArray) differences = testDifferences();

    testDifferencesCheckDocumented(differences, "DIFFERENCES\n===========",
                                   "Other profiles\n--------------");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/seccomp-model/same", testModel);
    g_test_add_func("/seccomp-model/documented", testDocumented);
    return g_test_run();
}
