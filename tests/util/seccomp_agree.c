/*
 * seccomp_agree.c: whether filters do what rulesets mean
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: tests of filters. In: rulesets, filters, calls. Out: verdicts.
 */

#include "seccomp_agree.h"

#include <linux/audit.h>

#include "bpf_kernel.h"
#include "seccomp_reference.h"

virLXCSeccompFilter *
testSeccompCompileAny(const virLXCSeccompRuleset *ruleset)
{
    g_autoptr(GError) error = NULL;
    virLXCSeccompFilter *filter = virLXCSeccompFilterCompile(ruleset, &error);
    g_autofree char *fault = NULL;
    g_autofree char *unset = NULL;

    if (!filter) {
        g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                       VIR_LXC_CONFINEMENT_ERROR_INVALID);
        return NULL;
    }

    g_assert_no_error(error);
    fault = testBPFCheck(filter->instructions, filter->length);
    g_assert_cmpstr(fault, ==, NULL);
    unset = testBPFCheckAccumulator(filter->instructions, filter->length);
    g_assert_cmpstr(unset, ==, NULL);
    return filter;
}

virLXCSeccompFilter *
testSeccompCompile(const virLXCSeccompRuleset *ruleset)
{
    virLXCSeccompFilter *filter = testSeccompCompileAny(ruleset);

    g_assert_nonnull(filter);
    return filter;
}

/* An ABI that has @call, or any if none has. */
static const virLXCSeccompArch *
testSeccompArchOf(const testBPFCall *call)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    const virLXCSeccompArch *arch = &rows[0];
    size_t i;

    for (i = 0; i < nrows; i++) {
        bool base = rows[i].numberBase <= call->number;

        if (rows[i].audit == call->audit &&
            (base || arch->audit != call->audit))
            arch = &rows[i];
    }
    return arch;
}

guint32
testSeccompRun(const virLXCSeccompFilter *filter, const testBPFCall *call)
{
    return testBPFRun(filter->instructions, filter->length, call,
                      testSeccompArchOf(call)->bigEndian);
}

char *
testSeccompCallText(const testBPFCall *call)
{
    const virLXCSeccompArch *arch = testSeccompArchOf(call);
    bool known = arch->audit == call->audit;
    const char *name = known ? testSeccompCallName(arch, call->number) : NULL;
    GString *text = g_string_new(NULL);
    size_t i;

    if (known)
        g_string_append(text, arch->name);
    else
        g_string_append_printf(text, "audit %#x", call->audit);
    g_string_append_printf(text, " %s #%#x(", name ? name : "?", call->number);
    for (i = 0; i < G_N_ELEMENTS(call->args); i++)
        g_string_append_printf(text, "%s%#" G_GINT64_MODIFIER "x",
                               i > 0 ? ", " : "", call->args[i]);
    g_string_append_c(text, ')');
    return g_string_free(text, FALSE);
}

static void
testSeccompExpect(const testBPFCall *call, const char *whose, guint32 expected,
                  guint32 actual)
{
    g_autofree char *text = NULL;
    g_autofree char *wanted = NULL;
    g_autofree char *got = NULL;

    if (actual == expected)
        return;

    text = testSeccompCallText(call);
    wanted = testSeccompReturnName(expected);
    got = testSeccompReturnName(actual);
    g_error("%s: %s is %s, not %s", text, whose, got, wanted);
}

void
testSeccompAgree(const virLXCSeccompRuleset *ruleset,
                 const virLXCSeccompFilter *filter, const testBPFCall *call)
{
    testSeccompExpect(call, "the filter's answer",
                      testSeccompReference(ruleset, call),
                      testSeccompRun(filter, call));
}

/* Whether its ABI has registers for the arguments. */
static bool
testSeccompFits(const testBPFCall *call)
{
    guint64 bits = 0;
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(call->args); i++)
        bits |= call->args[i];
    return bits <= G_MAXUINT32 || call->audit & __AUDIT_ARCH_64BIT;
}

/* Newer kernels ask no filter about two calls of x86_64 that they insert into
 * programs themselves (__seccomp_filter(), seccomp_uprobe_exception()). */
static bool
testSeccompIsException(const testBPFCall *call)
{
    return call->audit == AUDIT_ARCH_X86_64 &&
           (call->number == 335 || call->number == 336);
}

guint
testSeccompKernelAgrees(const virLXCSeccompFilter *filter, GArray *calls)
{
    g_autoptr(GArray) possible = g_array_new(FALSE, FALSE, sizeof(testBPFCall));
    g_autoptr(GHashTable) audits = g_hash_table_new(NULL, NULL);
    g_autofree guint32 *verdicts = NULL;
    size_t i;

    for (i = 0; i < calls->len; i++) {
        const testBPFCall *call = &g_array_index(calls, testBPFCall, i);
        gpointer key = GUINT_TO_POINTER(call->audit);

        if (!g_hash_table_contains(audits, key))
            g_hash_table_insert(
                audits, key,
                GINT_TO_POINTER(testBPFKernelCanCall(call->audit)));
        if (g_hash_table_lookup(audits, key) && testSeccompFits(call) &&
            !testSeccompIsException(call))
            g_array_append_val(possible, *call);
    }

    verdicts = testBPFKernelRun(filter->instructions, filter->length,
                                (const testBPFCall *)(void *)possible->data,
                                possible->len);
    for (i = 0; i < possible->len; i++) {
        const testBPFCall *call = &g_array_index(possible, testBPFCall, i);

        testSeccompExpect(call, "the kernel's answer",
                          testSeccompRun(filter, call), verdicts[i]);
    }
    return possible->len;
}
