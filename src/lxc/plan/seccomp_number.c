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

/* Which row of the multiplexed calls has that name, or -1. */
static int
lxcSyscallMultiplexed(const char *name)
{
    size_t nrows = 0;
    const virLXCMultiplexed *rows = virLXCMultiplexedTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (g_str_equal(rows[i].name, name))
            return (int)i;
    }
    return -1;
}

/* For each row of the multiplexed calls its number on @arch, or -1. */
static int *
lxcSyscallFindDirect(const virLXCSeccompArch *arch)
{
    size_t nrows = 0;
    int *numbers = NULL;
    size_t i;

    virLXCMultiplexedTable(&nrows);
    numbers = g_new(int, nrows);
    for (i = 0; i < nrows; i++)
        numbers[i] = -1;

    for (i = 0; i < LXC_SYSCALL_DIRECT_MAX; i++) {
        int number = (int)(i + arch->numberBase);
        char *name = seccomp_syscall_resolve_num_arch(arch->token, number);
        int row = name ? lxcSyscallMultiplexed(name) : -1;

        if (row >= 0)
            numbers[row] = number;
        free(name);
    }
    return numbers;
}

/* Where there is socketcall(2), libseccomp resolves socket(2) and the like to
 * pseudo numbers, even if the ABI also has calls of these names. It can name
 * the real ones, but that is slow, so it is only done once. */
static int
lxcSyscallDirect(int row, const virLXCSeccompArch *arch)
{
    static GMutex mutex;
    static GHashTable *archs;
    int *numbers = NULL;
    int number;

    g_mutex_lock(&mutex);
    if (!archs)
        archs = g_hash_table_new(NULL, NULL);
    numbers = g_hash_table_lookup(archs, arch);
    if (!numbers) {
        numbers = lxcSyscallFindDirect(arch);
        g_hash_table_insert(archs, (void *)arch, numbers);
    }
    number = numbers[row];
    g_mutex_unlock(&mutex);

    return number;
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
    int multiplexed = lxcSyscallMultiplexed(name);

    if (number >= 0)
        return number;

    if (multiplexed >= 0)
        return lxcSyscallDirect(multiplexed, arch);

    if (!row || row->number == VIR_LXC_SYSCALL_NUMBER_KNOWN ||
        !lxcSyscallRowIsOf(row, arch))
        return -1;

    return row->number + (int)arch->numberBase;
}
