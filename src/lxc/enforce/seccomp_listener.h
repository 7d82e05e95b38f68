/*
 * seccomp_listener.h: pass the seccomp listener to the agent
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The controller's side of the protocol of the OCI runtime specification
 * (config-linux.md, "Container Process State"): one connection to the agent's
 * Unix stream socket, and one JSON document, whose first message carries the
 * listener as SCM_RIGHTS.
 */

#pragma once

#include <sys/types.h>

#include "error.h"

/**
 * virLXCSeccompListenerConnect:
 * @path: path of the agent's socket
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Connects to the agent. Must be called before the container is created, so
 * that the start fails early if the agent is not running. If the agent's
 * backlog is full, waits for a few seconds only.
 *
 * Returns a close-on-exec descriptor, which the caller closes, or -1.
 */
int virLXCSeccompListenerConnect(const char *path, GError **error);

/**
 * virLXCSeccompListenerReceive:
 * @handshake: the controller's end of the socket of virLXCSeccompExec(), with
 *     VIR_LXC_SECCOMP_LISTENER_BYTE as the next byte to read
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Returns a close-on-exec descriptor of the listener, which the caller closes,
 * or -1.
 */
int virLXCSeccompListenerReceive(int handshake, GError **error);

/**
 * Byte that is sent with the listener over the handshake socket, and the
 * controller's reply when the agent has the listener.
 */
#define VIR_LXC_SECCOMP_LISTENER_BYTE 'l'

/**
 * virLXCSeccompListenerState: information for the agent.
 *
 * @id: name of the container
 * @uuid: UUID of the container, sent as an annotation
 * @bundle: state directory of the container
 * @pid: process ID on the host of the process under the filter
 * @init: process ID on the host of the container's init, equal to @pid while
 *     the container is being created
 * @metadata: additional data from the domain XML, or NULL
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
 * @agent: descriptor returned by virLXCSeccompListenerConnect()
 * @listener: the listener
 * @state: information for the agent
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Sends the listener and @state. If the agent does not read, waits for a few
 * seconds only. The agent may still exit without receiving the listener; then,
 * calls fail with ENOSYS (seccomp_unotify(2)).
 *
 * Returns 0 or -1.
 */
int virLXCSeccompListenerSend(int agent, int listener,
                              const virLXCSeccompListenerState *state,
                              GError **error);
