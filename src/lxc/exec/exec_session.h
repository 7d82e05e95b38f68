/*
 * exec_session.h: run one program in a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "exec_server.h"

/**
 * virLXCExecSessionRun:
 * @server: the container
 * @process: a pidfd of its init
 * @connection: connection to the daemon, from which a request is read
 * @running: number of other sessions
 *
 * Runs the requested program, and sends replies until it has ended. The calling
 * process must be single-threaded, and exit afterwards.
 */
void virLXCExecSessionRun(const virLXCExecServer *server, int process,
                          int connection, guint running);
