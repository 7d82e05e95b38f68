/*
 * cgroup_detached.c: access cgroup hierarchies that are not mounted
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a hierarchy that the host has not mounted. Out: a path to its root, which
 * is valid while a descriptor is open.
 */

#include "cgroup_detached.h"

#include <errno.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "error.h"
#include "i18n.h"

static int
lxcPayloadConfigure(int fs, const char *controllers)
{
    g_auto(GStrv) options = g_strsplit(controllers, ",", 0);
    size_t i;

    for (i = 0; options[i] && *options[i]; i++) {
        int rc;

        if (g_str_has_prefix(options[i], "name="))
            rc = fsconfig(fs, FSCONFIG_SET_STRING, "name",
                          options[i] + strlen("name="), 0);
        else
            rc = fsconfig(fs, FSCONFIG_SET_FLAG, options[i], NULL, 0);
        if (rc < 0)
            return -1;
    }

    return fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

static int
lxcPayloadMountDetached(const virLXCPayloadHierarchy *hierarchy, GError **error)
{
    bool unified = virLXCPayloadHierarchyIsUnified(hierarchy);
    int fs = fsopen(unified ? "cgroup2" : "cgroup", FSOPEN_CLOEXEC);
    int fd = -1;
    int saved;

    if (fs >= 0 && lxcPayloadConfigure(fs, hierarchy->controllers) == 0)
        fd = fsmount(fs, FSMOUNT_CLOEXEC, 0);

    saved = errno;
    if (fs >= 0)
        close(fs);

    if (fd < 0)
        virLXCSetSystemError(error, saved,
                             _("cannot mount cgroup hierarchy '%1$s'"),
                             unified ? "cgroup2" : hierarchy->controllers);
    return fd;
}

int
virLXCPayloadRootOpen(virLXCPayloadRoot *root,
                      const virLXCPayloadHierarchy *hierarchy, GError **error)
{
    int fd;

    if (hierarchy->mountPoint) {
        root->path = g_strdup(hierarchy->mountPoint);
        root->fd = -1;
        return 0;
    }

    if ((fd = lxcPayloadMountDetached(hierarchy, error)) < 0)
        return -1;

    root->path = g_strdup_printf("/proc/self/fd/%d", fd);
    root->fd = fd;
    return 0;
}

void
virLXCPayloadRootClose(virLXCPayloadRoot *root)
{
    if (root->path && root->fd >= 0)
        close(root->fd);
    g_clear_pointer(&root->path, g_free);
}
