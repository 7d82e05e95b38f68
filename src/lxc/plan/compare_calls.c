/*
 * compare_calls.c: name ranges of system call numbers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: an ABI, and the ends of a range. Out: the names of the calls in it.
 */

#include "compare_calls.h"

#include "seccomp_number.h"

typedef struct {
    guint32 number;
    const char *name;
} lxcCall;

static gint
lxcCallCompare(gconstpointer a, gconstpointer b)
{
    const lxcCall *left = a;
    const lxcCall *right = b;

    return (left->number > right->number) - (left->number < right->number);
}

virLXCCompareCalls *
virLXCCompareCallsNew(const virLXCSeccompArch *arch)
{
    virLXCCompareCalls *calls = g_new0(virLXCCompareCalls, 1);
    size_t nrows = 0;
    const virLXCSyscall *rows = virLXCSyscallTable(&nrows);
    size_t i;

    calls->arch = arch;
    calls->calls = g_array_new(FALSE, FALSE, sizeof(lxcCall));
    for (i = 0; i < nrows; i++) {
        int number = virLXCSyscallNumber(rows[i].name, arch);
        const lxcCall call = {(guint32)number, rows[i].name};

        if (number >= 0)
            g_array_append_val(calls->calls, call);
    }
    g_array_sort(calls->calls, lxcCallCompare);
    return calls;
}

/* Returns the index of the first call whose number is at least @number. */
static guint
lxcCallsLowerBound(const GArray *calls, guint32 number)
{
    guint low = 0;
    guint high = calls->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (g_array_index(calls, lxcCall, middle).number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool
virLXCCompareCallsFind(const virLXCCompareCalls *calls, guint32 first,
                       guint32 last, GPtrArray *names)
{
    guint start = lxcCallsLowerBound(calls->calls, first);
    guint i;

    for (i = start; i < calls->calls->len; i++) {
        const lxcCall *call = &g_array_index(calls->calls, lxcCall, i);

        if (call->number > last)
            break;
        g_ptr_array_add(names, (gpointer)call->name);
    }
    return i - start == calls->calls->len;
}

void
virLXCCompareCallsFree(virLXCCompareCalls *calls)
{
    if (!calls)
        return;

    g_array_unref(calls->calls);
    g_free(calls);
}
