/*
 * syscall_table.h: the vocabulary of system calls
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One row a call: every name of every architecture that libseccomp 2.5.4 knows,
 * and every newer one up to the kernel named below. A name without a row is not
 * a system call. Versions: syscalls(2) and the kernel's history; numbers: the
 * kernel's asm/unistd_*.h.
 */

#pragma once

#include <glib.h>

#include "kernel_version.h"
#include "syscall_group_table.h"

/**
 * The newest kernel all of whose calls have a row, on the architectures of
 * libseccomp 2.5.4.
 */
#define VIR_LXC_SYSCALL_KERNEL_MAJOR 7
#define VIR_LXC_SYSCALL_KERNEL_MINOR 3

/**
 * The number in the row of a call that libseccomp 2.5.4 knows: libseccomp also
 * knows the architectures without the call. 0 would be that of read(2) on
 * x86_64.
 */
#define VIR_LXC_SYSCALL_NUMBER_KNOWN (-1)

/**
 * virLXCSyscall: one row.
 *
 * @name: the call's name, without __NR_
 * @since: the kernel that had it first, on any architecture
 * @number: its number where libseccomp does not know the name, or
 *     VIR_LXC_SYSCALL_NUMBER_KNOWN; without what an ABI adds to all its
 * numbers, which is 0x40000000 for x32 and 4000, 5000 or 6000 for MIPS's o32,
 * n64 and n32
 * @arch: the only architecture that has that number, as libvirt names it, or
 *     NULL when all have it; x86_64 includes x32, but not i686
 * @group: its group
 */
typedef struct {
    const char *name;
    virLXCKernelVersion since;
    int number;
    const char *arch;
    virLXCSyscallGroup group;
} virLXCSyscall;

/**
 * virLXCSyscallTable:
 * @nrows: filled with the number of rows
 *
 * Returns the table, in the order of strcmp(). Static, never to be freed.
 */
const virLXCSyscall *virLXCSyscallTable(size_t *nrows);

/**
 * virLXCSyscallByName:
 * @name: a name
 *
 * Returns the row, or NULL when no system call has that name.
 */
const virLXCSyscall *virLXCSyscallByName(const char *name);
