/*
 * cgroup_join.h: join the cgroups of a running container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <sys/types.h>

/**
 * virLXCPayloadJoinOpen:
 * @init: process ID of the container's init
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Opens the cgroup of the container's init in every hierarchy. Must be called
 * outside the container: the kernel checks the credentials and the cgroup
 * namespace of the process that opened the file (cgroups(7), "Cgroup delegation
 * containment").
 *
 * Returns an array of descriptors, which are closed when the caller frees the
 * array, or NULL.
 */
GArray *virLXCPayloadJoinOpen(pid_t init, GError **error);

/**
 * virLXCPayloadJoinEnter:
 * @cgroups: descriptors returned by virLXCPayloadJoinOpen()
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Moves the calling process to these cgroups. If it stayed in a cgroup above
 * them, a new cgroup namespace would show it cgroups of the host.
 *
 * Returns 0 or -1.
 */
int virLXCPayloadJoinEnter(const GArray *cgroups, GError **error);
