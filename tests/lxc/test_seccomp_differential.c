/*
 * test_seccomp_differential.c: filters do what rulesets mean
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the driver's profile for many domains, an industry's, those of
 * tests/data/seccomp-profiles, and any. Out: calls at random, about which
 * filter and ruleset agree, and the running kernel with them.
 */

#include <string.h>

#include "cases.h"
#include "seccomp_agree.h"
#include "seccomp_random.h"
#include "seccomp_resolve.h"

#define TEST_SEED 20240906
#define TEST_CALLS 3000
#define TEST_INDUSTRY "/usr/share/containers/seccomp.json"

/* Hosts, and what is run on them besides. */
static const struct {
    const char *native;
    const char *others[3];
} hosts[] = {
    {"x86_64", {"i686", "x32", NULL}},
    {"x86_64", {NULL}},
    {"aarch64", {"armv7l", NULL}},
    {"s390x", {"s390", NULL}},
    {"ppc64le", {NULL}},
    {"ppc64", {"ppc", NULL}},
    {"riscv64", {NULL}},
    {"mips64el", {"mipsel", "mips64eln32", NULL}},
    {"mips64", {"mips", "mips64n32", NULL}},
    {"parisc64", {"parisc", NULL}},
};

/* What domains keep: nothing, all, what docker leaves, some. */
static const guint64 capabilities[] = {
    0,
    G_MAXUINT64,
    0xa80425fb,
    VIR_LXC_CAPABILITY_BIT(21),
    VIR_LXC_CAPABILITY_BIT(16) | VIR_LXC_CAPABILITY_BIT(18),
};

/* Tries @n calls; returns how many of them the kernel was asked about. */
static guint
testCalls(GRand *rand, const virLXCSeccompRuleset *ruleset,
          const virLXCSeccompFilter *filter, guint n)
{
    g_autoptr(GArray) calls = g_array_new(FALSE, FALSE, sizeof(testBPFCall));
    size_t i;

    for (i = 0; i < n; i++) {
        testBPFCall call = testSeccompAnyCall(rand, ruleset);

        testSeccompAgree(ruleset, filter, &call);
        g_array_append_val(calls, call);
    }
    return testSeccompKernelAgrees(filter, calls);
}

/* Every number of every ABI that has calls, and those around them. */
static guint
testNumbers(const virLXCSeccompRuleset *ruleset,
            const virLXCSeccompFilter *filter)
{
    guint n = 0;
    size_t i;
    guint32 number;

    for (i = 0; i < ruleset->archs->len; i++) {
        const virLXCSeccompArch *arch = g_ptr_array_index(ruleset->archs, i);
        guint32 first = arch->numberBase > 0 ? arch->numberBase - 1 : 0;

        for (number = first; number < first + 700; number++) {
            const testBPFCall call = {.number = number, .audit = arch->audit};

            testSeccompAgree(ruleset, filter, &call);
            n++;
        }
    }
    return n;
}

/* A definition on all hosts. */
static void
testOnHosts(virLXCSeccompDef *def, const char *profile)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(TEST_SEED);
    size_t i;
    size_t j;

    /* Only profiles depend on capabilities. */
    size_t sets = def->policy == VIR_LXC_SECCOMP_POLICY_DEFAULT
                      ? G_N_ELEMENTS(capabilities)
                      : 1;
    guint calls = 0;
    guint kernel = 0;

    for (i = 0; i < G_N_ELEMENTS(hosts) * sets; i++) {
        size_t host = i / sets;
        const virLXCSeccompContext context = {
            .native = virLXCSeccompArchByName(hosts[host].native),
            .capabilities = capabilities[i % sets],
            .kernel = {6, 12},
        };
        g_autoptr(virLXCSeccompRuleset) ruleset = NULL;
        g_autoptr(virLXCSeccompFilter) filter = NULL;
        g_autoptr(GError) error = NULL;

        g_array_set_size(def->archs, 0);
        for (j = 0; hosts[host].others[j]; j++) {
            const virLXCSeccompArchUse use = {
                .arch = virLXCSeccompArchByName(hosts[host].others[j]),
            };

            g_assert_nonnull(use.arch);
            g_array_append_val(def->archs, use);
        }

        ruleset = virLXCSeccompResolve(def, &context, profile, &error);
        g_assert_no_error(error);
        filter = testSeccompCompile(ruleset);
        g_assert_cmpuint(testBPFUnreached(filter->instructions, filter->length),
                         ==, 0);
        calls += testNumbers(ruleset, filter) + TEST_CALLS;
        kernel += testCalls(rand, ruleset, filter, TEST_CALLS);
    }

    g_test_message("seed %d: %u calls, %u of them compared with the kernel",
                   TEST_SEED, calls, kernel);
}

static void
testDefault(void)
{
    g_autoptr(virLXCSeccompDef) def = virLXCSeccompDefNew();

    testOnHosts(def, NULL);
}

static void
testIndustry(void)
{
    g_autoptr(virLXCSeccompDef) def = virLXCSeccompDefNew();
    g_autofree char *profile = NULL;

    if (!g_file_get_contents(TEST_INDUSTRY, &profile, NULL, NULL)) {
        testSkip("golang-github-containers-common is not installed");
        return;
    }

    def->profile = g_strdup("seccomp");
    testOnHosts(def, profile);
}

static void
testProfile(gconstpointer dir)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCConfinementDef) def = testDefFromCase(dir);

    virLXCConfinementDefComplete(def, 0, &error);
    g_assert_no_error(error);
    testOnHosts(def->seccomp, NULL);
}

/* Rulesets of up to a size, until there have been @n. */
static void
testAny(guint32 seed, gint size, guint n, guint ncalls)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    g_autofree guint8 *bytes = g_new(guint8, (gsize)size);
    guint refused = 0;
    guint kernel = 0;
    size_t longest = 0;
    size_t i;
    int j;

    for (i = 0; i < n; i++) {
        gint length = g_rand_int_range(rand, 0, size);
        g_autoptr(virLXCSeccompRuleset) ruleset = NULL;
        g_autoptr(virLXCSeccompFilter) filter = NULL;

        for (j = 0; j < length; j++)
            bytes[j] = (guint8)g_rand_int(rand);
        ruleset = testSeccompRulesetFromBytes(bytes, (size_t)length);
        filter = testSeccompCompileAny(ruleset);
        if (filter) {
            testNumbers(ruleset, filter);
            kernel += testCalls(rand, ruleset, filter, ncalls);
            longest = MAX(longest, filter->length);
        } else {
            refused++;
        }
    }

    g_test_message("seed %u: %u rulesets, %u of them too long, else up to %zu "
                   "instructions, %u calls each, %u of all compared with the "
                   "kernel",
                   seed, n, refused, longest, ncalls, kernel);
    g_assert_cmpuint(refused, <, n);
}

static void
testAnySmall(void)
{
    testAny(TEST_SEED, 60, 300, 200);
}

static void
testAnyLarge(void)
{
    testAny(TEST_SEED + 1, 2500, 60, 500);
}

static void
testAnyHuge(void)
{
    testAny(TEST_SEED + 2, 20000, 20, 500);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    g_test_add_func("/seccomp/differential/default", testDefault);
    g_test_add_func("/seccomp/differential/industry", testIndustry);
    testCasesAdd("/seccomp/differential/profile", "seccomp-profiles",
                 testProfile);
    g_test_add_func("/seccomp/differential/small", testAnySmall);
    g_test_add_func("/seccomp/differential/large", testAnyLarge);
    g_test_add_func("/seccomp/differential/huge", testAnyHuge);

    return g_test_run();
}
