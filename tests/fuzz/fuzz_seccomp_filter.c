/*
 * fuzz_seccomp_filter.c: whatever a ruleset is, its filter does what it means
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: compile. In: bytes that stand for a ruleset. Out: a crash when its
 * filter is one that kernels reject, or returns a wrong action. With
 * FUZZ_KERNEL=1 in the environment, which replaying sets, the running kernel is
 * asked, too.
 */

#include <glib.h>

#include "bpf_kernel.h"
#include "fuzz.h"
#include "seccomp_agree.h"
#include "seccomp_random.h"

#define FUZZ_CALLS 100

static void
fuzzKernel(const virLXCSeccompFilter *filter, GArray *calls)
{
    g_assert_cmpint(testBPFKernelError(filter->instructions, filter->length),
                    ==, 0);
    testSeccompKernelAgrees(filter, calls);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(virLXCSeccompRuleset) ruleset =
        testSeccompRulesetFromBytes(data, size);
    g_autoptr(virLXCSeccompFilter) filter = testSeccompCompileAny(ruleset);
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)size);
    g_autoptr(GArray) calls = g_array_new(FALSE, FALSE, sizeof(testBPFCall));
    size_t i;

    if (!filter)
        return 0;

    for (i = 0; i < FUZZ_CALLS; i++) {
        testBPFCall call = testSeccompAnyCall(rand, ruleset);

        testSeccompAgree(ruleset, filter, &call);
        g_array_append_val(calls, call);
    }
    if (g_getenv("FUZZ_KERNEL"))
        fuzzKernel(filter, calls);
    return 0;
}
