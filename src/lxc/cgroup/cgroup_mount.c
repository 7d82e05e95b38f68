/*
 * cgroup_mount.c: mount cgroups in a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the hierarchies of the host. Out: the same hierarchies, mounted in a new
 * cgroup namespace, so that they show the container's own cgroups only.
 */

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"
#include "error.h"
#include "i18n.h"

#define LXC_CGROUP_MOUNT_FLAGS (MS_NOSUID | MS_NODEV | MS_NOEXEC)

int
virLXCPayloadUnshare(GError **error)
{
    if (unshare(CLONE_NEWCGROUP) < 0)
        return virLXCSetSystemError(error, errno,
                                    _("cannot create a cgroup namespace"));
    return 0;
}

static int
lxcPayloadMountAt(const char *source, const char *target, const char *type,
                  unsigned long flags, const char *options, GError **error)
{
    if (g_mkdir_with_parents(target, 0755) < 0 ||
        mount(source, target, type, flags, options) < 0)
        return virLXCSetSystemError(
            error, errno, _("cannot mount %1$s on %2$s"), source, target);
    return 0;
}

/* Returns whether init has not been moved below the cgroup with the limits. */
static bool
lxcPayloadIsReadOnly(const virLXCPayloadHierarchy *hierarchy)
{
    return !virLXCPayloadHierarchyIsUnified(hierarchy) &&
           !g_str_has_suffix(hierarchy->path, "/" VIR_LXC_CGROUP_PAYLOAD);
}

static int
lxcPayloadMountHierarchy(const virLXCPayloadHierarchy *hierarchy,
                         GError **error)
{
    bool unified = virLXCPayloadHierarchyIsUnified(hierarchy);
    const char *type = unified ? "cgroup2" : "cgroup";

    if (lxcPayloadMountAt(type, hierarchy->mountPoint, type,
                          LXC_CGROUP_MOUNT_FLAGS,
                          unified ? NULL : hierarchy->controllers, error) < 0)
        return -1;

    if (lxcPayloadIsReadOnly(hierarchy))
        return lxcPayloadMountAt("none", hierarchy->mountPoint, NULL,
                                 LXC_CGROUP_MOUNT_FLAGS | MS_REMOUNT | MS_BIND |
                                     MS_RDONLY,
                                 NULL, error);
    return 0;
}

/* Returns the directory of the version 1 mount points, usually /sys/fs/cgroup,
 * or NULL if version 1 is not mounted. */
static char *
lxcPayloadDirectory(const GPtrArray *layout)
{
    size_t i;

    for (i = 0; i < layout->len; i++) {
        const virLXCPayloadHierarchy *hierarchy = g_ptr_array_index(layout, i);

        if (hierarchy->mountPoint &&
            !virLXCPayloadHierarchyIsUnified(hierarchy))
            return g_path_get_dirname(hierarchy->mountPoint);
    }
    return NULL;
}

/* If several controllers share a hierarchy, the host has a link for each of
 * them. */
static int
lxcPayloadCopyLinks(const char *oldroot, const char *directory, GError **error)
{
    g_autofree char *from = g_build_filename(oldroot, directory, NULL);
    g_autoptr(GDir) dir = g_dir_open(from, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *source = g_build_filename(from, name, NULL);
        g_autofree char *link = g_build_filename(directory, name, NULL);
        g_autofree char *target = g_file_read_link(source, NULL);

        if (target && symlink(target, link) < 0)
            return virLXCSetSystemError(error, errno,
                                        _("cannot create link %1$s"), link);
    }
    return 0;
}

int
virLXCPayloadMount(const GPtrArray *layout, const char *oldroot,
                   const char *options, GError **error)
{
    g_autofree char *directory = lxcPayloadDirectory(layout);
    g_autofree char *tmpfs = g_strdup_printf("mode=755,size=65536%s", options);
    size_t i;

    if (directory &&
        lxcPayloadMountAt("tmpfs", directory, "tmpfs", LXC_CGROUP_MOUNT_FLAGS,
                          tmpfs, error) < 0)
        return -1;

    for (i = 0; i < layout->len; i++) {
        const virLXCPayloadHierarchy *hierarchy = g_ptr_array_index(layout, i);

        if (hierarchy->mountPoint &&
            lxcPayloadMountHierarchy(hierarchy, error) < 0)
            return -1;
    }

    return directory ? lxcPayloadCopyLinks(oldroot, directory, error) : 0;
}
