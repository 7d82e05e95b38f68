/*
 * lxc_threads.h: wait for threads that use the driver
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

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
