/*
 * root_mountinfo.h: the mounts of a namespace
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <stdint.h>

/**
 * virLXCRootMountinfo: a line of proc_pid_mountinfo(5).
 *
 * @id: ID of the mount
 * @parent: ID of the mount that it is attached to
 * @device: "MAJOR:MINOR" of its file system
 * @root: what of its file system is mounted, from the root of that
 * @path: where it is, from the root of the process
 * @attributes: of virLXCRootAttribute
 * @type: its file system
 */
typedef struct {
    uint64_t id;
    uint64_t parent;
    char *device;
    char *root;
    char *path;
    unsigned int attributes;
    char *type;
} virLXCRootMountinfo;

/**
 * virLXCRootMountinfoParse:
 * @text: text of /proc/PID/mountinfo
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM if the text is malformed
 *
 * Returns an array of virLXCRootMountinfo that frees its elements, or NULL.
 */
GPtrArray *virLXCRootMountinfoParse(const char *text, GError **error);

/**
 * virLXCRootMountinfoRead:
 * @proc: descriptor of a procfs that the caller trusts
 * @error: set on failure
 *
 * Returns the caller's mounts as virLXCRootMountinfoParse() does, or NULL.
 */
GPtrArray *virLXCRootMountinfoRead(int proc, GError **error);

/**
 * virLXCRootMountinfoFind:
 * @mounts: from virLXCRootMountinfoParse()
 * @id: ID of a mount
 *
 * Returns its line, which belongs to @mounts, or NULL.
 */
const virLXCRootMountinfo *
virLXCRootMountinfoFind(const GPtrArray *mounts, uint64_t id);
