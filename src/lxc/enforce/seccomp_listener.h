/*
 * seccomp_listener.h: calls that are delegated to an agent
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The controller's part of the protocol of the OCI runtime specification
 * (config-linux.md, "Container Process State"): one connection to the agent's
 * Unix stream socket, one JSON document with the listener's descriptor in
 * SCM_RIGHTS of its first message, and nothing else.
 */

#pragma once

#include <sys/types.h>

#include "error.h"

/**
 * virLXCSeccompListenerConnect:
 * @path: the agent's socket
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * To be called before the container is made, so that an agent that is not there
 * is no container either. Waits for seconds, not for ever, for an agent whose
 * queue of connections is full.
 *
 * Returns a descriptor, closed on exec, that the caller closes; or -1.
 */
int virLXCSeccompListenerConnect(const char *path, GError **error);

/**
 * virLXCSeccompListenerReceive:
 * @handshake: the controller's end of the socket of virLXCSeccompExec(), from
 *     which the byte VIR_LXC_SECCOMP_LISTENER_BYTE is to be read next
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Returns the listener, closed on exec, that the caller closes; or -1.
 */
int virLXCSeccompListenerReceive(int handshake, GError **error);

/**
 * What announces the listener on the handshake's socket, and is the answer when
 * the agent has it.
 */
#define VIR_LXC_SECCOMP_LISTENER_BYTE 'l'

/**
 * virLXCSeccompListenerState: what the agent is told.
 *
 * @id: name of the container
 * @uuid: its UUID, an annotation
 * @bundle: its state directory
 * @pid: process ID of the process under the filter, as the host sees it
 * @init: that of the container's init, which is the same while it is created
 * @metadata: what the administrator wants to be told, or NULL
 */
typedef struct {
    const char *id;
    const char *uuid;
    const char *bundle;
    pid_t pid;
    pid_t init;
    const char *metadata;
} virLXCSeccompListenerState;

/**
 * virLXCSeccompListenerSend:
 * @agent: a connection of virLXCSeccompListenerConnect()
 * @listener: the listener
 * @state: what the agent is told
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Sends the listener, and waits for seconds, not for ever, for an agent that
 * reads nothing. What was sent may still be read by nobody: then calls fail
 * with ENOSYS (seccomp_unotify(2)).
 *
 * Returns 0 or -1.
 */
int virLXCSeccompListenerSend(int agent, int listener,
                              const virLXCSeccompListenerState *state,
                              GError **error);
