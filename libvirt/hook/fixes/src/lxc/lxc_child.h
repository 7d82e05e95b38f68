/*
 * lxc_child.h: descriptors that a container's process does not need
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The processes that libvirt_lxc forks inherit both ends of its connections with
 * the container, and those of libvirt_lxc with the daemon. As long as they have
 * them, neither the container nor the daemon notices that libvirt_lxc has exited.
 * The same holds for the kernel and the container's FUSE file system: requests are
 * only cancelled when the last copy of its descriptor is closed, and a process that
 * waits for the answer cannot be killed.
 */

#pragma once

#include "internal.h"

/**
 * virLXCChildAddParentOnly:
 * @fd: descriptor that only libvirt_lxc uses, or -1
 *
 * There can be at most 8 of them.
 */
void virLXCChildAddParentOnly(int fd);

/**
 * virLXCChildCloseParentOnly:
 *
 * Closes these descriptors. A child calls this before it waits for anything.
 */
void virLXCChildCloseParentOnly(void);
