/*
 * policy_show_mounts.c: which files of the kernel a process can access
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the mounts of a process, and the access that it should have. Out: the
 * paths at which it has more. What is mounted at a path does not depend on the
 * order of the list, but on what each mount is attached to.
 */

#include <string.h>
#include <unistd.h>

#include "policy_show.h"
#include "root_mountinfo.h"
#include "root_plan.h"

/* What masks are made of: empty directories, and /dev/null */
static const char *const lxcPolicyMaskTypes[] = {"devtmpfs", "tmpfs", NULL};

/* File systems with files of the kernel that belong to the host, and where they
 * are mounted */
static const struct {
    const char *type;
    const char *path;
} lxcPolicyKernelTypes[] = {
    {"proc", "/proc"},
    {"sysfs", "/sys"},
    {"configfs", "/sys/kernel/config"},
    {"debugfs", "/sys/kernel/debug"},
    {"efivarfs", "/sys/firmware/efi/efivars"},
    {"pstore", "/sys/fs/pstore"},
    {"securityfs", "/sys/kernel/security"},
    {"tracefs", "/sys/kernel/tracing"},
};

/* @attached: maps "PARENT PATH" to the mount; @root: that of the process, or
 * NULL if its root directory is not the root of a mount */
typedef struct {
    const GPtrArray *all;
    GHashTable *attached;
    const virLXCRootMountinfo *root;
} lxcPolicyMounts;

static char *
lxcPolicyMountKey(const virLXCRootMountinfo *parent, const char *path)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT " %s",
                           parent ? parent->id : G_MAXUINT64, path);
}

/* The list has only what is below the root of the process. */
static void
lxcPolicyMountsInit(lxcPolicyMounts *mounts, const GPtrArray *all)
{
    g_autoptr(GHashTable) byId = g_hash_table_new(g_int64_hash, g_int64_equal);
    size_t i;

    mounts->all = all;
    mounts->root = NULL;
    mounts->attached =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (i = 0; i < all->len; i++) {
        virLXCRootMountinfo *mount = g_ptr_array_index(all, i);

        g_hash_table_insert(byId, &mount->id, mount);
    }
    for (i = 0; i < all->len; i++) {
        virLXCRootMountinfo *mount = g_ptr_array_index(all, i);
        const virLXCRootMountinfo *parent =
            mount->parent == mount->id
                ? NULL
                : g_hash_table_lookup(byId, &mount->parent);

        if (!parent && g_str_equal(mount->path, "/"))
            mounts->root = mount;
        g_hash_table_insert(mounts->attached,
                            lxcPolicyMountKey(parent, mount->path), mount);
    }
}

/* The mount on top of those that are attached at @path to @mount */
static const virLXCRootMountinfo *
lxcPolicyMountsClimb(const lxcPolicyMounts *mounts,
                     const virLXCRootMountinfo *mount, const char *path)
{
    const virLXCRootMountinfo *found = mount;

    do {
        g_autofree char *key = lxcPolicyMountKey(found, path);

        mount = found;
        found = g_hash_table_lookup(mounts->attached, key);
    } while (found && found != mount);
    return mount;
}

/* The mount that has the file @path, or NULL if it is not known. What is
 * attached to the root directory itself is not seen by its process. */
static const virLXCRootMountinfo *
lxcPolicyMountsFind(const lxcPolicyMounts *mounts, const char *path)
{
    const virLXCRootMountinfo *mount = mounts->root;
    const char *end = path;

    while (*end && (end = strchrnul(end + 1, '/')) > path + 1) {
        g_autofree char *above = g_strndup(path, end - path);

        mount = lxcPolicyMountsClimb(mounts, mount, above);
    }
    return mount;
}

/* A mask, or a directory of the container that stands in for /sys */
static bool
lxcPolicyIsNotKernel(const lxcPolicyMounts *mounts,
                     const virLXCRootMountinfo *mount)
{
    return g_strv_contains(lxcPolicyMaskTypes, mount->type) ||
           (mounts->root && g_str_equal(mounts->root->device, mount->device));
}

