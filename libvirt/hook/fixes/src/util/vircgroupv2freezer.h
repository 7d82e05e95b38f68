/*
 * vircgroupv2freezer.h: methods for the freezer of cgroup version 2
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The freezer of version 2 is not a controller: every cgroup except the root has
 * the file cgroup.freeze (cgroup-v2.rst, "Core Interface Files"; Linux 5.2).
 */

#pragma once

#include "internal.h"
#include "vircgroup.h"

/**
 * virCgroupV2FreezerAvailable:
 * @group: a cgroup
 *
 * Returns whether the processes of the cgroup can be frozen with version 2. The
 * freezer of version 1 is preferred if it is mounted, so that containers that were
 * suspended with it are recognized.
 */
bool
virCgroupV2FreezerAvailable(virCgroup *group);

/**
 * virCgroupV2SetFreezerState:
 * @group: a cgroup
 * @state: "FROZEN" or "THAWED", as in version 1
 *
 * Requests that all processes of the cgroup and its descendants are frozen or
 * thawed. Does not wait for them.
 *
 * Returns 0, or -1 with an error reported.
 */
int
virCgroupV2SetFreezerState(virCgroup *group,
                           const char *state);

/**
 * virCgroupV2GetFreezerState:
 * @group: a cgroup
 * @state: set to "FROZEN", "FREEZING" or "THAWED", which the caller frees
 *
 * A cgroup below a frozen cgroup is frozen as well.
 *
 * Returns 0, or -1 with an error reported.
 */
int
virCgroupV2GetFreezerState(virCgroup *group,
                           char **state);
