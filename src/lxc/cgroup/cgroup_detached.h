/*
 * cgroup_detached.h: cgroup hierarchies that are mounted nowhere
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cgroup_layout.h"

/**
 * virLXCPayloadRoot: the root directory of a hierarchy.
 *
 * @path: the directory
 * @fd: what keeps it mounted, or -1 when it is mounted for all to see
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
 * Gives access to a hierarchy's root; one that is mounted nowhere is mounted
 * for the caller alone, at no path (fsmount(2)).
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
