/*
 * root_open.c: opens what a container gets from the host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a plan. Out: detached mounts. Nothing of the container is looked at, with
 * the exception of sources that lie below another source.
 */

#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "root_mountinfo.h"
#include "root_private.h"

static void
lxcRootItemFree(gpointer opaque)
{
    lxcRootItem *item = opaque;

    virLXCDescriptorClose(&item->fd);
    g_free(item->path);
    if (item->below)
        g_hash_table_unref(item->below);
    g_free(item);
}

static virLXCRoot *
lxcRootNew(const virLXCRootPlan *plan)
{
    virLXCRoot *root = g_new0(virLXCRoot, 1);
    size_t i;

    root->plan = plan;
    root->proc = -1;
    root->sources = virLXCRootSourcesNew();
    root->items = g_ptr_array_new_with_free_func(lxcRootItemFree);
    for (i = 0; i < plan->mounts->len; i++) {
        lxcRootItem *item = g_new0(lxcRootItem, 1);

        item->mount = g_ptr_array_index(plan->mounts, i);
        item->fd = -1;
        g_ptr_array_add(root->items, item);
    }
    return root;
}

void
virLXCRootFree(virLXCRoot *root)
{
    if (!root)
        return;

    g_ptr_array_unref(root->items);
    virLXCRootSourcesFree(root->sources);
    virLXCDescriptorClose(&root->proc);
    g_free(root);
}

int
virLXCRootDescriptor(const virLXCRoot *root)
{
    return lxcRootItemAt(root, 0)->fd;
}

/* mount_setattr is the youngest of the calls that are needed. */
static int
lxcRootCheckKernel(GError **error)
{
    lxcRootMountAttr attr = {0};

    if (lxcRootMountSetattr(-1, 0, &attr) < 0 && errno == ENOSYS)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
            _("the kernel has no mount_setattr(2): Linux 5.12 or later "
              "is needed to start a container"));
    return 0;
}

static int
lxcRootCheckPlan(const virLXCRootPlan *plan, GError **error)
{
    size_t i;

    for (i = 0; i < plan->mounts->len; i++) {
        const virLXCRootMount *mount = g_ptr_array_index(plan->mounts, i);

        if ((i == 0) != g_str_equal(mount->target, "/") ||
            mount->target[0] != '/')
            return virLXCSetError(
                error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                _("'%1$s' cannot be the target of mount %2$zu"), mount->target,
                i + 1);
    }
    if (plan->mounts->len == 0)
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                              _("the container has no root file system"));
    return 0;
}

static int
lxcRootMakePrivate(GError **error)
{
    lxcRootMountAttr attr = {.propagation = MS_PRIVATE};
    VIR_LXC_AUTOCLOSE top = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (top < 0 || lxcRootMountSetattr(top, AT_RECURSIVE, &attr) < 0)
        return virLXCSetSystemError(error, errno,
                                    _("cannot make all mounts private"));
    return 0;
}

static int
lxcRootOpenProc(virLXCRoot *root, GError **error)
{
    g_autoptr(virLXCRootPlan) plan = virLXCRootPlanNew();
    const virLXCRootMount *mount = virLXCRootPlanAddFilesystem(
        plan, "proc", NULL, "(list of mounts)",
        VIR_LXC_ROOT_NOSUID | VIR_LXC_ROOT_NODEV | VIR_LXC_ROOT_NOEXEC);

    root->proc = lxcRootCreate(mount, error);
    return root->proc < 0 ? -1 : 0;
}

int
lxcRootId(int fd, uint64_t *id, bool *top)
{
    struct statx found;

    if (statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &found) < 0)
        return -1;
    if (!(found.stx_mask & STATX_MNT_ID)) {
        errno = EOPNOTSUPP;
        return -1;
    }
    *id = found.stx_mnt_id;
    if (top)
        *top = found.stx_attributes & STATX_ATTR_MOUNT_ROOT;
    return 0;
}

char *
lxcRootPath(const virLXCRoot *root, int fd, GError **error)
{
    g_autofree char *link = g_strdup_printf("self/fd/%d", fd);
    char path[PATH_MAX];
    ssize_t length = readlinkat(root->proc, link, path, sizeof(path));

    if (length < 0 || length == sizeof(path)) {
        virLXCSetSystemError(error, length < 0 ? errno : ENAMETOOLONG,
                             _("cannot read the path of a mount"));
        return NULL;
    }
    return g_strndup(path, length);
}

const char *
lxcRootBelow(const char *path, const char *top)
{
    size_t length = strlen(top);

    if (g_str_equal(top, "/"))
        return g_str_equal(path, "/") ? "" : path;
    if (!g_str_has_prefix(path, top))
        return NULL;
    return path[length] == '/' || path[length] == '\0' ? path + length : NULL;
}

