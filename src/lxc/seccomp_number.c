/*
 * seccomp_number.c: the numbers of system calls
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a name. Out: a number on an ABI, as libseccomp knows it, or our table of
 * calls that are newer.
 */

#include "seccomp_number.h"

#include <seccomp.h>
#include <stdlib.h>

#include "seccomp_multiplexer.h"
#include "syscall_table.h"

/* No ABI has calls from here on that socketcall(2) or ipc(2) make, too. */
#define LXC_SYSCALL_DIRECT_MAX 512

static bool
lxcSyscallIsMultiplexed(const char *name)
{
    size_t nrows = 0;
    const virLXCMultiplexed *rows = virLXCMultiplexedTable(&nrows);

    for (size_t i = 0; i < nrows; i++) {
        if (g_str_equal(rows[i].name, name))
            return true;
    }
    return false;
}

static GHashTable *
lxcSyscallFindDirect(const virLXCSeccompArch *arch)
{
    GHashTable *numbers =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (int i = 0; i < LXC_SYSCALL_DIRECT_MAX; i++) {
        int number = i + arch->numberBase;
        char *name = seccomp_syscall_resolve_num_arch(arch->token, number);

        if (name && lxcSyscallIsMultiplexed(name))
            g_hash_table_insert(numbers, g_strdup(name),
                                GINT_TO_POINTER(number));
        free(name);
    }
    return numbers;
}

/* Where there is socketcall(2), libseccomp resolves socket(2) and the like to
 * numbers of its own making, even if the ABI has calls of these names, too. It
 * tells their names, though, which takes so long that it is asked once. */
static int
lxcSyscallDirect(const char *name, const virLXCSeccompArch *arch)
{
    static GMutex mutex;
    static GHashTable *archs;
    GHashTable *numbers = NULL;
    void *number = NULL;
    bool found;

    g_mutex_lock(&mutex);
    if (!archs)
        archs = g_hash_table_new(NULL, NULL);
    numbers = g_hash_table_lookup(archs, arch);
    if (!numbers) {
        numbers = lxcSyscallFindDirect(arch);
        g_hash_table_insert(archs, (void *)arch, numbers);
    }
    found = g_hash_table_lookup_extended(numbers, name, NULL, &number);
    g_mutex_unlock(&mutex);

    return found ? GPOINTER_TO_INT(number) : -1;
}

/* Rows that have a number of their own are the same on every architecture, or
 * on one and the ABIs that share its table. */
static bool
lxcSyscallRowIsOf(const virLXCSyscall *row, const virLXCSeccompArch *arch)
{
    const virLXCSeccompArch *only =
        row->arch ? virLXCSeccompArchByName(row->arch) : arch;

    return only && only->audit == arch->audit;
}

int
virLXCSyscallNumber(const char *name, const virLXCSeccompArch *arch)
{
    const virLXCSyscall *row = virLXCSyscallByName(name);
    int number = seccomp_syscall_resolve_name_arch(arch->token, name);

    if (number >= 0)
        return number;

    if (lxcSyscallIsMultiplexed(name))
        return lxcSyscallDirect(name, arch);

    if (!row || row->number == VIR_LXC_SYSCALL_NUMBER_KNOWN ||
        !lxcSyscallRowIsOf(row, arch))
        return -1;

    return row->number + arch->numberBase;
}
