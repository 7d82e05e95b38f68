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
 * @path: path of the directory
 * @fd: descriptor of the detached mount, or -1 if the hierarchy is mounted on
 *     the host
 */
typedef struct {
    char *path;
    int fd;
} virLXCPayloadRoot;

/**
 * virLXCPayloadRootOpen:
 * @root: filled on success
 * @hierarchy: a hierarchy, which need not be mounted
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Opens the root of a hierarchy. A hierarchy that is not mounted on the host is
 * mounted detached, for the caller alone (fsmount(2)).
 *
 * Returns 0 or -1.
 */
int
virLXCPayloadRootOpen(virLXCPayloadRoot *root,
                      const virLXCPayloadHierarchy *hierarchy, GError **error);

/**
 * virLXCPayloadRootClose:
 * @root: filled by virLXCPayloadRootOpen()
 */
void virLXCPayloadRootClose(virLXCPayloadRoot *root);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(virLXCPayloadRoot, virLXCPayloadRootClose)
