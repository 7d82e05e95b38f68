/*
 * exec_join.h: join the namespaces and cgroups of a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <sys/types.h>

/**
 * virLXCExecJoin: what is needed to join a container.
 *
 * @init: process ID of its init
 * @process: a pidfd of init
 * @cgroups: its cgroups, returned by virLXCPayloadJoinOpen()
 * @setLabel: sets the security label of the calling process, or NULL
 * @opaque: argument of @setLabel
 */
typedef struct {
    pid_t init;
    int process;
    GArray *cgroups;
    int (*setLabel)(void *opaque, GError **error);
    void *opaque;
} virLXCExecJoin;

/**
 * virLXCExecJoinEnter:
 * @join: the container
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Moves the calling process, which must be single-threaded and outside the
 * container, to the cgroups and to all namespaces of init, and makes it the
 * container's root there. Its root and working directories become the root of
 * the mount namespace. The PID namespace applies to its children only
 * (setns(2)), so that the process itself is not visible in the container.
 *
 * Returns 0 or -1.
 */
int virLXCExecJoinEnter(const virLXCExecJoin *join, GError **error);
