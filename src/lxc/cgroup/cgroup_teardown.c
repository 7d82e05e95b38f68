/*
 * cgroup_teardown.c: remove the cgroups of a stopped container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a cgroup in which the container may have created any others. Out: none of
 * them exists.
 */

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"
#include "cgroup_detached.h"

/* Returns the name of a sub-cgroup of the cgroup @fd, or NULL. */
static char *
lxcPayloadFirstBelow(int fd)
{
    int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = copy < 0 ? NULL : fdopendir(copy);
    const struct dirent *entry;
    char *name = NULL;

    while (dir && !name && (entry = readdir(dir))) {
        if (entry->d_type == DT_DIR && !g_str_equal(entry->d_name, ".") &&
            !g_str_equal(entry->d_name, ".."))
            name = g_strdup(entry->d_name);
    }
    if (dir)
        closedir(dir);
    return name;
}

static int
lxcPayloadMoveTo(int fd, const char *name)
{
    int next = openat(fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    close(fd);
    return next;
}

/* A container can nest cgroups deeper than PATH_MAX or the limit on
 * descriptors. One descriptor and the names of the cgroups above it are
 * enough. */
void
virLXCPayloadRemoveTree(const char *directory)
{
    g_autoptr(GPtrArray) way = g_ptr_array_new_with_free_func(g_free);
    int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);

    while (fd >= 0) {
        char *name = lxcPayloadFirstBelow(fd);

        if (name) {
            g_ptr_array_add(way, name);
            fd = lxcPayloadMoveTo(fd, name);
            continue;
        }

        if (way->len == 0)
            break;

        fd = lxcPayloadMoveTo(fd, "..");
        if (fd < 0 || unlinkat(fd, g_ptr_array_index(way, way->len - 1),
                               AT_REMOVEDIR) < 0)
            break;
        g_ptr_array_remove_index(way, way->len - 1);
    }

    if (fd >= 0)
        close(fd);
    rmdir(directory);
}

void
virLXCPayloadRemove(const char *uuid)
{
    g_autofree char *name = g_strdup_printf(VIR_LXC_CGROUP_UNMANAGED, uuid);
    g_autoptr(GPtrArray) layout = virLXCPayloadLayoutRead("self", NULL);
    size_t i;

    for (i = 0; layout && i < layout->len; i++) {
        g_auto(virLXCPayloadRoot) root = {0};
        g_autofree char *path = NULL;

        if (virLXCPayloadRootOpen(&root, g_ptr_array_index(layout, i), NULL) <
            0)
            continue;

        path = g_build_filename(root.path, name, NULL);
        virLXCPayloadRemoveTree(path);
    }
}
