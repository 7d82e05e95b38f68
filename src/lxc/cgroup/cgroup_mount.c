/*
 * cgroup_mount.c: mount cgroups in a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the hierarchies of the host. Out: rows of a plan that mount the same
 * hierarchies in a new cgroup namespace, so that they show only the container's
 * own cgroups.
 */

#include <errno.h>
#include <sched.h>

#include "cgroup.h"
#include "error.h"
#include "i18n.h"

#define LXC_CGROUP_ATTRIBUTES \
    (VIR_LXC_ROOT_NOSUID | VIR_LXC_ROOT_NODEV | VIR_LXC_ROOT_NOEXEC)

int
virLXCPayloadUnshare(GError **error)
{
    if (unshare(CLONE_NEWCGROUP) < 0)
        return virLXCSetSystemError(error, errno,
                                    _("cannot create a cgroup namespace"));
    return 0;
}

/* Returns whether init has not been moved below the cgroup with the limits. */
static bool
lxcPayloadIsReadOnly(const virLXCPayloadHierarchy *hierarchy)
{
    return !virLXCPayloadHierarchyIsUnified(hierarchy) &&
           !g_str_has_suffix(hierarchy->path, "/" VIR_LXC_CGROUP_PAYLOAD);
}

static void
lxcPayloadPlanHierarchy(const virLXCPayloadHierarchy *hierarchy,
                        virLXCRootPlan *plan)
{
    bool unified = virLXCPayloadHierarchyIsUnified(hierarchy);
    virLXCRootMount *mount = virLXCRootPlanAddFilesystem(
        plan, unified ? "cgroup2" : "cgroup",
        unified ? NULL : hierarchy->controllers, hierarchy->mountPoint,
        LXC_CGROUP_ATTRIBUTES);

    if (lxcPayloadIsReadOnly(hierarchy))
        mount->attributes |= VIR_LXC_ROOT_READONLY;
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
static void
lxcPayloadPlanLinks(const char *directory, virLXCRootPlan *plan)
{
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *link = g_build_filename(directory, name, NULL);
        g_autofree char *text = g_file_read_link(link, NULL);

        if (text)
            virLXCRootPlanAdd(plan, VIR_LXC_ROOT_LINK, text, link)->flags =
                VIR_LXC_ROOT_STRICT;
    }
}

void
virLXCPayloadPlan(const GPtrArray *layout, const char *options,
                  virLXCRootPlan *plan)
{
    g_autofree char *directory = lxcPayloadDirectory(layout);
    g_autofree char *tmpfs = g_strdup_printf("mode=755,size=65536%s", options);
    size_t i;

    if (directory)
        virLXCRootPlanAddFilesystem(plan, "tmpfs", tmpfs, directory,
                                    LXC_CGROUP_ATTRIBUTES);

    for (i = 0; i < layout->len; i++) {
        const virLXCPayloadHierarchy *hierarchy = g_ptr_array_index(layout, i);

        if (hierarchy->mountPoint)
            lxcPayloadPlanHierarchy(hierarchy, plan);
    }

    if (directory)
        lxcPayloadPlanLinks(directory, plan);
}
