/*
 * exec_server.h: run programs in a container on request
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The exec server of a container is a process of the host. It is forked by the
 * controller before that drops its capabilities, and listens on a Unix socket
 * for requests of the daemon (exec_request.h). It holds the policy as it was
 * enforced when the container was started. For each request, it forks a
 * session, a process that joins the container, starts the program and carries
 * bytes between the program and its client.
 */

#pragma once

#include <glib.h>
#include <sys/types.h>

#include "prepare.h"

/**
 * virLXCExecServer: a container.
 *
 * @listener: listening Unix stream socket
 * @init: process ID of the container's init
 * @policy: policy of processes that join the container
 * @name: name of the domain
 * @uuid: UUID of the domain
 * @bundle: state directory of containers, for the seccomp agent
 * @setLabel: sets the security label of the calling process
 * @opaque: argument of @setLabel
 */
typedef struct {
    int listener;
    pid_t init;
    const virLXCPrepared *policy;
    const char *name;
    const char *uuid;
    const char *bundle;
    int (*setLabel)(void *opaque, GError **error);
    void *opaque;
} virLXCExecServer;

/**
 * virLXCExecServerRun:
 * @server: the container
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Serves requests until init ends, which the end of the controller entails. The
 * calling process must be single-threaded. Connections of other users than root
 * are closed.
 *
 * Returns 0 or -1.
 */
int virLXCExecServerRun(const virLXCExecServer *server, GError **error);

/**
 * virLXCExecServerPath:
 * @directory: state directory of containers
 * @name: name of the domain
 *
 * Returns the path of the exec server's socket, which the caller frees.
 */
char *virLXCExecServerPath(const char *directory, const char *name);

/**
 * virLXCExecServerListen:
 * @path: path of the socket, which is replaced if it exists
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Returns a listening socket that only root can connect to, which the caller
 * closes, or -1.
 */
int virLXCExecServerListen(const char *path, GError **error);

/**
 * virLXCExecServerConnect:
 * @path: path of the socket
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED if there is no server,
 *     or to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Returns a connected socket, which the caller closes, or -1. Sending and
 * receiving fail with EAGAIN after a few seconds.
 */
int virLXCExecServerConnect(const char *path, GError **error);
