/*
 * seccomp_exec.h: load a filter and execute init
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Once the filter is loaded, the calling thread must not make any system call
 * except execve(2). Any other call could be denied, kill the process, or block
 * on an agent that does not have the listener yet. The remaining work is done
 * by a helper thread that is not under the filter: it passes the listener to
 * the controller, and reports a failure of execve(2). A successful execve(2)
 * terminates it.
 */

#pragma once

#include "prepare.h"

/**
 * virLXCSeccompExec:
 * @seccomp: the filter
 * @handshake: Unix stream socket to the controller, closed on exec
 * @failure: bytes to send before the error text if execve(2) fails; the text is
 *     followed by a NUL byte and the errno value, an int
 * @path: program to execute
 * @argv: its arguments
 * @envp: its environment
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * The calling process must be single-threaded, and must have no_new_privs set
 * or CAP_SYS_ADMIN in its permitted set (seccomp(2)), from which the capability
 * is raised until the exec.
 *
 * If the filter notifies calls, the listener is sent to the controller. The
 * controller receives it with virLXCSeccompListenerReceive(), and replies with
 * the same byte after passing it to the agent. The program is not executed
 * before. Without this reply, the process exits.
 *
 * Signal handlers are reset to the default action, as execve(2) does.
 *
 * Returns -1 if the filter cannot be loaded. Otherwise, does not return: if
 * execve(2) fails, the error is sent to the controller and the process exits.
 */
int virLXCSeccompExec(const virLXCPreparedSeccomp *seccomp, int handshake,
                      const char *failure, const char *path, char *const argv[],
                      char *const envp[], GError **error);
