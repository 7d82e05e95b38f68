/*
 * lxc_threads.c: wait for threads that use the driver
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "lxc_threads.h"
#include "virlog.h"

VIR_LOG_INIT("lxc.lxc_threads");

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


typedef struct {
    virThreadFunc func;
    void *opaque;
} lxcThreadsCall;

static void
lxcThreadsMain(void *opaque)
{
    g_autofree lxcThreadsCall *call = opaque;

    call->func(call->opaque);
    virLXCThreadsEnd();
}


void
virLXCThreadsRun(virThreadFunc func,
                 const char *name,
                 void *opaque)
{
    lxcThreadsCall *call = g_new0(lxcThreadsCall, 1);
    virThread thread;

    call->func = func;
    call->opaque = opaque;

    virLXCThreadsBegin();
    if (virThreadCreateFull(&thread, false, lxcThreadsMain, name, false, call) < 0) {
        VIR_WARN("Unable to create a thread '%s': others have to wait", name);
        lxcThreadsMain(call);
    }
}
