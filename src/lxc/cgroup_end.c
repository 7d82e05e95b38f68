/*
 * cgroup_end.c: what is to be done in a container's cgroups when it ends
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the cgroups of a container about to end, or that has. Out: none of its
 * processes is kept from dying by a cgroup, and none of its cgroups is left.
 */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"

typedef void (*lxcCgroupVisitor)(const char *directory);

/* Sub-cgroups first, and not @directory itself. */
static void
lxcCgroupVisitBelow(const char *directory, lxcCgroupVisitor visit)
{
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(directory, name, NULL);

        if (!g_file_test(path, G_FILE_TEST_IS_DIR))
            continue;

        lxcCgroupVisitBelow(path, visit);
        visit(path);
    }
}

static void
lxcCgroupThawOne(const char *directory)
{
    static const char thawed[] = "THAWED";
    g_autofree char *path = g_build_filename(directory, "freezer.state", NULL);
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return;

    (void)!write(fd, thawed, strlen(thawed));
    close(fd);
}

void
virLXCCgroupThaw(const GPtrArray *layout)
{
    for (size_t i = 0; layout && i < layout->len; i++) {
        const virLXCCgroupHierarchy *hierarchy = g_ptr_array_index(layout, i);
        g_autofree char *path = NULL;

        if (!virLXCCgroupHierarchyHas(hierarchy, "freezer"))
            continue;

        path = virLXCCgroupHierarchyDirectory(hierarchy);
        lxcCgroupVisitBelow(path, lxcCgroupThawOne);
    }
}

static void
lxcCgroupRemoveOne(const char *directory)
{
    rmdir(directory);
}

void
virLXCCgroupRemove(const char *uuid)
{
    g_autofree char *name = g_strdup_printf(VIR_LXC_CGROUP_UNMANAGED, uuid);
    g_autoptr(GPtrArray) layout = virLXCCgroupLayoutRead("self", NULL);

    for (size_t i = 0; layout && i < layout->len; i++) {
        const virLXCCgroupHierarchy *hierarchy = g_ptr_array_index(layout, i);
        g_autofree char *path =
            g_build_filename(hierarchy->mountPoint, name, NULL);

        lxcCgroupVisitBelow(path, lxcCgroupRemoveOne);
        rmdir(path);
    }
}
