/*
 * cgroup_join.h: the cgroups of a running container, for those who join it
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
 * Opens the cgroups that the container's init is in, of every hierarchy. To be
 * called outside of the container: the kernel asks who has opened them, and
 * where (cgroups(7), "Cgroup delegation containment").
 *
 * Returns an array of descriptors that closes them, or NULL.
 */
GArray *virLXCPayloadJoinOpen(pid_t init, GError **error);

/**
 * virLXCPayloadJoinEnter:
 * @cgroups: what virLXCPayloadJoinOpen() has returned
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Moves the calling process there. Were it anywhere above, a cgroup namespace
 * of its own would show it the host's.
 *
 * Returns 0 or -1.
 */
int virLXCPayloadJoinEnter(const GArray *cgroups, GError **error);
