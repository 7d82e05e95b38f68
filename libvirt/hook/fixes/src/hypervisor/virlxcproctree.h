/*
 * virlxcproctree.h: find the processes of a container by descent
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Root in a container can move its processes to other cgroups, but cannot
 * change their ancestors.
 */

#pragma once

#include "internal.h"

/**
 * virLXCProcTreeParent:
 * @pid: a process ID
 *
 * Returns the process ID of the parent, or 0 if the process does not exist.
 */
pid_t virLXCProcTreeParent(pid_t pid);

/**
 * virLXCProcTreeInOtherPidNamespace:
 * @pid: a process ID
 *
 * Returns whether the process exists and is in a different PID namespace.
 */
bool virLXCProcTreeInOtherPidNamespace(pid_t pid);

/**
 * virLXCProcTreeFindInit:
 * @controller: process ID of libvirt_lxc
 *
 * Returns the process ID of the container's init, or 0 if it does not exist.
 */
pid_t virLXCProcTreeFindInit(pid_t controller);

/**
 * virLXCProcTreeVisitor:
 * @pid: a process ID. If the process exits, the ID may be reused.
 * @pidfd: a pidfd of the same process (pidfd_open(2))
 * @opaque: as passed to virLXCProcTreeForEach()
 */
typedef void (*virLXCProcTreeVisitor)(pid_t pid, int pidfd, const void *opaque);

/**
 * virLXCProcTreeForEach:
 * @init: process ID of a container's init
 * @initfd: a pidfd of @init
 * @visit: called for @init and each of its descendants, in no particular order
 * @opaque: passed to @visit
 *
 * Each process that is visited is in the PID namespace of @init or below it,
 * even if process IDs are reused meanwhile.
 */
void virLXCProcTreeForEach(pid_t init,
                           int initfd,
                           virLXCProcTreeVisitor visit,
                           const void *opaque);
