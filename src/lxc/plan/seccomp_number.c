/*
 * seccomp_number.c: look up the numbers of system calls
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a name and an ABI. Out: a number, from libseccomp or, for newer calls,
 * from our table.
 */

#include "seccomp_number.h"

#include <seccomp.h>
#include <stdlib.h>

#include "seccomp_multiplexer.h"
#include "syscall_table.h"

/* Upper limit for the direct numbers of calls that socketcall(2) and ipc(2)
 * multiplex, on all ABIs. */
#define LXC_SYSCALL_DIRECT_MAX 512

/* Returns the row of the multiplexed call @name, or -1. */
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

/* Returns the number on @arch for each row of the multiplexed calls, or -1. */
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

/* On ABIs with socketcall(2), libseccomp resolves socket(2) and similar names
 * to pseudo numbers, even if the ABI also has direct calls with these names. It
 * does resolve the direct numbers to names. Since this is slow, the results are
 * cached. */
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

/* The number of a row is valid on all architectures, or on one architecture and
 * the ABIs that share its table. */
static bool
lxcSyscallRowIsOf(const virLXCSyscall *row, const virLXCSeccompArch *arch)
{
    const virLXCSeccompArch *only =
        row->arch ? virLXCSeccompArchByName(row->arch) : arch;

    return only && only->audit == arch->audit;
}

static int
lxcSyscallFind(const char *name, const virLXCSyscall *row,
               const virLXCSeccompArch *arch)
{
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

/* Returns the numbers that have been found on @arch, by name. */
static GHashTable *
lxcSyscallKnown(const virLXCSeccompArch *arch)
{
    static GHashTable *archs;
    GHashTable *known = NULL;

    if (!archs)
        archs = g_hash_table_new(NULL, NULL);
    known = g_hash_table_lookup(archs, arch);
    if (!known) {
        known = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
        g_hash_table_insert(archs, (void *)arch, known);
    }
    return known;
}

/* libseccomp compares a name with those of all calls. */
int
virLXCSyscallNumber(const char *name, const virLXCSeccompArch *arch)
{
    static GMutex mutex;
    const virLXCSyscall *row = NULL;
    GHashTable *known = NULL;
    const int *found = NULL;
    int number;

    g_mutex_lock(&mutex);
    known = lxcSyscallKnown(arch);
    found = g_hash_table_lookup(known, name);
    if (found) {
        number = *found;
    } else {
        row = virLXCSyscallByName(name);
        number = lxcSyscallFind(name, row, arch);
        if (row)
            g_hash_table_insert(known, (void *)row->name,
                                g_memdup2(&number, sizeof(number)));
    }
    g_mutex_unlock(&mutex);

    return number;
}
