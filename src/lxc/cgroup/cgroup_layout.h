/*
 * cgroup_layout.h: the cgroup hierarchies, and the cgroups of a process
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * virLXCPayloadHierarchy: a hierarchy, and the cgroup of a process in it.
 *
 * @controllers: mount options that identify a version 1 hierarchy, such as
 *     "cpu,cpuacct" or "name=systemd"; empty for version 2
 * @mountPoint: its mount point, or NULL if it is not mounted
 * @mountRoot: the cgroup that is the root of that mount
 * @path: the cgroup of the process, relative to the root of the cgroup
 *     namespace
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
 * Lists the hierarchies in the order of @cgroup.
 *
 * Returns an array of virLXCPayloadHierarchy, which frees its elements. The
 * caller frees the array.
 */
GPtrArray *virLXCPayloadLayoutParse(const char *mountinfo, const char *cgroup);

/**
 * virLXCPayloadLayoutRead:
 * @pid: a process ID as a string, or "self"
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Parses the mounts of the caller and the cgroups of @pid. Version 2 is listed
 * even if it has never been mounted, since a container could be the first to
 * mount it.
 *
 * Returns the same as virLXCPayloadLayoutParse(), or NULL on failure.
 */
GPtrArray *virLXCPayloadLayoutRead(const char *pid, GError **error);

/**
 * virLXCPayloadHierarchyIsUnified:
 * @hierarchy: a hierarchy
 *
 * Returns whether @hierarchy is the one of cgroup version 2.
 */
bool virLXCPayloadHierarchyIsUnified(const virLXCPayloadHierarchy *hierarchy);

/**
 * virLXCPayloadHierarchyHas:
 * @hierarchy: a hierarchy
 * @controller: name of a version 1 controller, or "name=NAME"
 *
 * Returns whether @hierarchy is a version 1 hierarchy with that controller.
 */
bool virLXCPayloadHierarchyHas(const virLXCPayloadHierarchy *hierarchy,
                               const char *controller);

/**
 * virLXCPayloadHierarchyDirectory:
 * @hierarchy: a hierarchy
 *
 * Returns the directory of the process's cgroup in @hierarchy, which must be
 * mounted. The caller frees it.
 */
char *virLXCPayloadHierarchyDirectory(const virLXCPayloadHierarchy *hierarchy);
