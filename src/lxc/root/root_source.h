/*
 * root_source.h: opens images and devices of the host for a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A file that lies below a directory which the container gets may have been
 * replaced by the container in an earlier run, or be replaced while it is being
 * opened. Therefore paths are walked component by component, on descriptors,
 * and each directory is compared with those of the container by device and
 * inode.
 *
 * Errors are of VIR_LXC_CONFINEMENT_ERROR, and name the path: _INVALID for a
 * file that the container could have chosen, or that is of the wrong type,
 * _SYSTEM for a system call.
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/** virLXCRootSources: the directories of the host that a container gets. */
typedef struct _virLXCRootSources virLXCRootSources;

/**
 * virLXCRootSourceKind: what a path of the host must be.
 *
 * @VIR_LXC_ROOT_SOURCE_IMAGE: a regular file. Outside of all directories of the
 *     container, a block device, too
 * @VIR_LXC_ROOT_SOURCE_DEVICE: something outside of all directories of the
 *     container, because nothing but its name says which device is meant
 */
typedef enum {
    VIR_LXC_ROOT_SOURCE_IMAGE,
    VIR_LXC_ROOT_SOURCE_DEVICE,
} virLXCRootSourceKind;

/**
 * virLXCRootSourcesNew:
 *
 * Returns an empty set for virLXCRootSourcesFree().
 */
virLXCRootSources *virLXCRootSourcesNew(void);

/**
 * virLXCRootSourcesFree:
 * @sources: a set, or NULL
 */
void virLXCRootSourcesFree(virLXCRootSources *sources);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCRootSources, virLXCRootSourcesFree)

/**
 * virLXCRootSourcesAdd:
 * @sources: a set
 * @path: path of the host: the source of a bind mount
 * @error: set on failure
 *
 * Adds what is at @path, unless it is the host's root directory: a container
 * that has all of the host's files could choose any image.
 *
 * Returns 0 or -1.
 */
int virLXCRootSourcesAdd(virLXCRootSources *sources, const char *path,
                         GError **error);

/**
 * virLXCRootSourcesOpen:
 * @sources: a set that all sources of the container have been added to
 * @path: path of the host
 * @kind: what it must be
 * @inside: set to whether the container can write to it, or replace it, by one
 *     of the sources; may be NULL
 * @error: set on failure
 *
 * Follows links of the host up to the first directory in @sources, whatever
 * path leads to it. From there on, ".." in @path and links that lead out of the
 * directory are errors. Links of procfs that do not have a text are errors
 * everywhere. A bind mount of the host that shows only a part of a directory is
 * not recognised as belonging to it.
 *
 * Returns a descriptor, opened with O_PATH, which the caller closes, or -1.
 */
int
virLXCRootSourcesOpen(const virLXCRootSources *sources, const char *path,
                      virLXCRootSourceKind kind, bool *inside, GError **error);
