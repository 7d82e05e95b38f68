/*
 * cgroup_detached.h: cgroup hierarchies that are not mounted
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cgroup_layout.h"

/**
 * virLXCPayloadRoot: the root directory of a hierarchy.
 *
 * @path: the directory
 * @fd: descriptor that keeps it mounted, or -1 if it is mounted in the file
 *     system
 */
typedef struct {
    char *path;
    int fd;
} virLXCPayloadRoot;

/**
 * virLXCPayloadRootOpen:
 * @root: filled on success
 * @hierarchy: a hierarchy, mounted or not
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Gives access to the root of a hierarchy. If it is not mounted, it is mounted
 * for the caller only, without a path (fsmount(2)).
 *
 * Returns 0 or -1.
 */
int
virLXCPayloadRootOpen(virLXCPayloadRoot *root,
                      const virLXCPayloadHierarchy *hierarchy, GError **error);

/**
 * virLXCPayloadRootClose:
 * @root: what virLXCPayloadRootOpen() has filled
 */
void virLXCPayloadRootClose(virLXCPayloadRoot *root);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(virLXCPayloadRoot, virLXCPayloadRootClose)