static bool
lxcPolicyIsRestricted(const lxcPolicyMounts *mounts,
                      const virLXCRootMountinfo *mount,
                      virLXCKernelFileAccess access)
{
    switch (access) {
    case VIR_LXC_KERNEL_FILE_MASKED:
        return mount && lxcPolicyIsNotKernel(mounts, mount);
    case VIR_LXC_KERNEL_FILE_READONLY:
        return mount && (mount->attributes & VIR_LXC_ROOT_READONLY ||
                         lxcPolicyIsNotKernel(mounts, mount));
    case VIR_LXC_KERNEL_FILE_WRITABLE:
        break;
    }
    return true;
}

/* Files that this kernel does not have are not mounted over. */
static unsigned int
lxcPolicyFindFiles(const lxcPolicyMounts *mounts,
                   const virLXCKernelFilesPlan *plan, GString *exposed)
{
    unsigned int count = 0;
    size_t i;

    for (i = 0; i < plan->files->len; i++) {
        const virLXCKernelFile *file = g_ptr_array_index(plan->files, i);

        if (access(file->path, F_OK) < 0)
            continue;
        count++;
        if (!lxcPolicyIsRestricted(
                mounts, lxcPolicyMountsFind(mounts, file->path), file->access))
            g_string_append_printf(exposed, " %s", file->path);
    }
    return count;
}

static GHashTable *
lxcPolicyFilesByPath(const virLXCKernelFilesPlan *plan)
{
    GHashTable *files = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i;

    for (i = 0; i < plan->files->len; i++) {
        virLXCKernelFile *file = g_ptr_array_index(plan->files, i);

        g_hash_table_insert(files, file->path, file);
    }
    return files;
}

/* Where the mounted part of a file system of the kernel belongs, or NULL if it
 * is another file system, or has only files of one process. */
static char *
lxcPolicyKernelPath(const virLXCRootMountinfo *mount)
{
    bool isProcess = g_ascii_isdigit(mount->root[0] ? mount->root[1] : '\0');
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcPolicyKernelTypes); i++) {
        if (!g_str_equal(lxcPolicyKernelTypes[i].type, mount->type))
            continue;
        if (isProcess && g_str_equal(mount->type, "proc"))
            return NULL;
        return g_strdup_printf("%s%s", lxcPolicyKernelTypes[i].path,
                               g_str_equal(mount->root, "/") ? ""
                                                             : mount->root);
    }
    return NULL;
}

/* A mount below a file of the plan must not allow more than that. */
static bool
lxcPolicyIsExposed(const lxcPolicyMounts *mounts,
                   const virLXCRootMountinfo *mount, GHashTable *files)
{
    g_autofree char *path = lxcPolicyKernelPath(mount);
    const char *above;
    const virLXCKernelFile *file;

    if (!path || lxcPolicyMountsFind(mounts, mount->path) != mount)
        return false;
    if (!g_str_equal(path, mount->path))
        return true;

    above = virLXCKernelFilePathFindAbove(files, path);
    file = above ? g_hash_table_lookup(files, above) : NULL;
    return file && !g_hash_table_contains(files, path) &&
           !lxcPolicyIsRestricted(mounts, mount, file->access);
}

unsigned int
virLXCPolicyShowMounts(const GPtrArray *all, const virLXCKernelFilesPlan *plan,
                       GString *exposed)
{
    static const char setting[] = "/proc/sys";
    g_autoptr(GHashTable) files = lxcPolicyFilesByPath(plan);
    lxcPolicyMounts mounts;
    unsigned int count;
    size_t i;

    if (plan->files->len == 0)
        return 0;

    lxcPolicyMountsInit(&mounts, all);
    count = lxcPolicyFindFiles(&mounts, plan, exposed);

    if (!g_hash_table_contains(files, setting) &&
        !lxcPolicyIsRestricted(&mounts, lxcPolicyMountsFind(&mounts, setting),
                               VIR_LXC_KERNEL_FILE_READONLY))
        g_string_append_printf(exposed, " %s", setting);

    for (i = 0; i < all->len; i++) {
        const virLXCRootMountinfo *mount = g_ptr_array_index(all, i);

        if (lxcPolicyIsExposed(&mounts, mount, files))
            g_string_append_printf(exposed, " %s", mount->path);
    }
    g_hash_table_unref(mounts.attached);
    return count;
}
