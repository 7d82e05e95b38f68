/*
 * seccomp_number.c: the numbers of system calls
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "seccomp_number.h"

#include <seccomp.h>

#include "syscall_table.h"

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

    if (!row || row->number == VIR_LXC_SYSCALL_NUMBER_KNOWN ||
        !lxcSyscallRowIsOf(row, arch))
        return -1;

    return row->number + arch->numberBase;
}