GHashTable *
lxcRootMountsBelow(const GPtrArray *mounts, const char *path)
{
    GHashTable *below =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    size_t i;

    for (i = 0; i < mounts->len; i++) {
        const virLXCRootMountinfo *mount = g_ptr_array_index(mounts, i);
        const char *rest = lxcRootBelow(mount->path, path);

        if (rest)
            g_hash_table_add(below,
                             g_strdup_printf("%s %s", rest, mount->device));
    }
    return below;
}

int
lxcRootSourceError(const virLXCRootMount *mount, GError **error)
{
    return virLXCSetSystemError(error, errno,
                                _("cannot open '%1$s' of the host for '%2$s'"),
                                mount->source, mount->target);
}

static int
lxcRootFindSources(virLXCRoot *root, GError **error)
{
    size_t i;

    for (i = 0; i < root->items->len; i++) {
        const virLXCRootMount *mount = lxcRootItemAt(root, i)->mount;

        if (mount->kind == VIR_LXC_ROOT_BIND &&
            lxcRootAddSource(root->sources, mount->source) < 0)
            return lxcRootSourceError(mount, error);
    }
    return 0;
}

static int
lxcRootOpenBind(const virLXCRoot *root, const GPtrArray *mounts,
                lxcRootItem *item, GError **error)
{
    const virLXCRootMount *mount = item->mount;
    bool recursive = mount->flags & VIR_LXC_ROOT_RECURSIVE;
    bool top = g_str_equal(mount->target, "/");
    bool inside = false;
    VIR_LXC_AUTOCLOSE source = lxcRootOpenSource(
        root->sources, mount->source, top ? O_DIRECTORY : 0, &inside);
    g_autofree char *path = NULL;

    if (source >= 0)
        item->fd = lxcRootOpenTree(source, "",
                                   OPEN_TREE_CLONE | AT_EMPTY_PATH |
                                       (recursive ? AT_RECURSIVE : 0));
    if (item->fd < 0)
        return lxcRootSourceError(mount, error);
    if (!recursive)
        return 0;
    if (!(path = lxcRootPath(root, source, error)))
        return -1;
    item->below = lxcRootMountsBelow(mounts, path);
    return 0;
}

/* The kernel opens the device by its path, which the container must not be able
 * to change. */
static int
lxcRootCheckDevice(const virLXCRoot *root, const virLXCRootMount *mount,
                   GError **error)
{
    VIR_LXC_AUTOCLOSE device = -1;

    if (!mount->source)
        return 0;
    device = virLXCRootSourcesOpen(root->sources, mount->source,
                                   VIR_LXC_ROOT_SOURCE_DEVICE, NULL, error);
    return device < 0 ? -1 : 0;
}

/* A device of the host: the container's may be something else. */
static int
lxcRootOpenNull(lxcRootItem *item, GError **error)
{
    struct stat found;

    item->fd = lxcRootOpenTree(AT_FDCWD, "/dev/null", OPEN_TREE_CLONE);
    if (item->fd < 0 || fstat(item->fd, &found) < 0 ||
        !S_ISCHR(found.st_mode) || found.st_rdev != makedev(1, 3))
        return virLXCSetSystemError(
            error, item->fd < 0 ? errno : ENODEV,
            _("cannot open '/dev/null' of the host for '%1$s'"),
            item->mount->target);
    return 0;
}

static int
lxcRootOpenItem(const virLXCRoot *root, const GPtrArray *mounts,
                lxcRootItem *item, GError **error)
{
    switch (item->mount->kind) {
    case VIR_LXC_ROOT_BIND:
        if (lxcRootOpenBind(root, mounts, item, error) < 0)
            return -1;
        return lxcRootSeal(item, error);
    case VIR_LXC_ROOT_FILESYSTEM:
        if (lxcRootCheckDevice(root, item->mount, error) < 0 ||
            (item->fd = lxcRootCreate(item->mount, error)) < 0)
            return -1;
        return lxcRootSeal(item, error);
    case VIR_LXC_ROOT_MASK:
        return lxcRootOpenNull(item, error);
    case VIR_LXC_ROOT_INNER:
    case VIR_LXC_ROOT_DIRECTORY:
    case VIR_LXC_ROOT_LINK:
        return 0;
    }
    g_assert_not_reached();
}

virLXCRoot *
virLXCRootOpen(const virLXCRootPlan *plan, GError **error)
{
    g_autoptr(virLXCRoot) root = lxcRootNew(plan);
    g_autoptr(GPtrArray) mounts = NULL;
    size_t i;

    if (lxcRootCheckKernel(error) < 0 || lxcRootCheckPlan(plan, error) < 0 ||
        lxcRootMakePrivate(error) < 0 || lxcRootOpenProc(root, error) < 0 ||
        lxcRootWriteSettings(root, error) < 0 ||
        lxcRootFindSources(root, error) < 0 ||
        !(mounts = virLXCRootMountinfoRead(root->proc, error)))
        return NULL;

    for (i = 0; i < root->items->len; i++) {
        if (lxcRootOpenItem(root, mounts, lxcRootItemAt(root, i), error) < 0)
            return NULL;
    }
    return g_steal_pointer(&root);
}
