/*
 * seccomp_multiplexer.c: socketcall(2) and ipc(2)
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "seccomp_multiplexer.h"

/* Numbers: linux/net.h and linux/ipc.h. */
static const virLXCMultiplexed lxcMultiplexed[] = {
    {"socketcall", 0xffffffff, 1, "socket"},
    {"socketcall", 0xffffffff, 2, "bind"},
    {"socketcall", 0xffffffff, 3, "connect"},
    {"socketcall", 0xffffffff, 4, "listen"},
    {"socketcall", 0xffffffff, 5, "accept"},
    {"socketcall", 0xffffffff, 6, "getsockname"},
    {"socketcall", 0xffffffff, 7, "getpeername"},
    {"socketcall", 0xffffffff, 8, "socketpair"},
    {"socketcall", 0xffffffff, 9, "send"},
    {"socketcall", 0xffffffff, 10, "recv"},
    {"socketcall", 0xffffffff, 11, "sendto"},
    {"socketcall", 0xffffffff, 12, "recvfrom"},
    {"socketcall", 0xffffffff, 13, "shutdown"},
    {"socketcall", 0xffffffff, 14, "setsockopt"},
    {"socketcall", 0xffffffff, 15, "getsockopt"},
    {"socketcall", 0xffffffff, 16, "sendmsg"},
    {"socketcall", 0xffffffff, 17, "recvmsg"},
    {"socketcall", 0xffffffff, 18, "accept4"},
    {"socketcall", 0xffffffff, 19, "recvmmsg"},
    {"socketcall", 0xffffffff, 20, "sendmmsg"},
    {"ipc", 0xffff, 1, "semop"},
    {"ipc", 0xffff, 2, "semget"},
    {"ipc", 0xffff, 3, "semctl"},
    {"ipc", 0xffff, 4, "semtimedop"},
    {"ipc", 0xffff, 11, "msgsnd"},
    {"ipc", 0xffff, 12, "msgrcv"},
    {"ipc", 0xffff, 13, "msgget"},
    {"ipc", 0xffff, 14, "msgctl"},
    {"ipc", 0xffff, 21, "shmat"},
    {"ipc", 0xffff, 22, "shmdt"},
    {"ipc", 0xffff, 23, "shmget"},
    {"ipc", 0xffff, 24, "shmctl"},
};

const virLXCMultiplexed *
virLXCMultiplexedTable(size_t *nrows)
{
    *nrows = G_N_ELEMENTS(lxcMultiplexed);
    return lxcMultiplexed;
}
