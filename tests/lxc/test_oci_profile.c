/*
 * test_oci_profile.c: seccomp profiles on invented hosts
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the profiles of tests/data/oci-profile. Out: the ruleset on each host of
 * the table below, compared with out.txt, or why there is none, on all of them,
 * compared with error.txt.
 */

#include <string.h>

#include "capabilities_table.h"
#include "cases.h"
#include "oci_profile.h"
#include "profile_file.h"
#include "seccomp_text.h"

typedef struct {
    const char *name;
    const char *arch;
    guint64 capabilities;
    virLXCKernelVersion kernel;
} testHost;

#define SYS_ADMIN VIR_LXC_CAPABILITY_BIT(21)
#define ALL G_GUINT64_CONSTANT(0x1ffffffffff)

static const testHost hosts[] = {
    {"x86_64, no capability, Linux 6.12", "x86_64", 0, {6, 12}},
    {"x86_64, all capabilities, Linux 6.12", "x86_64", ALL, {6, 12}},
    {"x86_64, sys_admin, Linux 4.4", "x86_64", SYS_ADMIN, {4, 4}},
    {"i686, no capability, Linux 6.12", "i686", 0, {6, 12}},
    {"aarch64, no capability, Linux 4.8", "aarch64", 0, {4, 8}},
};

/* Returns a dump, or NULL with an error. */
static char *
testParse(const char *text, size_t length, const testHost *host, GError **error)
{
    const virLXCSeccompContext context = {
        .native = virLXCSeccompArchByName(host->arch),
        .capabilities = host->capabilities,
        .kernel = host->kernel,
    };
    g_autoptr(virLXCSeccompRuleset) ruleset =
        virLXCOCIProfileParse(text, length, "web", &context, error);

    g_assert_nonnull(context.native);
    return ruleset ? testSeccompRulesetText(ruleset) : NULL;
}

/* A malformed profile is rejected on any host. */
static void
testRefused(const char *dir, const char *text, const char *first)
{
    size_t i;

    g_assert_false(testCaseExists(dir, "out.txt"));
    for (i = 0; i < G_N_ELEMENTS(hosts); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(testParse(text, strlen(text), &hosts[i], &error));
        g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                       VIR_LXC_CONFINEMENT_ERROR_INVALID);
        g_assert_cmpstr(error->message, ==, first);
    }

    testCaseCompare(dir, "error.txt", first);
}

/* A ruleset that an earlier host has is not written out again. */
static void
testAppendHost(GString *out, char **dumps, size_t n)
{
    size_t i;

    g_string_append_printf(out, "%s%s\n", n > 0 ? "\n" : "", hosts[n].name);

    for (i = 0; i < n; i++) {
        if (g_str_equal(dumps[i], dumps[n])) {
            g_string_append_printf(out, "  as on %s\n", hosts[i].name);
            return;
        }
    }

    g_string_append(out, dumps[n]);
}

static void
testProfile(gconstpointer dir)
{
    g_autofree char *text = testCaseRead(dir, "in.json");
    g_auto(GStrv) dumps = g_new0(char *, G_N_ELEMENTS(hosts) + 1);
    g_autoptr(GString) out = g_string_new(NULL);
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(hosts); i++) {
        g_autoptr(GError) error = NULL;

        dumps[i] = testParse(text, strlen(text), &hosts[i], &error);
        if (!dumps[i]) {
            testRefused(dir, text, error->message);
            return;
        }
        testAppendHost(out, dumps, i);
    }

    g_assert_false(testCaseExists(dir, "error.txt"));
    testCaseCompare(dir, "out.txt", out->str);
}

static void
testExpectError(const char *text, const char *expected)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(testParse(text, strlen(text), &hosts[0], &error));
    g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                   VIR_LXC_CONFINEMENT_ERROR_INVALID);
    g_assert_cmpstr(error->message, ==, expected);
}

static void
testLength(void)
{
    static const char profile[] = "{\"defaultAction\":\"SCMP_ACT_ALLOW\"}";
    g_autofree char *text = g_strnfill(VIR_LXC_PROFILE_FILE_MAX + 1, ' ');
    g_autofree char *dump = NULL;

    memcpy(text, profile, strlen(profile));
    testExpectError(text, "seccomp profile 'web' is longer than 1048576 bytes");
    dump = testParse(text, VIR_LXC_PROFILE_FILE_MAX, &hosts[0], NULL);
    g_assert_nonnull(dump);
}

/* A profile of @n names, each with @m conditions on one argument. */
static char *
testManyRules(unsigned int n, unsigned int m)
{
    GString *text = g_string_new("{\"defaultAction\":\"SCMP_ACT_ALLOW\","
                                 "\"syscalls\":[{\"action\":\"SCMP_ACT_LOG\","
                                 "\"names\":[\"read\"");
    size_t i;

    while (--n > 0)
        g_string_append(text, ",\"read\"");
    g_string_append(text, "],\"args\":[");
    for (i = 0; i < m; i++)
        g_string_append_printf(text,
                               "%s{\"index\":0,\"op\":\"SCMP_CMP_EQ\","
                               "\"value\":%zu}",
                               i > 0 ? "," : "", i);
    g_string_append(text, "]}]}");

    return g_string_free(text, FALSE);
}

static void
testRules(void)
{
    g_autofree char *most = testManyRules(64, 128);
    g_autofree char *more = testManyRules(65, 128);
    g_autoptr(GError) error = NULL;
    g_autofree char *dump = testParse(most, strlen(most), &hosts[0], &error);

    g_assert_no_error(error);
    testExpectError(more, "seccomp profile 'web', 'syscalls[0].names[64]' "
                          "(line 1): the profile has more than 8192 rules");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    testCasesAdd("/oci-profile", "oci-profile", testProfile);
    g_test_add_func("/oci-profile-limits/length", testLength);
    g_test_add_func("/oci-profile-limits/rules", testRules);

    return g_test_run();
}
