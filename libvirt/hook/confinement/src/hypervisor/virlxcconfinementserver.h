/*
 * virlxcconfinementserver.h: the exec server of a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "internal.h"
#include "security/security_manager.h"
#include "virconftypes.h"
#include "virlxcconfinementplan.h"

typedef void (*virLXCConfinementServerInChild)(void);

/**
 * virLXCConfinementServerStart:
 * @stateDir: directory of the socket
 * @def: the domain
 * @plan: confinement of init
 * @securityManager: sets the security label of processes
 * @init: process ID of init
 * @inChild: called by the server as soon as it is forked, to close descriptors of
 *           the controller
 *
 * Creates the socket of the container's exec server, and forks the server
 * (exec_server.h). Must be called by the controller before it drops its
 * capabilities and while it is single-threaded. The server does not accept
 * connections before the returned descriptor is written to, and exits if it is
 * closed.
 *
 * Returns a descriptor, or -1 with an error reported.
 */
int virLXCConfinementServerStart(const char *stateDir,
                                 virDomainDef *def,
                                 const virLXCPrepared *plan,
                                 virSecurityManager *securityManager,
                                 pid_t init,
                                 virLXCConfinementServerInChild inChild);

/**
 * virLXCConfinementServerOpen:
 * @go: descriptor returned by virLXCConfinementServerStart(), which is closed
 *
 * Lets the server accept connections. Must be called when init has been
 * executed.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCConfinementServerOpen(int *go);

/**
 * virLXCConfinementServerRemove:
 * @stateDir: directory of the socket
 * @name: name of a domain that has been stopped
 *
 * Removes the socket of the exec server.
 */
void virLXCConfinementServerRemove(const char *stateDir,
                                   const char *name);
