/*
 * virlxcconfinementcgroup.h: cgroups of LXC containers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Translates between libvirt's types and errors and those of the confinement
 * libraries.
 */

#pragma once

#include "internal.h"
#include "vircgroup.h"
#include "virconftypes.h"

/**
 * virLXCConfinementCgroupRead:
 * @pid: a process ID, or 0 for the caller
 *
 * Returns the cgroup of the process in each hierarchy, which the caller frees
 * with g_ptr_array_unref(), or NULL with an error reported.
 */
GPtrArray *virLXCConfinementCgroupRead(pid_t pid);

/**
 * virLXCConfinementCgroupDelegate:
 * @def: the domain definition
 * @init: process ID of init
 * @before: the cgroups of init before libvirt created the domain's
 *
 * Moves init to a cgroup below the one with the domain's limits and device ACL,
 * and makes the container's root the owner of that cgroup.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCConfinementCgroupDelegate(const virDomainDef *def,
                                    pid_t init,
                                    const GPtrArray *before);

/**
 * virLXCConfinementCgroupEnter:
 *
 * Moves the calling process to a new cgroup namespace.
 *
 * Returns the host's cgroup hierarchies like virLXCConfinementCgroupRead(), or
 * NULL with an error reported.
 */
GPtrArray *virLXCConfinementCgroupEnter(void);

/**
 * virLXCConfinementCgroupRemove:
 * @def: definition of a domain whose processes have exited
 * @cgroup: the domain's cgroup, or NULL
 *
 * Removes the cgroups that were created for or by the container.
 */
void virLXCConfinementCgroupRemove(const virDomainDef *def,
                                   virCgroup *cgroup);
