/*
 * virlxcconfinementexec.h: enforce a plan and execute init
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Translates between libvirt's types and errors and those of the confinement
 * libraries.
 */

#pragma once

#include "internal.h"
#include "virconftypes.h"
#include "virlxcconfinementplan.h"

/**
 * virLXCConfinementEnforce:
 * @plan: the plan
 * @uid: user ID of init, or (uid_t)-1 to keep the caller's
 * @gid: group ID of init, or (gid_t)-1 to keep the caller's groups
 * @groups: supplementary groups
 * @ngroups: number of @groups
 * @init: absolute path of the program that is executed next
 *
 * Confines the calling process, which must execute @init next.
 *
 * Returns 0, or -1 with an error reported, in which case the process must exit.
 */
int virLXCConfinementEnforce(const virLXCPrepared *plan,
                             uid_t uid,
                             gid_t gid,
                             const gid_t *groups,
                             size_t ngroups,
                             const char *init);

/**
 * virLXCConfinementExecData: argument of virLXCConfinementExec().
 *
 * @plan: the plan, which has been enforced except for its seccomp filter
 * @handshake: the container's end of its handshake with the controller
 */
typedef struct {
    const virLXCPrepared *plan;
    int handshake;
} virLXCConfinementExecData;

/**
 * virLXCConfinementExec:
 * @path: program to execute
 * @argv: its arguments
 * @envp: its environment
 * @opaque: virLXCConfinementExecData
 *
 * Loads the seccomp filter, if there is one, and executes the program. If
 * execve(2) fails under a filter, the error is sent to the controller and the
 * process exits.
 *
 * Returns -1 with an error reported, or does not return.
 */
int virLXCConfinementExec(const char *path,
                          char *const *argv,
                          char *const *envp,
                          void *opaque);

/**
 * virLXCConfinementConnectAgent:
 * @plan: the plan
 * @agent: filled with a connection to the seccomp agent, which the caller
 *     closes; unchanged if the plan does not have an agent
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCConfinementConnectAgent(const virLXCPrepared *plan,
                                  int *agent);

/**
 * virLXCConfinementPassListener:
 * @plan: the plan
 * @def: the domain definition
 * @init: process ID of the container's init
 * @pid: process ID of the process that executes a program: init, or a process
 *     that joins the container
 * @handshake: the controller's end of the handshake with the container
 * @agent: connection to the agent, which is closed, or -1
 *
 * Waits until the process has loaded its filter, and passes the listener to the
 * agent. Then waits, for a limited time, until the process has executed its
 * program or failed to do so. An error sent by the process is left to
 * virLXCHandshakeWaitClose().
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCConfinementPassListener(const virLXCPrepared *plan,
                                  const virDomainDef *def,
                                  pid_t init,
                                  pid_t pid,
                                  int handshake,
                                  int *agent);
