/*
 * fuzz_oci_profile.c: no profile breaks its reader, and what is read makes
 * sense
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: profile. In: any bytes. Out: a crash when something is wrong.
 */

#include <string.h>
#include <sys/un.h>

#include "fuzz.h"
#include "oci_profile.h"

static void
fuzzCheckAction(virLXCSeccompAction action)
{
    guint64 max = G_MAXUINT16;

    g_assert_true(action.kind <= VIR_LXC_SECCOMP_KILL_PROCESS);
    if (!virLXCSeccompActionTable()[action.kind].takesErrno)
        max = 0;
    else if (action.kind == VIR_LXC_SECCOMP_ERRNO)
        max = VIR_LXC_SECCOMP_ERRNO_MAX;
    g_assert_cmpuint(action.number, <=, max);
}

static void
fuzzCheckCondition(const virLXCSeccompCondition *condition)
{
    g_assert_cmpuint(condition->index, <, VIR_LXC_SECCOMP_ARGUMENTS);
    g_assert_true(condition->op <= VIR_LXC_SECCOMP_MASKED_EQ);
    if (condition->op == VIR_LXC_SECCOMP_MASKED_EQ)
        g_assert_cmphex(condition->value & ~condition->mask, ==, 0);
    else
        g_assert_cmphex(condition->mask, ==, 0);
}

static void
fuzzCheckRule(const virLXCSeccompRule *rule, virLXCKernelVersion kernel)
{
    const virLXCSyscall *row = virLXCSyscallByName(rule->name);
    unsigned int indexes = 0;
    size_t i;

    g_assert_nonnull(row);
    g_assert_cmpint(virLXCKernelVersionCompare(row->since, kernel), <=, 0);
    g_assert_cmpint(rule->line, >, 0);
    fuzzCheckAction(rule->action);
    g_assert_false(rule->action.kind == VIR_LXC_SECCOMP_NOTIFY &&
                   g_str_equal(rule->name, "write"));

    for (i = 0; i < rule->conditions->len; i++) {
        const virLXCSeccompCondition *condition =
            &g_array_index(rule->conditions, virLXCSeccompCondition, i);

        fuzzCheckCondition(condition);
        g_assert_false(indexes & 1U << condition->index);
        indexes |= 1U << condition->index;
    }
}

static void
fuzzCheckArchs(GPtrArray *archs, const virLXCSeccompArch *native)
{
    size_t i;

    g_assert_true(archs->len > 0 && g_ptr_array_index(archs, 0) == native);

    for (i = 1; i < archs->len; i++) {
        const virLXCSeccompArch *arch = g_ptr_array_index(archs, i);
        guint first = 0;

        g_assert_cmpstr(arch->runsUnder, ==, native->name);
        g_assert_true(g_ptr_array_find(archs, arch, &first) && first == i);
    }
}

static void
fuzzCheck(const virLXCSeccompRuleset *ruleset,
          const virLXCSeccompContext *context)
{
    const struct sockaddr_un *address = NULL;
    const char *path = ruleset->listenerPath;
    size_t i;

    fuzzCheckArchs(ruleset->archs, context->native);
    fuzzCheckAction(ruleset->defaultAction);
    fuzzCheckAction(ruleset->unknown);
    fuzzCheckAction(ruleset->badArch);
    g_assert_true(ruleset->defaultAction.kind != VIR_LXC_SECCOMP_NOTIFY);
    g_assert_true(ruleset->badArch.kind >= VIR_LXC_SECCOMP_ERRNO);
    g_assert_cmpuint(ruleset->rules->len, <=, VIR_LXC_OCI_PROFILE_RULES_MAX);
    for (i = 0; i < ruleset->rules->len; i++)
        fuzzCheckRule(g_ptr_array_index(ruleset->rules, i), ruleset->kernel);

    g_assert_true(path || !ruleset->listenerMetadata);
    if (path) {
        g_assert_cmpint(path[0], ==, '/');
        g_assert_cmpuint(strlen(path), <, sizeof(address->sun_path));
    }
}

/* The size stands for host and domain. What is malformed is that on each. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const virLXCKernelVersion kernels[] = {{4, 4}, {6, 12}};
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    const virLXCSeccompContext context = {
        .native = &rows[size % nrows],
        .capabilities = size % 2 ? G_MAXUINT64 : 0,
        .kernel = kernels[size / 2 % 2],
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCSeccompRuleset) ruleset = virLXCOCIProfileParse(
        (const char *)data, size, "fuzz", &context, &error);

    if (ruleset) {
        g_assert_no_error(error);
        fuzzCheck(ruleset, &context);
        return 0;
    }

    g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                   VIR_LXC_CONFINEMENT_ERROR_INVALID);
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
    return 0;
}
