/*
 * cgroup_adopt.h: move processes that have joined a container to its cgroups
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <sys/types.h>

/**
 * virLXCPayloadAdopt:
 * @init: process ID of the container's init
 * @controller: process ID of the container's libvirt_lxc
 * @milliseconds: how long to look for processes
 *
 * Clients that join a container by themselves move their processes to the
 * cgroup of libvirt_lxc, which is above the root of the container's cgroup
 * namespace. systemd in the container cannot move them from there (cgroups(7),
 * "Cgroup delegation containment"). This function moves processes that are in
 * that cgroup of version 2, and in the mount namespace of @init, to the cgroup
 * of @init. The same limits and device ACL apply there. Best effort; returns
 * early if the container has exited.
 */
void
virLXCPayloadAdopt(pid_t init, pid_t controller, unsigned int milliseconds);
