/*
 * root_private.h: what the steps of root.h share
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <errno.h>
#include <stdint.h>

#include "descriptor.h"
#include "error.h"
#include "i18n.h"
#include "openat2.h"
#include "root.h"
#include "root_kernel.h"
#include "root_source.h"

/* The attributes that are compared. */
#define LXC_ROOT_ATTRIBUTES                                             \
    (VIR_LXC_ROOT_READONLY | VIR_LXC_ROOT_NOSUID | VIR_LXC_ROOT_NODEV | \
     VIR_LXC_ROOT_NOEXEC)

/**
 * lxcRootItem: a row of the plan, and what has become of it.
 *
 * @mount: the row
 * @fd: the mount, or -1; of a mask, /dev/null until it is known what to mask
 * @id: the mount's ID once it has been attached, or 0
 * @path: where it has been attached
 * @attributes: what it has, its source's included
 * @below: what a recursive mount brings with it, as "PATH MAJOR:MINOR" relative
 *     to the source; NULL for others
 */
typedef struct {
    const virLXCRootMount *mount;
    int fd;
    uint64_t id;
    char *path;
    unsigned int attributes;
    GHashTable *below;
} lxcRootItem;

/**
 * @plan: the plan
 * @items: of lxcRootItem, one for each row
 * @sources: what the container gets from the host
 * @proc: a procfs of the caller's PID namespace, never attached
 */
struct _virLXCRoot {
    const virLXCRootPlan *plan;
    GPtrArray *items;
    virLXCRootSources *sources;
    int proc;
};

/**
 * lxcRootItemAt:
 * @root: a tree
 * @i: index of a row
 *
 * Returns the item of that row.
 */
static inline lxcRootItem *
lxcRootItemAt(const virLXCRoot *root, size_t i)
{
    return g_ptr_array_index(root->items, i);
}

/**
 * lxcRootCreate:
 * @mount: a row of kind VIR_LXC_ROOT_FILESYSTEM
 * @error: set on failure
 *
 * Returns a descriptor of a new mount of that file system, detached, or -1.
 */
int lxcRootCreate(const virLXCRootMount *mount, GError **error);

/**
 * lxcRootSeal:
 * @item: an item whose mount is open and detached
 * @error: set on failure
 *
 * Gives the mount its attributes, and notes which ones it has then.
 *
 * Returns 0 or -1.
 */
int lxcRootSeal(lxcRootItem *item, GError **error);

/**
 * lxcRootId:
 * @fd: a file or directory
 * @id: set to the ID of the mount that it was found through
 * @top: set to whether it is the root of that mount; may be NULL
 *
 * Returns 0, or -1 with errno set.
 */
int lxcRootId(int fd, uint64_t *id, bool *top);

/**
 * lxcRootPath:
 * @root: a tree
 * @fd: a descriptor
 * @error: set on failure
 *
 * Returns the path that the kernel knows for @fd, which the caller frees.
 */
char *lxcRootPath(const virLXCRoot *root, int fd, GError **error);

/**
 * lxcRootSourceError:
 * @mount: a row with a source
 * @error: set to the reason in errno, with the source and the target
 *
 * Returns -1.
 */
int lxcRootSourceError(const virLXCRootMount *mount, GError **error);

/**
 * lxcRootAddSource:
 * @sources: a set
 * @path: as for virLXCRootSourcesAdd()
 *
 * Returns 0, or -1 with errno set.
 */
int lxcRootAddSource(virLXCRootSources *sources, const char *path);

/**
 * lxcRootOpenSource:
 * @sources: a set that all sources have been added to
 * @source: a path of the host
 * @flags: of open(2), next to O_PATH
 * @inside: set to whether it lies below one of the sources
 *
 * As virLXCRootSourcesOpen(), for something of any type. A link that leads out
 * of a source fails with EXDEV, and a magic link with ELOOP.
 *
 * Returns a descriptor, or -1 with errno set.
 */
int lxcRootOpenSource(const virLXCRootSources *sources, const char *source,
                      int flags, bool *inside);

/**
 * lxcRootWriteSettings:
 * @root: a tree with its procfs
 * @error: set on failure, naming the file and the value
 *
 * Writes the settings of the plan.
 *
 * Returns 0 or -1.
 */
int lxcRootWriteSettings(const virLXCRoot *root, GError **error);

/**
 * lxcRootComponents:
 * @path: a path
 *
 * Returns its components without empty ones and ".", as in { "a", "b", NULL }
 * for "/a//b/", which the caller frees.
 */
char **lxcRootComponents(const char *path);

/**
 * lxcRootBelow:
 * @path: a path
 * @top: a path
 *
 * Returns what @path has behind @top, beginning with a slash or empty; NULL
 * when it is not below it.
 */
const char *lxcRootBelow(const char *path, const char *top);

/**
 * lxcRootMountsBelow:
 * @mounts: of virLXCRootMountinfo
 * @path: where the source of a recursive mount is
 *
 * Returns what such a mount brings with it, as for @below of lxcRootItem. A
 * mount that is hidden below another one is listed, too.
 */
GHashTable *lxcRootMountsBelow(const GPtrArray *mounts, const char *path);

/**
 * lxcRootResolve:
 * @root: a tree that has been entered
 * @path: a path in the container
 * @flags: of open(2), next to O_PATH
 * @strict: whether symbolic links are refused
 *
 * Returns a descriptor, or -1 with errno set.
 */
int lxcRootResolve(const virLXCRoot *root, const char *path, int flags,
                   bool strict);

/**
 * lxcRootTarget:
 * @root: a tree that has been entered
 * @mount: a row
 * @directory: whether a directory is asked for
 * @error: set on failure
 *
 * Resolves the row's target, which is made where it is missing.
 *
 * Returns a descriptor, or -1.
 */
int lxcRootTarget(const virLXCRoot *root, const virLXCRootMount *mount,
                  bool directory, GError **error);

/**
 * lxcRootParent:
 * @root: a tree that has been entered
 * @mount: a row
 * @name: set to the last component of its target, which the caller frees
 * @error: set on failure
 *
 * Returns a descriptor of the directory that holds the target, or -1.
 */
int lxcRootParent(const virLXCRoot *root, const virLXCRootMount *mount,
                  char **name, GError **error);
