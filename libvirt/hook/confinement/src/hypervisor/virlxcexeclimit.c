/*
 * virlxcexeclimit.c: how many programs run and start in containers at once
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "virlxcexeclimit.h"

#include "virerror.h"

#define VIR_FROM_THIS VIR_FROM_LXC

/* How many programs are started in a domain at once, and how long others wait */
#define LXC_EXEC_STARTING_MAX 4
#define LXC_EXEC_STARTING_SECONDS 3

/* Number of programs, including those that are being started */
static int virLXCExecRunning;

/* The programs that are being started in one domain */
typedef struct {
    unsigned int count;
    gint64 progress; /* when one was begun or has ended last */
} virLXCExecStarts;

/* virLXCExecStarts by the UUID of the domain */
static GMutex virLXCExecStartingLock;
static GCond virLXCExecStartingCond;
static GHashTable *virLXCExecStarting;


int
virLXCExecLimitEnter(const virLXCExecConfig *config)
{
    if ((unsigned int) g_atomic_int_add(&virLXCExecRunning, 1) < config->max)
        return 0;

    g_atomic_int_add(&virLXCExecRunning, -1);
    virReportError(VIR_ERR_OPERATION_FAILED,
                   _("%1$u programs are already running in containers, which is the limit set by 'exec_max' in lxc.conf"),
                   config->max);
    return -1;
}


static virLXCExecStarts *
virLXCExecStartsOf(const char *domain)
{
    virLXCExecStarts *starts;

    if (!virLXCExecStarting)
        virLXCExecStarting = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    if ((starts = g_hash_table_lookup(virLXCExecStarting, domain)))
        return starts;

    starts = g_new0(virLXCExecStarts, 1);
    g_hash_table_insert(virLXCExecStarting, g_strdup(domain), starts);
    return starts;
}


/* A container can delay the start of a program, for example with a file system that
 * does not respond. It must not occupy all worker threads of the daemon, so only some
 * programs are started in a container at once. Others wait for a short time, and not at
 * all if there has been no progress for that time. */
int
virLXCExecLimitEnterStart(const char *domain)
{
    const gint64 limit = LXC_EXEC_STARTING_SECONDS * G_USEC_PER_SEC;
    gint64 begun = g_get_monotonic_time();
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&virLXCExecStartingLock);
    virLXCExecStarts *starts;

    while ((starts = virLXCExecStartsOf(domain))->count >= LXC_EXEC_STARTING_MAX) {
        gint64 end = MIN(begun, starts->progress) + limit;

        if (!g_cond_wait_until(&virLXCExecStartingCond, &virLXCExecStartingLock, end)) {
            virReportError(VIR_ERR_OPERATION_FAILED,
                           _("%1$u other programs are being started in the domain, without progress for %2$d seconds"),
                           LXC_EXEC_STARTING_MAX, LXC_EXEC_STARTING_SECONDS);
            return -1;
        }
    }

    starts->progress = g_get_monotonic_time();
    starts->count++;
    return 0;
}


void
virLXCExecLimitLeaveStart(const char *domain)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&virLXCExecStartingLock);
    virLXCExecStarts *starts = virLXCExecStartsOf(domain);

    starts->progress = g_get_monotonic_time();
    if (--starts->count == 0)
        g_hash_table_remove(virLXCExecStarting, domain);
    g_cond_broadcast(&virLXCExecStartingCond);
}


void
virLXCExecLimitLeave(void)
{
    g_atomic_int_add(&virLXCExecRunning, -1);
}
