/*
 * root_attach.c: attaches mounts inside a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: detached mounts, and targets that the container may have prepared. Out:
 * the container's tree.
 */

#include <string.h>
#include <sys/stat.h>

#include "root_mountinfo.h"
#include "root_private.h"

static int
lxcRootAttachFail(const lxcRootItem *item, GError **error)
{
    return virLXCSetSystemError(error, errno, _("cannot mount on '%1$s'"),
                                item->mount->target);
}

/* The set-up, and what follows until init is executed, relies on the kernel's
 * file systems of the plan. A link to one of them must not bring something else
 * there, or bring it elsewhere without what has been mounted on it. Nothing
 * that covers the root can be reached. */
static bool
lxcRootIsReserved(const lxcRootItem *item, const char *path, uint64_t id,
                  bool top)
{
    if (item->id != id)
        return false;
    if (g_str_equal(item->mount->target, "/"))
        return top && !g_str_equal(path, "/");
    return item->mount->flags & VIR_LXC_ROOT_STRICT &&
           !lxcRootBelow(path, item->mount->target);
}

static int
lxcRootCheckReserved(const virLXCRoot *root, const lxcRootItem *item, int fd,
                     const char *path, GError **error)
{
    uint64_t id;
    bool top;
    size_t i;

    if (lxcRootId(fd, &id, &top) < 0)
        return lxcRootAttachFail(item, error);

    for (i = 0; i < root->items->len; i++) {
        const virLXCRootMount *other = lxcRootItemAt(root, i)->mount;

        if (!lxcRootIsReserved(lxcRootItemAt(root, i), path, id, top))
            continue;
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                              _("'%1$s' of the container leads to '%2$s'"),
                              path, other->target);
    }
    return 0;
}

static int
lxcRootIsDirectory(const lxcRootItem *item, bool *directory, GError **error)
{
    struct stat found;

    if (fstat(item->fd, &found) < 0)
        return lxcRootAttachFail(item, error);
    *directory = S_ISDIR(found.st_mode);
    return 0;
}

static int
lxcRootAttachAt(const virLXCRoot *root, lxcRootItem *item, int target,
                GError **error)
{
    if (lxcRootCheckReserved(root, item, target, item->mount->target, error) <
        0)
        return -1;
    if (!(item->path = lxcRootPath(root, target, error)))
        return -1;
    if (lxcRootMoveMount(item->fd, target) < 0 ||
        lxcRootId(item->fd, &item->id, NULL) < 0)
        return lxcRootAttachFail(item, error);
    return 0;
}

static int
lxcRootAttachMount(const virLXCRoot *root, lxcRootItem *item, GError **error)
{
    VIR_LXC_AUTOCLOSE target = -1;
    bool directory = false;

    if (lxcRootIsDirectory(item, &directory, error) < 0 ||
        (target = lxcRootTarget(root, item->mount, directory, error)) < 0)
        return -1;
    return lxcRootAttachAt(root, item, target, error);
}

/* What is mounted below the source is known only now. */
static int
lxcRootOpenInner(const virLXCRoot *root, lxcRootItem *item, int source,
                 GError **error)
{
    bool recursive = item->mount->flags & VIR_LXC_ROOT_RECURSIVE;
    g_autoptr(GPtrArray) mounts = NULL;
    g_autofree char *path = NULL;

    item->fd = lxcRootOpenTree(source, "",
                               OPEN_TREE_CLONE | AT_EMPTY_PATH |
                                   (recursive ? AT_RECURSIVE : 0));
    if (item->fd < 0)
        return virLXCSetSystemError(
            error, errno, _("cannot open '%1$s' of the container for '%2$s'"),
            item->mount->source, item->mount->target);
    if (!recursive)
        return 0;

    if (!(path = lxcRootPath(root, source, error)) ||
        !(mounts = virLXCRootMountinfoRead(root->proc, error)))
        return -1;
    item->below = lxcRootMountsBelow(mounts, path);
    return 0;
}

