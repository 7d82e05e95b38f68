/*
 * lxc_threads.h: wait for threads that use the driver
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "virthread.h"

/**
 * virLXCThreadsBegin:
 *
 * Counts a thread that is about to be created.
 */
void virLXCThreadsBegin(void);

/**
 * virLXCThreadsEnd:
 *
 * Called by such a thread when it no longer uses the driver, or if it could not
 * be created.
 */
void virLXCThreadsEnd(void);

/**
 * virLXCThreadsWait:
 *
 * Waits until no such thread is left. Each step of a start has a time limit.
 */
void virLXCThreadsWait(void);

/**
 * virLXCThreadsRun:
 * @func: a function that uses the driver
 * @name: name of the thread
 * @opaque: argument of the function, which owns it
 *
 * Calls the function in a thread, and counts that thread. If no thread can be
 * created, the caller has to wait for the function.
 */
void virLXCThreadsRun(virThreadFunc func,
                      const char *name,
                      void *opaque);
