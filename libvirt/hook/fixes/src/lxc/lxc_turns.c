/*
 * lxc_turns.c: let few threads start and stop containers at the same time
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <glib.h>

#include "lxc_turns.h"

/* A hook script can take long during a turn */
#define LXC_TURN_SECONDS 5

static GMutex lxcTurnsLock;
static GCond lxcTurnsEnded;
static unsigned int lxcTurns;
static __thread bool lxcTurnsMine;


void
virLXCTurnBegin(void)
{
    gint64 end = g_get_monotonic_time() + LXC_TURN_SECONDS * G_TIME_SPAN_SECOND;

    g_mutex_lock(&lxcTurnsLock);
    while (lxcTurns >= g_get_num_processors() &&
           g_cond_wait_until(&lxcTurnsEnded, &lxcTurnsLock, end))
        continue;
    lxcTurns++;
    g_mutex_unlock(&lxcTurnsLock);
    lxcTurnsMine = true;
}


void
virLXCTurnEnd(void)
{
    g_mutex_lock(&lxcTurnsLock);
    lxcTurns--;
    g_cond_signal(&lxcTurnsEnded);
    g_mutex_unlock(&lxcTurnsLock);
    lxcTurnsMine = false;
}


bool
virLXCTurnSuspend(void)
{
    if (!lxcTurnsMine)
        return false;

    virLXCTurnEnd();
    return true;
}


void
virLXCTurnResume(bool had)
{
    if (had)
        virLXCTurnBegin();
}
