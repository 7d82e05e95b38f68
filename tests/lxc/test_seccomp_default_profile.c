/*
 * test_seccomp_default_profile.c: the driver's own seccomp profile as an OCI
 * profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the table of groups. Out: examples/seccomp/built-in.json, with a rule for
 * each group, or one for each of the capabilities that allow it.
 */

#include <string.h>

#include "capabilities_table.h"
#include "cases.h"
#include "oci_profile.h"
#include "seccomp_contexts.h"
#include "seccomp_default.h"
#include "seccomp_default_table.h"

/* The names that includes and excludes have for architectures */
static const struct {
    const char *name;
    const char *go;
} testGoArchs[] = {
    {"aarch64", "arm64"},
    {"armv7l", "arm"},
    {"i686", "386"},
    {"mips", "mips"},
    {"mips64", "mips64"},
    {"mips64el", "mips64le"},
    {"mips64eln32", "mipsel64n32"},
    {"mips64n32", "mips64n32"},
    {"mipsel", "mipsle"},
    {"ppc64le", "ppc64le"},
    {"riscv64", "riscv64"},
    {"s390", "s390"},
    {"s390x", "s390x"},
    {"x32", "x32"},
    {"x86_64", "amd64"},
};

static const char *
testGoArch(const char *name)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(testGoArchs); i++) {
        if (g_str_equal(testGoArchs[i].name, name))
            return testGoArchs[i].go;
    }
    g_error("no name of GOARCH for '%s'", name);
}

static GStrv
testCapabilityNames(guint64 bits)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    size_t nrows = 0;
    const virLXCCapability *rows = virLXCCapabilityTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        g_autofree char *upper = g_ascii_strup(rows[i].name, -1);
        g_autofree char *name = g_strconcat("CAP_", upper, NULL);

        if (bits & VIR_LXC_CAPABILITY_BIT(rows[i].number))
            g_strv_builder_add(names, name);
    }
    return g_strv_builder_end(names);
}

static GStrv
testArchNames(const char *const *archs)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    size_t i;

    for (i = 0; archs && archs[i]; i++)
        g_strv_builder_add(names, testGoArch(archs[i]));
    return g_strv_builder_end(names);
}

/* Appends "NAME": ["VALUE", ...] unless there are no values. Each is on a line
 * of its own if @lines. */
static void
testList(GPtrArray *members, const char *name, GStrv values, bool lines)
{
    g_autofree char *all =
        g_strjoinv(lines ? "\",\n        \"" : "\", \"", values);

    if (values[0])
        g_ptr_array_add(members, g_strdup_printf("\"%s\": [%s\"%s\"%s]", name,
                                                 lines ? "\n        " : "", all,
                                                 lines ? "\n      " : ""));
}

/* Appends the members to @members as one: "NAME": {...}, unless it is empty. */
static void
testFilter(GPtrArray *members, const char *name, guint64 capabilities,
           const char *const *archs)
{
    g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) caps = testCapabilityNames(capabilities);
    g_auto(GStrv) arches = testArchNames(archs);
    g_autofree char *text = NULL;

    testList(own, "caps", caps, false);
    testList(own, "arches", arches, false);
    if (own->len == 0)
        return;

    g_ptr_array_add(own, NULL);
    text = g_strjoinv(", ", (GStrv)own->pdata);
    g_ptr_array_add(members, g_strdup_printf("\"%s\": {%s}", name, text));
}

static void
testArgs(GPtrArray *members, const virLXCSeccompDefaultGroup *group)
{
    g_autoptr(GStrvBuilder) args = g_strv_builder_new();
    g_auto(GStrv) all = NULL;
    g_autofree char *text = NULL;
    size_t i;

    for (i = 0; i < group->nconditions; i++) {
        const virLXCSeccompCondition *condition = &group->conditions[i];
        g_autofree char *arg = g_strdup_printf(
            "{\"index\": %u, \"value\": %" G_GUINT64_FORMAT
            ", \"valueTwo\": %" G_GUINT64_FORMAT
            ", \"op\": \"SCMP_CMP_MASKED_EQ\"}",
            condition->index, condition->mask, condition->value);

        g_assert_cmpint(condition->op, ==, VIR_LXC_SECCOMP_MASKED_EQ);
        g_strv_builder_add(args, arg);
    }
    all = g_strv_builder_end(args);
    text = g_strjoinv(",\n               ", all);
    if (group->nconditions > 0)
        g_ptr_array_add(members, g_strdup_printf("\"args\": [%s]", text));
}

