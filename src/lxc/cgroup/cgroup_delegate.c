/*
 * cgroup_delegate.c: give a container its own cgroups
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the cgroups to which libvirt moved the container's init. Out: init is in
 * sub-cgroups, which it can manage.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"
#include "cgroup_detached.h"
#include "error.h"
#include "i18n.h"

/* The owner of these files can move processes and create sub-cgroups, in
 * version 1 and version 2 (cgroups(7), "Cgroup delegation"). */
static const char *const lxcPayloadDelegatedFiles[] = {
    "", "tasks", "cgroup.procs", "cgroup.threads", "cgroup.subtree_control",
};

/* A version 1 cpuset does not accept processes until these are set
 * (cpuset(7)). */
static const char *const lxcPayloadCpusetFiles[] = {
    "cpuset.cpus",
    "cpuset.mems",
};

static int
lxcPayloadWrite(const char *directory, const char *file, const char *value,
                GError **error)
{
    g_autofree char *path = g_build_filename(directory, file, NULL);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    int rc = fd < 0 ? -1 : dprintf(fd, "%s", value);
    int saved = errno;

    if (fd >= 0)
        close(fd);

    if (rc < 0)
        return virLXCSetSystemError(
            error, saved, _("cannot write '%1$s' to %2$s"), value, path);
    return 0;
}

static int
lxcPayloadInheritCpuset(const char *parent, const char *directory,
                        GError **error)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcPayloadCpusetFiles); i++) {
        const char *file = lxcPayloadCpusetFiles[i];
        g_autofree char *from = g_build_filename(parent, file, NULL);
        g_autofree char *value = NULL;

        if (!g_file_get_contents(from, &value, NULL, NULL))
            continue;

        g_strchomp(value);
        if (lxcPayloadWrite(directory, file, value, error) < 0)
            return -1;
    }
    return 0;
}

/* Creates the cgroup @name below @parent unless it exists, and returns its
 * path. */
static char *
lxcPayloadMake(const virLXCPayloadHierarchy *hierarchy, const char *parent,
               const char *name, GError **error)
{
    g_autofree char *directory = g_build_filename(parent, name, NULL);

    if (mkdir(directory, 0755) < 0 && errno != EEXIST) {
        virLXCSetSystemError(error, errno, _("cannot create cgroup %1$s"),
                             directory);
        return NULL;
    }

    if (virLXCPayloadHierarchyHas(hierarchy, "cpuset") &&
        lxcPayloadInheritCpuset(parent, directory, error) < 0)
        return NULL;

    return g_steal_pointer(&directory);
}

static const virLXCPayloadHierarchy *
lxcPayloadFind(const GPtrArray *layout, const char *controllers)
{
    size_t i;

    for (i = 0; i < layout->len; i++) {
        const virLXCPayloadHierarchy *hierarchy = g_ptr_array_index(layout, i);

        if (g_str_equal(hierarchy->controllers, controllers))
            return hierarchy;
    }
    return NULL;
}

/* libvirt manages the hierarchies in which it has moved init. It cannot have
 * done so in a hierarchy that is not mounted. */
static bool
lxcPayloadIsManaged(const virLXCPayloadHierarchy *hierarchy,
                    const GPtrArray *before)
{
    const virLXCPayloadHierarchy *old =
        lxcPayloadFind(before, hierarchy->controllers);

    return hierarchy->mountPoint && old &&
           !g_str_equal(old->path, hierarchy->path);
}

/* In version 1, the limits of blkio do not apply to sub-cgroups. */
static bool
lxcPayloadHoldsLimits(const virLXCPayloadHierarchy *hierarchy)
{
    return g_str_equal(hierarchy->controllers, "blkio");
}

/* Only these are delegated to the service manager of the container. The others
 * require privileges on the host, as they always have with libvirt. */
static bool
lxcPayloadIsOwned(const virLXCPayloadHierarchy *hierarchy)
{
    return virLXCPayloadHierarchyIsUnified(hierarchy) ||
           virLXCPayloadHierarchyHas(hierarchy, "name=systemd");
}

static int
lxcPayloadChown(const char *directory, uid_t uid, gid_t gid, GError **error)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcPayloadDelegatedFiles); i++) {
        g_autofree char *path =
            g_build_filename(directory, lxcPayloadDelegatedFiles[i], NULL);

        if (chown(path, uid, gid) < 0 && errno != ENOENT)
            return virLXCSetSystemError(
                error, errno, _("cannot change the owner of %1$s"), path);
    }
    return 0;
}

static int
lxcPayloadDelegateOne(const virLXCPayloadHierarchy *hierarchy, const char *pid,
                      const char *parent, uid_t uid, gid_t gid, GError **error)
{
    g_autofree char *payload =
        lxcPayloadMake(hierarchy, parent, VIR_LXC_CGROUP_PAYLOAD, error);

    if (!payload)
        return -1;

    if (lxcPayloadIsOwned(hierarchy) &&
        lxcPayloadChown(payload, uid, gid, error) < 0)
        return -1;

    return lxcPayloadWrite(payload, "cgroup.procs", pid, error);
}

int
virLXCPayloadDelegate(pid_t init, const GPtrArray *before, const char *uuid,
                      uid_t uid, gid_t gid, GError **error)
{
    g_autofree char *pid = g_strdup_printf("%d", (int)init);
    g_autofree char *name = g_strdup_printf(VIR_LXC_CGROUP_UNMANAGED, uuid);
    g_autoptr(GPtrArray) layout = virLXCPayloadLayoutRead(pid, error);
    size_t i;

    if (!layout)
        return -1;

    for (i = 0; i < layout->len; i++) {
        const virLXCPayloadHierarchy *hierarchy = g_ptr_array_index(layout, i);
        bool managed = lxcPayloadIsManaged(hierarchy, before);
        g_auto(virLXCPayloadRoot) root = {0};
        g_autofree char *parent = NULL;

        if (managed && lxcPayloadHoldsLimits(hierarchy))
            continue;

        if (virLXCPayloadRootOpen(&root, hierarchy, error) < 0)
            return -1;

        if (managed)
            parent = virLXCPayloadHierarchyDirectory(hierarchy);
        else
            parent = lxcPayloadMake(hierarchy, root.path, name, error);

        if (!parent ||
            lxcPayloadDelegateOne(hierarchy, pid, parent, uid, gid, error) < 0)
            return -1;
    }
    return 0;
}
