/*
 * root_verify.c: compares what is mounted with what was planned
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the kernel's list of mounts. Out: nothing, or an error.
 */

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "root_mountinfo.h"
#include "root_private.h"

#define LXC_ROOT_PROC "/proc"
#define LXC_ROOT_PROC_INIT "/proc/1"

/* Of the root directory of a procfs. */
#define LXC_ROOT_INODE 1

static const lxcRootItem *
lxcRootItemById(const virLXCRoot *root, uint64_t id)
{
    size_t i;

    for (i = 0; i < root->items->len; i++) {
        const lxcRootItem *item = lxcRootItemAt(root, i);

        if (item->id && item->id == id)
            return item;
    }
    return NULL;
}

static int
lxcRootVerifyItem(const GPtrArray *mounts, const lxcRootItem *item,
                  GError **error)
{
    bool strict = item->mount->flags & VIR_LXC_ROOT_STRICT;
    const virLXCRootMountinfo *found =
        virLXCRootMountinfoFind(mounts, item->id);

    if (!found || !g_str_equal(found->path, item->path) ||
        (strict && !g_str_equal(found->path, item->mount->target)))
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
            _("the mount of '%1$s' is at '%2$s': the container's files "
              "were changed while it was set up"),
            item->mount->target, found ? found->path : "");
    if ((found->attributes & item->attributes) != item->attributes)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
            _("the mount of '%1$s' lacks some of its attributes"),
            item->mount->target);
    return 0;
}

/* The planned mount that brought @mount with it. */
static const lxcRootItem *
lxcRootOrigin(const virLXCRoot *root, const GPtrArray *mounts,
              const virLXCRootMountinfo *mount)
{
    size_t depth;

    for (depth = 0; mount && depth <= mounts->len; depth++) {
        const lxcRootItem *item = lxcRootItemById(root, mount->id);

        if (item)
            return item;
        mount = virLXCRootMountinfoFind(mounts, mount->parent);
    }
    return NULL;
}

static bool
lxcRootIsPlanned(const virLXCRoot *root, const GPtrArray *mounts,
                 const virLXCRootMountinfo *mount)
{
    const lxcRootItem *item = lxcRootOrigin(root, mounts, mount);
    g_autofree char *key = NULL;
    const char *rest;

    if (!item || item->id == mount->id)
        return item != NULL;
    if (!item->below || !(rest = lxcRootBelow(mount->path, item->path)))
        return false;
    if ((mount->attributes & item->mount->attributes) !=
        item->mount->attributes)
        return false;
    key = g_strdup_printf("%s %s", rest, mount->device);
    return g_hash_table_contains(item->below, key);
}

static bool
lxcRootPlansProc(const virLXCRoot *root)
{
    size_t i;

    for (i = 0; i < root->items->len; i++) {
        const virLXCRootMount *mount = lxcRootItemAt(root, i)->mount;

        if (g_str_equal(mount->target, LXC_ROOT_PROC))
            return true;
    }
    return false;
}

/* Libraries that set the security label, and that read the state of the
 * process, find both below this name. A volume of the container there would
 * answer in the kernel's place. */
static int
lxcRootVerifyProc(const virLXCRoot *root, GError **error)
{
    VIR_LXC_AUTOCLOSE fd = -1;
    struct statfs filesystem;
    struct stat found;

    if (!lxcRootPlansProc(root))
        return 0;

    fd = lxcRootResolve(root, LXC_ROOT_PROC, O_DIRECTORY, true);
    if (fd < 0 || fstatfs(fd, &filesystem) < 0 || fstat(fd, &found) < 0)
        return virLXCSetSystemError(error, errno, _("cannot open '%1$s'"),
                                    LXC_ROOT_PROC);
    if (filesystem.f_type != PROC_SUPER_MAGIC || found.st_ino != LXC_ROOT_INODE)
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                              _("'%1$s' of the container is not a procfs: "
                                "something else is mounted there"),
                              LXC_ROOT_PROC);
    return 0;
}

/* The same goes for the files of the process that becomes init. What
 * <kernel-files> hides is not the container's. */
static int
lxcRootVerifyUncovered(const lxcRootItem *item, GError **error)
{
    if (!item->path || item->mount->flags & VIR_LXC_ROOT_OPTIONAL ||
        !lxcRootBelow(item->path, LXC_ROOT_PROC_INIT))
        return 0;
    return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                          _("nothing can be mounted on '%1$s': it is needed "
                            "to start the container"),
                          item->path);
}

int
virLXCRootVerify(const virLXCRoot *root, GError **error)
{
    g_autoptr(GPtrArray) mounts = virLXCRootMountinfoRead(root->proc, error);
    size_t i;

    if (!mounts || lxcRootVerifyProc(root, error) < 0)
        return -1;

    for (i = 0; i < root->items->len; i++) {
        const lxcRootItem *item = lxcRootItemAt(root, i);

        if (item->id && lxcRootVerifyItem(mounts, item, error) < 0)
            return -1;
        if (lxcRootVerifyUncovered(item, error) < 0)
            return -1;
    }
    for (i = 0; i < mounts->len; i++) {
        const virLXCRootMountinfo *mount = g_ptr_array_index(mounts, i);

        if (!lxcRootIsPlanned(root, mounts, mount))
            return virLXCSetError(
                error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
                _("there is a mount of %1$s on '%2$s' that was not "
                  "planned"),
                mount->type, mount->path);
    }
    return 0;
}
