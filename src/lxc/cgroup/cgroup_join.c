/*
 * cgroup_join.c: move a process to the cgroups of a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a running container. Out: the caller is in all its cgroups.
 */

#include "cgroup_join.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cgroup_detached.h"
#include "error.h"
#include "i18n.h"

/* Returns a descriptor, or -1. */
static int
lxcPayloadJoinOpenOne(const virLXCPayloadHierarchy *hierarchy, GError **error)
{
    g_auto(virLXCPayloadRoot) root = {0};
    g_autofree char *directory = NULL;
    g_autofree char *path = NULL;
    int fd;

    if (virLXCPayloadRootOpen(&root, hierarchy, error) < 0)
        return -1;

    directory = hierarchy->mountPoint
                    ? virLXCPayloadHierarchyDirectory(hierarchy)
                    : g_build_filename(root.path, hierarchy->path, NULL);
    path = g_build_filename(directory, "cgroup.procs", NULL);

    if ((fd = open(path, O_WRONLY | O_CLOEXEC)) < 0)
        virLXCSetSystemError(error, errno, _("cannot open %1$s"), path);
    return fd;
}

static void
lxcPayloadJoinClose(gpointer fd)
{
    close(*(int *)fd);
}

GArray *
virLXCPayloadJoinOpen(pid_t init, GError **error)
{
    g_autoptr(GArray) cgroups = g_array_new(FALSE, FALSE, sizeof(int));
    g_autofree char *process = g_strdup_printf("%d", (int)init);
    g_autoptr(GPtrArray) layout = virLXCPayloadLayoutRead(process, error);
    size_t i;

    if (!layout)
        return NULL;

    g_array_set_clear_func(cgroups, lxcPayloadJoinClose);
    for (i = 0; i < layout->len; i++) {
        int fd = lxcPayloadJoinOpenOne(g_ptr_array_index(layout, i), error);

        if (fd < 0)
            return NULL;

        g_array_append_val(cgroups, fd);
    }

    return g_steal_pointer(&cgroups);
}

int
virLXCPayloadJoinEnter(const GArray *cgroups, GError **error)
{
    size_t i;

    for (i = 0; i < cgroups->len; i++) {
        if (write(g_array_index(cgroups, int, i), "0", 1) != 1)
            return virLXCSetSystemError(
                error, errno, _("cannot enter the container's cgroups"));
    }
    return 0;
}
