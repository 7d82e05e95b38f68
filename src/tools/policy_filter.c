/*
 * policy_filter.c: read the seccomp filters of a process
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a process. Out: the length and digest of each filter.
 */

#include <errno.h>
#include <linux/filter.h>
#include <linux/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"
#include "i18n.h"
#include "policy_process.h"

/* A suspended process does not stop for the tracer. */
#define POLICY_STOP_TRIES 200
#define POLICY_STOP_INTERVAL 10000

/* Above the status, waitpid(2) has the PTRACE_EVENT. */
#define POLICY_EVENT_SHIFT 16

static long
lxcPolicyTrace(long request, pid_t pid, unsigned long index, void *data)
{
    return syscall(SYS_ptrace, request, pid, index, data);
}

static void
lxcPolicyFilterFree(gpointer opaque)
{
    virLXCPolicyFilter *filter = opaque;

    g_free(filter->digest);
    g_free(filter);
}

/* @signal: one that the process was about to get, which detaching passes on */
static int
lxcPolicyStop(pid_t pid, int *signal, GError **error)
{
    int tries;

    if (lxcPolicyTrace(PTRACE_INTERRUPT, pid, 0, NULL) < 0)
        return virLXCSetSystemError(error, errno, _("cannot stop process %1$d"),
                                    (int)pid);

    for (tries = 0; tries < POLICY_STOP_TRIES; tries++) {
        int status = 0;
        pid_t found = waitpid(pid, &status, __WALL | WNOHANG);

        if (found == pid && WIFSTOPPED(status)) {
            *signal = status >> POLICY_EVENT_SHIFT ? 0 : WSTOPSIG(status);
            return 0;
        }
        if (found != 0)
            return virLXCSetSystemError(error, found < 0 ? errno : ESRCH,
                                        _("cannot stop process %1$d"),
                                        (int)pid);
        g_usleep(POLICY_STOP_INTERVAL);
    }
    return virLXCSetSystemError(error, ETIMEDOUT, _("cannot stop process %1$d"),
                                (int)pid);
}

static virLXCPolicyFilter *
lxcPolicyFilterNew(const struct sock_filter *program, size_t length)
{
    virLXCPolicyFilter *filter = g_new0(virLXCPolicyFilter, 1);

    filter->length = length;
    filter->digest = g_compute_checksum_for_data(
        G_CHECKSUM_SHA256, (const guchar *)program, length * sizeof(*program));
    return filter;
}

/* ENOENT: there are not that many. */
static GPtrArray *
lxcPolicyFiltersGet(pid_t pid, GError **error)
{
    g_autoptr(GPtrArray) filters =
        g_ptr_array_new_with_free_func(lxcPolicyFilterFree);
    long length;

    while ((length = lxcPolicyTrace(PTRACE_SECCOMP_GET_FILTER, pid,
                                    filters->len, NULL)) > 0) {
        g_autofree struct sock_filter *program =
            g_new0(struct sock_filter, length);

        if (lxcPolicyTrace(PTRACE_SECCOMP_GET_FILTER, pid, filters->len,
                           program) != length)
            break;
        g_ptr_array_add(filters, lxcPolicyFilterNew(program, length));
    }

    if (errno != ENOENT) {
        virLXCSetSystemError(error, errno,
                             _("cannot read the filters of process %1$d"),
                             (int)pid);
        return NULL;
    }
    return g_steal_pointer(&filters);
}

GPtrArray *
virLXCPolicyFiltersRead(pid_t pid, GError **error)
{
    GPtrArray *filters = NULL;
    int signal = 0;

    if (lxcPolicyTrace(PTRACE_SEIZE, pid, 0, NULL) < 0) {
        virLXCSetSystemError(error, errno, _("cannot trace process %1$d"),
                             (int)pid);
        return NULL;
    }

    /* A process that has not stopped is released at the end of this one. */
    if (lxcPolicyStop(pid, &signal, error) == 0) {
        filters = lxcPolicyFiltersGet(pid, error);
        syscall(SYS_ptrace, PTRACE_DETACH, pid, 0UL, (long)signal);
    }
    return filters;
}
