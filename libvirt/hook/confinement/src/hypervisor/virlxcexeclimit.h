/*
 * virlxcexeclimit.h: how many programs run and start in containers at once
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "virlxcexecconfig.h"

/**
 * virLXCExecLimitEnter:
 * @config: settings, with the maximum number of programs
 *
 * Counts a program that is about to be started.
 *
 * Returns 0, or -1 with an error reported if too many programs are running.
 */
int virLXCExecLimitEnter(const virLXCExecConfig *config);

/**
 * virLXCExecLimitLeave:
 *
 * A program that virLXCExecLimitEnter() has counted has ended.
 */
void virLXCExecLimitLeave(void);

/**
 * virLXCExecLimitEnterStart:
 * @domain: UUID of a domain
 *
 * Waits a short time until few enough programs are being started in the domain.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCExecLimitEnterStart(const char *domain);

/**
 * virLXCExecLimitLeaveStart:
 * @domain: UUID that was passed to virLXCExecLimitEnterStart()
 *
 * A program has been started, or its start has failed.
 */
void virLXCExecLimitLeaveStart(const char *domain);
