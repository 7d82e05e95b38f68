/*
 * virlxcproctree.h: the processes of a container, found by descent
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Root in a container chooses the cgroups of its processes, but cannot change
 * whose descendants they are.
 */

#pragma once

#include "internal.h"

/**
 * virLXCProcTreeParent:
 * @pid: a process ID
 *
 * Returns the process ID of the parent, or 0 when there is no such process.
 */
pid_t virLXCProcTreeParent(pid_t pid);

/**
 * virLXCProcTreeInOtherPidNamespace:
 * @pid: a process ID
 *
 * Returns whether the process exists in a PID namespace other than the caller's.
 */
bool virLXCProcTreeInOtherPidNamespace(pid_t pid);

/**
 * virLXCProcTreeFindInit:
 * @controller: process ID of libvirt_lxc
 *
 * Returns the process ID of its container's init, or 0 when there is none.
 */
pid_t virLXCProcTreeFindInit(pid_t controller);

typedef void (*virLXCProcTreeVisitor)(pid_t pid, const void *opaque);

/**
 * virLXCProcTreeForEach:
 * @init: process ID of a container's init
 * @visit: called for @init and each of its descendants, in no particular order
 * @opaque: passed to @visit
 */
void virLXCProcTreeForEach(pid_t init,
                           virLXCProcTreeVisitor visit,
                           const void *opaque);
