/*
 * lxc_turns.h: let few threads start and stop containers at the same time
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A thread holds the lock of its domain while it starts a container or cleans up
 * after one, except while it waits for the container. If many threads did so at
 * the same time, for example because many containers reboot, each would need a
 * multiple of the time, and requests that query these domains would wait as long.
 */

#pragma once

#include "internal.h"

/**
 * virLXCTurnBegin:
 *
 * Waits until it is the turn of the calling thread: as many threads as there are
 * CPUs can have one. After 5 seconds it is its turn in any case. The thread must
 * not hold the lock of a domain, and must not have a turn already.
 */
void virLXCTurnBegin(void);

/**
 * virLXCTurnEnd:
 *
 * Ends the turn of the calling thread.
 */
void virLXCTurnEnd(void);

/**
 * virLXCTurnSuspend:
 *
 * Ends the turn of the calling thread, if it has one, because it is going to wait
 * for a container.
 *
 * Returns whether it had one.
 */
bool virLXCTurnSuspend(void);

/**
 * virLXCTurnResume:
 * @had: return value of virLXCTurnSuspend()
 *
 * Waits for the next turn of a thread that had one. The thread must not hold the
 * lock of a domain.
 */
void virLXCTurnResume(bool had);
