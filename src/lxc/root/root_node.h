/*
 * root_node.h: makes device nodes in a running container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <sys/types.h>

/**
 * virLXCRootMakeNode:
 * @root: descriptor of the container's root directory
 * @path: absolute path in the container
 * @mode: type and permissions as for mknod(2)
 * @device: device number
 * @uid: owner of the node, or -1 for the caller
 * @gid: group of the node, or -1 for that of the caller
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM, naming what could not be
 *     made, or to _INVALID if the file system is mounted with nodev
 *
 * Makes the node, and directories that are missing. Processes of the container
 * may change the tree meanwhile: no symbolic link is followed, and nothing that
 * exists is replaced.
 *
 * Returns 0 or -1.
 */
int virLXCRootMakeNode(int root, const char *path, mode_t mode, dev_t device,
                       uid_t uid, gid_t gid, GError **error);
