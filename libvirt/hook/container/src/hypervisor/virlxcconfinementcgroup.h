/*
 * virlxcconfinementcgroup.h: the cgroups of LXC containers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Translates between libvirt's types and errors and those of the confinement
 * libraries, and does nothing else.
 */

#pragma once

#include "internal.h"
#include "vircgroup.h"
#include "virconftypes.h"

/**
 * virLXCConfinementCgroupRead:
 * @pid: a process, or 0 for the caller
 *
 * Returns the cgroup of the process in each hierarchy, to be freed with
 * g_ptr_array_unref(), or NULL with an error reported.
 */
GPtrArray *virLXCConfinementCgroupRead(pid_t pid);

/**
 * virLXCConfinementCgroupDelegate:
 * @def: the domain definition
 * @init: process ID of init
 * @before: the cgroups of init before libvirt created the domain's
 *
 * Moves init into a cgroup below the one that holds the domain's limits and
 * device ACL, and gives that cgroup to the container's root.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCConfinementCgroupDelegate(const virDomainDef *def,
                                    pid_t init,
                                    const GPtrArray *before);

/**
 * virLXCConfinementCgroupEnter:
 *
 * Moves the calling process into a new cgroup namespace.
 *
 * Returns the host's cgroup hierarchies as virLXCConfinementCgroupRead() does,
 * or NULL with an error reported.
 */
GPtrArray *virLXCConfinementCgroupEnter(void);

/**
 * virLXCConfinementCgroupRemove:
 * @def: definition of a domain whose processes have exited
 * @cgroup: the domain's cgroup, or NULL
 *
 * Removes the cgroups that were created for the container or by it.
 */
void virLXCConfinementCgroupRemove(const virDomainDef *def,
                                   virCgroup *cgroup);
