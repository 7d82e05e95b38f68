/*
 * root_file.h: reads files of a container without trusting them
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Of a container only regular files are read, found without leaving its root,
 * and no more of them than the caller asks for. Nothing here waits: a FIFO, a
 * socket or a device is refused, not opened.
 */

#pragma once

#include <glib.h>

/**
 * virLXCRootFileOpen:
 * @root: descriptor of the container's root directory
 * @path: path in the container
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM when it cannot be opened, and
 *     to VIR_LXC_CONFINEMENT_ERROR_INVALID when it is not a regular file
 *
 * Opens a file for reading. Links are resolved inside of @root, magic links
 * (those of procfs that lead to open files) are refused.
 *
 * Returns a descriptor that is closed by execve(2), or -1.
 */
int virLXCRootFileOpen(int root, const char *path, GError **error);

/**
 * virLXCRootFileRead:
 * @fd: a file that is open for reading
 * @name: what to call it in an error
 * @max: the size in bytes that is too large
 * @length: set to the size; may be NULL
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM when it cannot be read, and
 * to VIR_LXC_CONFINEMENT_ERROR_INVALID when it has @max bytes or more
 *
 * Returns all of the file with a NUL byte behind, which the caller frees, or
 * NULL.
 */
char *virLXCRootFileRead(int fd, const char *name, size_t max, size_t *length,
                         GError **error);

/**
 * virLXCRootFileGet:
 * @root: as for virLXCRootFileOpen()
 * @path: as for virLXCRootFileOpen()
 * @max: as for virLXCRootFileRead()
 * @length: as for virLXCRootFileRead()
 * @error: as for both
 *
 * Returns the contents of a file of the container, which the caller frees, or
 * NULL.
 */
char *virLXCRootFileGet(int root, const char *path, size_t max, size_t *length,
                        GError **error);
