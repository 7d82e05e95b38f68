/*
 * lxc_child.h: descriptors that a container's process does not need
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The child of libvirt_lxc inherits both ends of its connections with
 * libvirt_lxc, and those of libvirt_lxc with the daemon. As long as it has them,
 * neither the child nor the daemon notices that libvirt_lxc has exited.
 */

#pragma once

#include "internal.h"

/**
 * virLXCChildSetParentOnly:
 * @fds: descriptors that only libvirt_lxc uses, or -1
 * @nfds: number of elements in @fds, at most 8
 *
 * To be called before the child is created.
 */
void virLXCChildSetParentOnly(const int *fds,
                              size_t nfds);

/**
 * virLXCChildCloseParentOnly:
 *
 * Closes these descriptors. The child calls this before it waits for anything.
 */
void virLXCChildCloseParentOnly(void);
