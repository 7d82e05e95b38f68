/*
 * exec_start.h: start a program in a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Three processes are involved. The session (exec_session.h) stays outside the
 * container. Its child joins the container, is confined, and remains invisible
 * to the container, because it is not in its PID namespace. The program is a
 * child of the session, too (CLONE_PARENT), but is created by the process that
 * has joined: it is confined from the moment when it becomes visible, except
 * for the seccomp filter, which it loads itself. Until it is executed, it is
 * not dumpable, its executable is a sealed copy, and it does not hold any
 * descriptor of the host.
 */

#pragma once

#include "exec_join.h"
#include "exec_pump.h"
#include "exec_request.h"
#include "exec_server.h"

/**
 * virLXCExecStart:
 * @server: the container
 * @process: a pidfd of its init
 * @request: what to run
 * @pump: filled with the descriptors and the process ID of the program, except
 *     @stream and @detached
 *
 * Starts a program, and waits until it is executed.
 *
 * Returns NULL on success, or a reply that says why the program could not be
 * executed, which the caller frees.
 */
virLXCExecReply *
virLXCExecStart(const virLXCExecServer *server, int process,
                const virLXCExecRequest *request, virLXCExecPump *pump);
