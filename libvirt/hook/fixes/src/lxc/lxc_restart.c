/*
 * lxc_restart.c: restarts of containers after their init has failed
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "lxc_restart.h"

/* In milliseconds */
#define LXC_RESTART_DELAY_MIN 100
#define LXC_RESTART_DELAY_MAX 60000
#define LXC_RESTART_WORKING 10000


bool
virLXCRestartIsWanted(virDomainObj *vm)
{
    virLXCDomainObjPrivate *priv = vm->privateData;

    if (priv->wantShutdown || priv->wantReboot || priv->doneStopEvent)
        return false;

    if (priv->stopReason != VIR_DOMAIN_EVENT_STOPPED_CRASHED &&
        priv->stopReason != VIR_DOMAIN_EVENT_STOPPED_FAILED)
        return false;

    switch ((virDomainLifecycleAction) vm->def->onCrash) {
    case VIR_DOMAIN_LIFECYCLE_ACTION_RESTART:
    case VIR_DOMAIN_LIFECYCLE_ACTION_RESTART_RENAME:
    case VIR_DOMAIN_LIFECYCLE_ACTION_COREDUMP_RESTART:
        return true;
    case VIR_DOMAIN_LIFECYCLE_ACTION_DESTROY:
    case VIR_DOMAIN_LIFECYCLE_ACTION_PRESERVE:
    case VIR_DOMAIN_LIFECYCLE_ACTION_COREDUMP_DESTROY:
    case VIR_DOMAIN_LIFECYCLE_ACTION_LAST:
        break;
    }

    return false;
}


int
virLXCRestartDelay(virLXCDomainObjPrivate *priv)
{
    long long running = (g_get_monotonic_time() - priv->startTime) / 1000;
    int delay = LXC_RESTART_DELAY_MIN;
    unsigned int i;

    if (running >= LXC_RESTART_WORKING)
        priv->restarts = 0;

    for (i = 0; i < priv->restarts && delay < LXC_RESTART_DELAY_MAX; i++)
        delay *= 2;

    priv->restarts++;
    return MIN(delay, LXC_RESTART_DELAY_MAX);
}
