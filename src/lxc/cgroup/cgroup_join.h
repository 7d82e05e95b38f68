/*
 * cgroup_join.h: the cgroups of a running container, for processes that join it
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
 * called outside of the container: the kernel checks which process opened them,
 * and where (cgroups(7), "Cgroup delegation containment").
 *
 * Returns an array of descriptors that closes them, or NULL.
 */
GArray *virLXCPayloadJoinOpen(pid_t init, GError **error);

/**
 * virLXCPayloadJoinEnter:
 * @cgroups: what virLXCPayloadJoinOpen() has returned
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Moves the calling process there. In any cgroup above, a new cgroup namespace
 * would show it those of the host.
 *
 * Returns 0 or -1.
 */
int virLXCPayloadJoinEnter(const GArray *cgroups, GError **error);
