/*
 * cgroup_layout.h: the cgroup hierarchies, and the place of a process in each
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * virLXCPayloadHierarchy: a hierarchy and a process's place in it.
 *
 * @controllers: mount options that name a version 1 hierarchy, such as
 *     "cpu,cpuacct" or "name=systemd"; empty for version 2
 * @mountPoint: where it is mounted, or NULL when it is not
 * @mountRoot: which of its cgroups is the root of that mount
 * @path: the process's cgroup, from the root of the cgroup namespace
 */
typedef struct {
    char *controllers;
    char *mountPoint;
    char *mountRoot;
    char *path;
} virLXCPayloadHierarchy;

/**
 * virLXCPayloadLayoutParse:
 * @mountinfo: text of /proc/PID/mountinfo (proc_pid_mountinfo(5))
 * @cgroup: text of /proc/PID/cgroup (cgroups(7))
 *
 * Lists each hierarchy that the process is part of, in the order of @cgroup.
 *
 * Returns an array of virLXCPayloadHierarchy that frees its elements.
 */
GPtrArray *virLXCPayloadLayoutParse(const char *mountinfo, const char *cgroup);

/**
 * virLXCPayloadLayoutRead:
 * @pid: a process as seen by /proc, or "self"
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Parses the mounts of the caller and the cgroups of @pid. Version 2 is listed
 * even if it has never been mounted: a container could be the first to mount
 * it.
 *
 * Returns as virLXCPayloadLayoutParse(), or NULL.
 */
GPtrArray *virLXCPayloadLayoutRead(const char *pid, GError **error);

/**
 * virLXCPayloadHierarchyIsUnified:
 * @hierarchy: a hierarchy
 *
 * Returns whether it is the one of cgroup version 2.
 */
bool virLXCPayloadHierarchyIsUnified(const virLXCPayloadHierarchy *hierarchy);

/**
 * virLXCPayloadHierarchyHas:
 * @hierarchy: a hierarchy
 * @controller: name of a version 1 controller, or "name=NAME"
 *
 * Returns whether it is a version 1 hierarchy with that controller.
 */
bool virLXCPayloadHierarchyHas(const virLXCPayloadHierarchy *hierarchy,
                               const char *controller);

/**
 * virLXCPayloadHierarchyDirectory:
 * @hierarchy: a hierarchy
 *
 * Returns the directory of the process's cgroup in a hierarchy that is mounted,
 * which the caller frees.
 */
char *virLXCPayloadHierarchyDirectory(const virLXCPayloadHierarchy *hierarchy);
