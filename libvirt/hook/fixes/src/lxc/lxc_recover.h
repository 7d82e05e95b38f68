/*
 * lxc_recover.h: domains whose files cannot be read
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A definition that cannot be read must not make its domain disappear, and a
 * running container must not be forgotten because the file with its status is
 * damaged or was written by another version.
 */

#pragma once

#include "lxc_conf.h"

/**
 * virLXCRecoverDomains:
 * @driver: the driver, which has loaded all domains but is not connected to
 *     their containers yet
 *
 * Adds a stand-in for each definition that cannot be read, whose description
 * contains the error, and which cannot be started. Marks each domain as running
 * that has left files in the state directory. If libvirt_lxc has exited, the
 * attempt to connect to it will remove these files. Removes files that a daemon
 * that was killed has not finished.
 */
void virLXCRecoverDomains(virLXCDriver *driver);

/**
 * virLXCRecoverReadController:
 * @stateDir: the driver's state directory
 * @name: name of a domain
 *
 * Returns the process ID of the domain's libvirt_lxc according to its pid file,
 * or 0 if that process has exited or there is no such file.
 */
pid_t virLXCRecoverReadController(const char *stateDir,
                                  const char *name);

/**
 * virLXCRecoverFindController:
 * @stateDir: the driver's state directory
 * @name: name of a domain
 *
 * Returns the process ID of the domain's libvirt_lxc even if there is no pid
 * file, or 0 if it has exited.
 */
pid_t virLXCRecoverFindController(const char *stateDir,
                                  const char *name);
