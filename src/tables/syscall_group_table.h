/*
 * syscall_group_table.h: groups of system calls
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One row for each group: the parser, the formatter, the planner, the manual
 * and the schema test read this table. Each call is in exactly one group, which
 * its row in virLXCSyscallTable() names. A group has the name of systemd's
 * where both have the same purpose, but not always the same members.
 *
 * A call never leaves its group: stored policies depend on it. A call that is
 * added to the table does not extend the policies that exist, because it is
 * newer than their kernel.
 */

#pragma once

#include <glib.h>

/**
 * virLXCSyscallGroup: the number of a group, in the order of the table. 0 is
 * not a group, so that a call whose row lacks one can be found.
 */
typedef enum {
    VIR_LXC_SYSCALL_GROUP_NONE,
    VIR_LXC_SYSCALL_GROUP_ADMINISTRATION,
    VIR_LXC_SYSCALL_GROUP_AIO,
    VIR_LXC_SYSCALL_GROUP_BASIC_IO,
    VIR_LXC_SYSCALL_GROUP_CHOWN,
    VIR_LXC_SYSCALL_GROUP_CLOCK,
    VIR_LXC_SYSCALL_GROUP_CPU_EMULATION,
    VIR_LXC_SYSCALL_GROUP_DEBUG,
    VIR_LXC_SYSCALL_GROUP_FILE_HANDLE,
    VIR_LXC_SYSCALL_GROUP_FILE_SYSTEM,
    VIR_LXC_SYSCALL_GROUP_IO_EVENT,
    VIR_LXC_SYSCALL_GROUP_IO_URING,
    VIR_LXC_SYSCALL_GROUP_IOCTL,
    VIR_LXC_SYSCALL_GROUP_IPC,
    VIR_LXC_SYSCALL_GROUP_KEYRING,
    VIR_LXC_SYSCALL_GROUP_MEMLOCK,
    VIR_LXC_SYSCALL_GROUP_MEMORY,
    VIR_LXC_SYSCALL_GROUP_MODULE,
    VIR_LXC_SYSCALL_GROUP_MOUNT,
    VIR_LXC_SYSCALL_GROUP_NAMESPACE,
    VIR_LXC_SYSCALL_GROUP_NETWORK_IO,
    VIR_LXC_SYSCALL_GROUP_OBSOLETE,
    VIR_LXC_SYSCALL_GROUP_PKEY,
    VIR_LXC_SYSCALL_GROUP_PROCESS,
    VIR_LXC_SYSCALL_GROUP_PROCESS_INFO,
    VIR_LXC_SYSCALL_GROUP_RAW_IO,
    VIR_LXC_SYSCALL_GROUP_REBOOT,
    VIR_LXC_SYSCALL_GROUP_RESOURCES,
    VIR_LXC_SYSCALL_GROUP_SANDBOX,
    VIR_LXC_SYSCALL_GROUP_SETUID,
    VIR_LXC_SYSCALL_GROUP_SIGNAL,
    VIR_LXC_SYSCALL_GROUP_SWAP,
    VIR_LXC_SYSCALL_GROUP_SYNC,
    VIR_LXC_SYSCALL_GROUP_SYSTEM_INFO,
    VIR_LXC_SYSCALL_GROUP_THREAD,
    VIR_LXC_SYSCALL_GROUP_TIME,
    VIR_LXC_SYSCALL_GROUP_TIMER,
    VIR_LXC_SYSCALL_GROUPS,
} virLXCSyscallGroup;

/**
 * virLXCSyscallGroupRow: a group. Rows are compared by address.
 *
 * @name: its name in XML
 * @purpose: what its calls are for, as a phrase for the manual
 * @group: its number
 */
typedef struct {
    const char *name;
    const char *purpose;
    virLXCSyscallGroup group;
} virLXCSyscallGroupRow;

/**
 * virLXCSyscallGroupTable:
 * @nrows: filled with the number of rows
 *
 * Returns the table, in the order of strcmp(). Static, never to be freed.
 */
const virLXCSyscallGroupRow *virLXCSyscallGroupTable(size_t *nrows);

/**
 * virLXCSyscallGroupByName:
 * @name: a name
 *
 * Returns the row, or NULL when no group has that name.
 */
const virLXCSyscallGroupRow *virLXCSyscallGroupByName(const char *name);
