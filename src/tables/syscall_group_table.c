/*
 * syscall_group_table.c: groups of system calls
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: all of them. In: a name. Out: a row.
 */

#include "syscall_group_table.h"

#define GROUP(name) VIR_LXC_SYSCALL_GROUP_##name

static const virLXCSyscallGroupRow lxcSyscallGroups[] = {
    {"administration",
     "quotas, accounting, the kernel's log and the names of the system",
     GROUP(ADMINISTRATION)},
    {"aio", "asynchronous I/O, except io_uring", GROUP(AIO)},
    {"basic-io", "reading, writing, seeking and closing through descriptors",
     GROUP(BASIC_IO)},
    {"chown", "changing the owners of files", GROUP(CHOWN)},
    {"clock", "setting clocks", GROUP(CLOCK)},
    {"cpu-emulation",
     "other execution domains, modes of the CPU and other processors",
     GROUP(CPU_EMULATION)},
    {"debug", "tracing, profiling and inspecting processes and the kernel",
     GROUP(DEBUG)},
    {"file-handle", "file handles, which bypass the permissions of directories",
     GROUP(FILE_HANDLE)},
    {"file-system",
     "opening, creating, renaming, removing and watching files, and their "
     "attributes",
     GROUP(FILE_SYSTEM)},
    {"io-event", "waiting for events", GROUP(IO_EVENT)},
    {"io-uring", "io_uring, whose operations do not pass through any filter",
     GROUP(IO_URING)},
    {"ioctl", "requests to devices, sockets and other files", GROUP(IOCTL)},
    {"ipc", "pipes, message queues, semaphores and shared memory", GROUP(IPC)},
    {"keyring", "the kernel's keyrings", GROUP(KEYRING)},
    {"memlock", "memory that is not swapped out, and secret memory",
     GROUP(MEMLOCK)},
    {"memory", "mapping and managing memory", GROUP(MEMORY)},
    {"module", "loading and removing kernel modules", GROUP(MODULE)},
    {"mount", "mounting file systems and changing the root directory",
     GROUP(MOUNT)},
    {"namespace", "creating, joining and listing namespaces, except by clone",
     GROUP(NAMESPACE)},
    {"network-io", "sockets", GROUP(NETWORK_IO)},
    {"obsolete", "calls that are obsolete, removed or were never implemented",
     GROUP(OBSOLETE)},
    {"pkey", "memory protection keys", GROUP(PKEY)},
    {"process",
     "creating, executing, controlling, signalling and awaiting processes",
     GROUP(PROCESS)},
    {"process-info",
     "IDs, capabilities, limits, priorities and times of processes",
     GROUP(PROCESS_INFO)},
    {"raw-io", "I/O ports and PCI devices", GROUP(RAW_IO)},
    {"reboot", "rebooting and loading another kernel", GROUP(REBOOT)},
    {"resources",
     "setting limits, priorities, scheduling and the placement of memory",
     GROUP(RESOURCES)},
    {"sandbox",
     "restricting oneself by Landlock, seccomp and other security modules",
     GROUP(SANDBOX)},
    {"setuid", "changing user IDs, group IDs and capabilities", GROUP(SETUID)},
    {"signal", "handling and blocking signals", GROUP(SIGNAL)},
    {"swap", "swap space", GROUP(SWAP)},
    {"sync", "writing data back to storage", GROUP(SYNC)},
    {"system-info", "properties of the system, and random numbers",
     GROUP(SYSTEM_INFO)},
    {"thread", "futexes, thread-local storage and other needs of threads",
     GROUP(THREAD)},
    {"time", "reading clocks and sleeping", GROUP(TIME)},
    {"timer", "timers", GROUP(TIMER)},
};

const virLXCSyscallGroupRow *
virLXCSyscallGroupTable(size_t *nrows)
{
    *nrows = G_N_ELEMENTS(lxcSyscallGroups);
    return lxcSyscallGroups;
}

const virLXCSyscallGroupRow *
virLXCSyscallGroupByName(const char *name)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcSyscallGroups); i++) {
        if (g_str_equal(lxcSyscallGroups[i].name, name))
            return &lxcSyscallGroups[i];
    }

    return NULL;
}
