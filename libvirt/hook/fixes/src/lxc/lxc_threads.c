/*
 * lxc_threads.c: wait for threads that use the driver
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <glib.h>

#include "lxc_threads.h"

static GMutex lxcThreadsLock;
static GCond lxcThreadsChanged;
static unsigned int lxcThreadsCount;


void
virLXCThreadsBegin(void)
{
    g_mutex_lock(&lxcThreadsLock);
    lxcThreadsCount++;
    g_mutex_unlock(&lxcThreadsLock);
}


void
virLXCThreadsEnd(void)
{
    g_mutex_lock(&lxcThreadsLock);
    lxcThreadsCount--;
    g_cond_signal(&lxcThreadsChanged);
    g_mutex_unlock(&lxcThreadsLock);
}


void
virLXCThreadsWait(void)
{
    g_mutex_lock(&lxcThreadsLock);
    while (lxcThreadsCount > 0)
        g_cond_wait(&lxcThreadsChanged, &lxcThreadsLock);
    g_mutex_unlock(&lxcThreadsLock);
}