static int
lxcRootAttachInner(const virLXCRoot *root, lxcRootItem *item, GError **error)
{
    const virLXCRootMount *mount = item->mount;
    bool strict = mount->flags & VIR_LXC_ROOT_STRICT;
    VIR_LXC_AUTOCLOSE source = lxcRootResolve(root, mount->source, 0, strict);

    if (source < 0 && errno == ENOENT && mount->flags & VIR_LXC_ROOT_OPTIONAL)
        return 0;
    if (source < 0)
        return virLXCSetSystemError(
            error, errno, _("cannot open '%1$s' of the container for '%2$s'"),
            mount->source, mount->target);
    if (lxcRootCheckReserved(root, item, source, mount->source, error) < 0 ||
        lxcRootOpenInner(root, item, source, error) < 0 ||
        lxcRootSeal(item, error) < 0)
        return -1;
    return lxcRootAttachMount(root, item, error);
}

/* A directory is covered by an empty one, and a file by /dev/null. */
static int
lxcRootChooseMask(lxcRootItem *item, bool directory, GError **error)
{
    g_autoptr(virLXCRootPlan) plan = NULL;
    const virLXCRootMount *empty;

    if (!directory)
        return lxcRootSeal(item, error);

    plan = virLXCRootPlanNew();
    empty = virLXCRootPlanAddFilesystem(
        plan, "tmpfs", "size=4k,nr_inodes=2,mode=0555", item->mount->target,
        LXC_ROOT_ATTRIBUTES);
    virLXCDescriptorClose(&item->fd);
    if ((item->fd = lxcRootCreate(empty, error)) < 0)
        return -1;
    return lxcRootSeal(item, error);
}

static int
lxcRootAttachMask(const virLXCRoot *root, lxcRootItem *item, GError **error)
{
    VIR_LXC_AUTOCLOSE target =
        lxcRootResolve(root, item->mount->target, 0, true);
    struct stat found;

    if (target < 0 && errno == ENOENT &&
        item->mount->flags & VIR_LXC_ROOT_OPTIONAL)
        return 0;
    if (target < 0 || fstat(target, &found) < 0)
        return lxcRootAttachFail(item, error);
    if (lxcRootChooseMask(item, S_ISDIR(found.st_mode), error) < 0)
        return -1;
    return lxcRootAttachAt(root, item, target, error);
}

static int
lxcRootMakeLink(const virLXCRoot *root, const lxcRootItem *item, GError **error)
{
    g_autofree char *name = NULL;
    VIR_LXC_AUTOCLOSE parent = lxcRootParent(root, item->mount, &name, error);

    if (parent < 0)
        return -1;
    if (symlinkat(item->mount->source, parent, name) < 0)
        return virLXCSetSystemError(error, errno,
                                    _("cannot make the link '%1$s'"),
                                    item->mount->target);
    return 0;
}

static int
lxcRootMakeDirectory(const virLXCRoot *root, const lxcRootItem *item,
                     GError **error)
{
    VIR_LXC_AUTOCLOSE made = lxcRootTarget(root, item->mount, true, error);

    return made < 0 ? -1 : 0;
}

static int
lxcRootAttachItem(const virLXCRoot *root, lxcRootItem *item, GError **error)
{
    switch (item->mount->kind) {
    case VIR_LXC_ROOT_BIND:
    case VIR_LXC_ROOT_FILESYSTEM:
        return lxcRootAttachMount(root, item, error);
    case VIR_LXC_ROOT_INNER:
        return lxcRootAttachInner(root, item, error);
    case VIR_LXC_ROOT_MASK:
        return lxcRootAttachMask(root, item, error);
    case VIR_LXC_ROOT_DIRECTORY:
        return lxcRootMakeDirectory(root, item, error);
    case VIR_LXC_ROOT_LINK:
        return lxcRootMakeLink(root, item, error);
    }
    g_assert_not_reached();
}

int
virLXCRootAttach(virLXCRoot *root, GError **error)
{
    lxcRootItem *top = lxcRootItemAt(root, 0);
    size_t i;

    top->path = g_strdup("/");
    if (lxcRootId(top->fd, &top->id, NULL) < 0)
        return lxcRootAttachFail(top, error);

    for (i = 1; i < root->items->len; i++) {
        if (lxcRootAttachItem(root, lxcRootItemAt(root, i), error) < 0)
            return -1;
    }
    return 0;
}

int
virLXCRootMake(const virLXCRootPlan *plan, GError **error)
{
    g_autoptr(virLXCRoot) root = virLXCRootOpen(plan, error);

    if (!root || virLXCRootEnter(root, error) < 0 ||
        virLXCRootAttach(root, error) < 0)
        return -1;
    return virLXCRootVerify(root, error);
}
