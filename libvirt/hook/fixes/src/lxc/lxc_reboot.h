/*
 * lxc_reboot.h: remember that a container wants to be restarted
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * libvirt_lxc exits when its container reboots, and the daemon starts the
 * domain again. The daemon may not be running then, or may be killed before it
 * has done so. A file in the state directory tells its successor.
 */

#pragma once

#include "internal.h"

/**
 * virLXCRebootRequest:
 * @stateDir: the driver's state directory
 * @name: name of the domain
 *
 * Requests that the domain be started again after libvirt_lxc has exited. If
 * this fails, there is a warning, and only a daemon that is running restarts
 * the domain.
 */
void virLXCRebootRequest(const char *stateDir,
                         const char *name);

/**
 * virLXCRebootIsRequested:
 * @stateDir: the driver's state directory
 * @name: name of the domain
 *
 * Returns whether the domain is to be started again.
 */
bool virLXCRebootIsRequested(const char *stateDir,
                             const char *name);

/**
 * virLXCRebootForget:
 * @stateDir: the driver's state directory
 * @name: name of the domain
 *
 * Withdraws the request, if there is one.
 */
void virLXCRebootForget(const char *stateDir,
                        const char *name);
