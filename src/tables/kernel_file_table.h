/*
 * kernel_file_table.h: files of the kernel that policies restrict
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Files below /proc and /sys that belong to the host and that root of a
 * container can read or write without any capability. One row for each path:
 * the parser, the planner and the documentation all read this table. The paths
 * and their origins were taken from the defaults of runc, crun, containerd,
 * docker and podman, and from ProtectKernelTunables= and ProtectKernelLogs= in
 * systemd.exec(5).
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * virLXCKernelFileAccess: what processes in a container can do with a file or
 * with everything below a directory.
 *
 * @VIR_LXC_KERNEL_FILE_MASKED: nothing: a file reads as empty, a directory is
 *     empty
 * @VIR_LXC_KERNEL_FILE_READONLY: what its permissions allow except writing
 * @VIR_LXC_KERNEL_FILE_WRITABLE: what its permissions allow
 */
typedef enum {
    VIR_LXC_KERNEL_FILE_MASKED,
    VIR_LXC_KERNEL_FILE_READONLY,
    VIR_LXC_KERNEL_FILE_WRITABLE,
} virLXCKernelFileAccess;

/**
 * virLXCKernelFileRow: one row.
 *
 * @path: absolute path. "cpu*" as a component stands for the directory of each
 *     CPU.
 * @access: what policy='default' leaves of it; never writable
 * @unlessKept: name of the capability that lifts the restriction when the
 *     domain keeps it, or NULL
 * @byDriver: whether every LXC container has this restriction, so that it is
 *     not added by policy='default'
 * @origin: other software that restricts the path, or NULL
 * @reason: why it is restricted, one sentence
 */
typedef struct {
    const char *path;
    virLXCKernelFileAccess access;
    const char *unlessKept;
    bool byDriver;
    const char *origin;
    const char *reason;
} virLXCKernelFileRow;

/**
 * virLXCKernelFileTable:
 * @nrows: filled with the number of rows
 *
 * Returns the table, ordered by path as strcmp(3) does. Static, never to be
 * freed.
 */
const virLXCKernelFileRow *virLXCKernelFileTable(size_t *nrows);

/**
 * virLXCKernelFileAccessNames:
 *
 * Returns the names of all kinds of access in XML, in the order of
 * virLXCKernelFileAccess and with a NULL at the end. Static, never to be freed.
 */
const char *const *virLXCKernelFileAccessNames(void);

/**
 * virLXCKernelFilePathIsValid:
 * @path: a path from XML
 *
 * Returns whether @path is below /proc or /sys and normalised: it has no empty
 * component, "." or "..", and no slash at its end.
 */
bool virLXCKernelFilePathIsValid(const char *path);

/**
 * virLXCKernelFilePathIsReserved:
 * @path: a valid path
 *
 * Returns whether access to @path cannot be set: it belongs to a single process
 * (/proc/PID, and the links to it such as /proc/self), or it is /proc/meminfo,
 * which libvirt provides for each container.
 */
bool virLXCKernelFilePathIsReserved(const char *path);

/**
 * virLXCKernelFilePathFindAbove:
 * @paths: a set of valid paths
 * @path: a valid path
 *
 * Returns the innermost directory above @path, not @path itself, that is in
 * @paths; or NULL. It belongs to @paths.
 */
const char *virLXCKernelFilePathFindAbove(GHashTable *paths, const char *path);
