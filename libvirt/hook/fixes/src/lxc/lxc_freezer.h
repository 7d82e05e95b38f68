/*
 * lxc_freezer.h: suspend and resume containers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "vircgroup.h"

/**
 * virLXCFreezerFreeze:
 * @cgroup: the cgroup of a running domain
 *
 * Freezes all processes of the container and waits until they have stopped, for at
 * most a few seconds. They are thawed on failure.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCFreezerFreeze(virCgroup *cgroup);

/**
 * virLXCFreezerThaw:
 * @cgroup: the cgroup of a running domain
 *
 * Thaws all processes of the container and waits until they continue, for at most a
 * few seconds. They stay frozen on failure, such as if a cgroup above is frozen.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCFreezerThaw(virCgroup *cgroup);

/**
 * virLXCFreezerRecover:
 * @cgroup: cgroup of a container
 *
 * Thaws the cgroups below @cgroup if it is not frozen itself: a daemon that was
 * killed while it suspended or resumed the container has left them frozen.
 */
void virLXCFreezerRecover(virCgroup *cgroup);
