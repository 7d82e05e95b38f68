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

/* Number of programs that are being started, by the UUID of the domain */
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


static unsigned int
virLXCExecStartingCount(const char *domain)
{
    if (!virLXCExecStarting)
        virLXCExecStarting = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    return GPOINTER_TO_UINT(g_hash_table_lookup(virLXCExecStarting, domain));
}


static void
virLXCExecStartingSet(const char *domain,
                      unsigned int count)
{
    if (count > 0)
        g_hash_table_insert(virLXCExecStarting, g_strdup(domain), GUINT_TO_POINTER(count));
    else
        g_hash_table_remove(virLXCExecStarting, domain);
}


/* A container can delay the start of a program, for example with a file system that
 * does not respond. It must not occupy all worker threads of the daemon, so only some
 * programs are started in a container at once. Others wait for a short time. */
int
virLXCExecLimitEnterStart(const char *domain)
{
    gint64 end = g_get_monotonic_time() + LXC_EXEC_STARTING_SECONDS * G_USEC_PER_SEC;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&virLXCExecStartingLock);
    unsigned int count;

    while ((count = virLXCExecStartingCount(domain)) >= LXC_EXEC_STARTING_MAX) {
        if (!g_cond_wait_until(&virLXCExecStartingCond, &virLXCExecStartingLock, end)) {
            virReportError(VIR_ERR_OPERATION_FAILED,
                           _("%1$u other programs are being started in the domain, without progress for %2$d seconds"),
                           count, LXC_EXEC_STARTING_SECONDS);
            return -1;
        }
    }

    virLXCExecStartingSet(domain, count + 1);
    return 0;
}


void
virLXCExecLimitLeaveStart(const char *domain)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&virLXCExecStartingLock);

    virLXCExecStartingSet(domain, virLXCExecStartingCount(domain) - 1);
    g_cond_broadcast(&virLXCExecStartingCond);
}


void
virLXCExecLimitLeave(void)
{
    g_atomic_int_add(&virLXCExecRunning, -1);
}
