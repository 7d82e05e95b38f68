/*
 * seccomp_exec.h: a filter loaded, and init executed under it
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Once the filter is loaded, the process must not make any system call except
 * execve(2): any other could be denied, notified to an agent that does not
 * listen yet, or fatal. So the remaining work, handing over the listener and
 * reporting a failure of execve(2), is done by a thread outside of the filter,
 * which ends with execve(2).
 */

#pragma once

#include "prepare.h"

/**
 * virLXCSeccompExec:
 * @seccomp: the filter
 * @handshake: Unix stream socket to the controller, closed on exec
 * @failure: bytes to send before the error's text when execve(2) has failed
 * @path: program to execute
 * @argv: its arguments
 * @envp: its environment
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * The calling process must be single-threaded, and have no_new_privs set or
 * CAP_SYS_ADMIN permitted (seccomp(2)); when it is not effective, it is raised
 * until the exec.
 *
 * When calls are notified, the listener goes to the controller, which takes it
 * with virLXCSeccompListenerReceive() and replies with the same byte once the
 * agent has it. The program is executed only after that reply; without it the
 * process exits.
 *
 * Signal handlers are reset, as by execve(2).
 *
 * Returns -1 when the filter could not be loaded. Does not return otherwise:
 * when execve(2) fails, the controller is told and the process ends.
 */
int virLXCSeccompExec(const virLXCPreparedSeccomp *seccomp, int handshake,
                      const char *failure, const char *path, char *const argv[],
                      char *const envp[], GError **error);