static void
testAction(GPtrArray *members, virLXCSeccompAction action)
{
    if (action.kind == VIR_LXC_SECCOMP_ALLOW) {
        g_ptr_array_add(members, g_strdup("\"action\": \"SCMP_ACT_ALLOW\""));
        return;
    }

    g_assert_cmpint(action.kind, ==, VIR_LXC_SECCOMP_ERRNO);
    g_ptr_array_add(members, g_strdup_printf("\"action\": \"SCMP_ACT_ERRNO\", "
                                             "\"errnoRet\": %u",
                                             action.number));
}

/* @with is one capability, or 0. */
static char *
testRule(const virLXCSeccompDefaultGroup *group, guint64 with)
{
    static const char separator[] = ",\n      ";
    g_autoptr(GPtrArray) members = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *text = NULL;

    g_ptr_array_add(members,
                    g_strdup_printf("\"comment\": \"%s\"", group->purpose));
    testList(members, "names", (GStrv)group->names, true);
    testAction(members, group->action);
    testArgs(members, group);
    testFilter(members, "includes", with, group->archs);
    testFilter(members, "excludes", group->without, group->notArchs);
    g_ptr_array_add(members, NULL);
    text = g_strjoinv(separator, (GStrv)members->pdata);
    return g_strdup_printf("    {\n      %s\n    }", text);
}

/* All capabilities in includes must be held, but one of a group's suffices. */
static void
testRules(GStrvBuilder *rules, const virLXCSeccompDefaultGroup *group)
{
    guint64 left = group->with;

    do {
        guint64 one = left & -left;
        g_autofree char *rule = testRule(group, one);

        g_strv_builder_add(rules, rule);
        left ^= one;
    } while (left);
}

static char *
testProfileText(void)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    size_t ngroups = 0;
    const virLXCSeccompDefaultGroup *groups =
        virLXCSeccompDefaultGroups(&ngroups);
    g_auto(GStrv) rules = NULL;
    g_autofree char *all = NULL;
    size_t i;

    for (i = 0; i < ngroups; i++) {
        if (!groups[i].denied)
            testRules(builder, &groups[i]);
    }
    rules = g_strv_builder_end(builder);
    all = g_strjoinv(",\n", rules);
    return g_strdup_printf("{\n"
                           "  \"defaultAction\": \"SCMP_ACT_ERRNO\",\n"
                           "  \"defaultErrnoRet\": 1,\n"
                           "  \"syscalls\": [\n%s\n  ]\n}\n",
                           all);
}

static void
testWritten(void)
{
    g_autofree char *dir =
        g_test_build_filename(G_TEST_DIST, "examples", "seccomp", NULL);
    g_autofree char *text = testProfileText();

    testCaseCompare(dir, "built-in.json", text);
}

static void
testSameVerdicts(const char *text, const virLXCSeccompContext *context)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCSeccompRuleset) profile =
        virLXCOCIProfileParse(text, strlen(text), "built-in", context, &error);
    g_autoptr(virLXCSeccompRuleset) own = virLXCSeccompRulesetEmpty();
    size_t ncalls = 0;
    const virLXCSyscall *calls = virLXCSyscallTable(&ncalls);
    size_t i;

    g_assert_no_error(error);
    own->defaultAction = profile->defaultAction;
    virLXCSeccompDefaultAddRules(own, context);
    for (i = 0; i < ncalls; i++) {
        g_autofree char *expected = testSeccompVerdict(own, calls[i].name);
        g_autofree char *found = testSeccompVerdict(profile, calls[i].name);

        if (!g_str_equal(found, expected))
            g_error("%s on %s: '%s' instead of '%s'", calls[i].name,
                    context->native->name, found, expected);
    }
}

/* With each set of capabilities, on each architecture. */
static void
testVerdicts(void)
{
    g_autoptr(GArray) contexts = testSeccompContexts();
    g_autofree char *text = testProfileText();
    size_t i;

    for (i = 0; i < contexts->len; i++)
        testSameVerdicts(text,
                         &g_array_index(contexts, virLXCSeccompContext, i));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/seccomp-default-profile/written", testWritten);
    g_test_add_func("/seccomp-default-profile/verdicts", testVerdicts);
    return g_test_run();
}
