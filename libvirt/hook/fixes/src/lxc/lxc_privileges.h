/*
 * lxc_privileges.h: no thread of libvirt_lxc keeps capabilities
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Capabilities belong to threads, and new threads inherit them
 * (capabilities(7)). Those of libvirt_lxc that exist when it drops its
 * capabilities have to do so themselves, or be created by one that has done so.
 */

#pragma once

#include "internal.h"

/**
 * virLXCPrivilegesDrop:
 *
 * Drops all capabilities of the calling thread, including its bounding set.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCPrivilegesDrop(void);

/**
 * virLXCPrivilegesStartWorkers:
 *
 * Connects to the system bus in a thread without capabilities, so that GLib
 * starts its threads there. To be called before anything else uses D-Bus. It does
 * not matter whether there is a system bus.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCPrivilegesStartWorkers(void);

/**
 * virLXCPrivilegesCheckThreads:
 *
 * Called after the main thread has dropped its capabilities. Waits until no other
 * thread has more than it, for at most 5 seconds.
 *
 * Returns 0, or -1 with an error reported that names the thread.
 */
int virLXCPrivilegesCheckThreads(void);
