/*
 * root_node.c: makes device nodes in a running container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a path that processes of the container can change at any time. Out: a
 * node at that path, or an error.
 */

#include "root_node.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include "root_private.h"

static int
lxcRootNodeFail(const char *path, int errnum, GError **error)
{
    return virLXCSetSystemError(error, errnum,
                                _("cannot make '%1$s' in the container"), path);
}

/* Such as the tmpfs on /dev/shm. */
static int
lxcRootCheckDevices(int parent, const char *path, GError **error)
{
    struct statvfs found;

    if (fstatvfs(parent, &found) < 0)
        return lxcRootNodeFail(path, errno, error);
    if (found.f_flag & ST_NODEV)
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                              _("cannot make '%1$s' in the container: devices "
                                "on that file system cannot be opened"),
                              path);
    return 0;
}

static int
lxcRootOpenBelow(int parent, const char *name)
{
    return virLXCOpenat2(parent, name, O_PATH | O_DIRECTORY,
                         RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
}

static int
lxcRootOpenDirectory(int parent, const char *name, const char *path,
                     GError **error)
{
    int fd = lxcRootOpenBelow(parent, name);

    if (fd < 0 && errno == ENOENT) {
        if (lxcRootCheckDevices(parent, path, error) < 0)
            return -1;
        if (mkdirat(parent, name, 0755) == 0)
            fd = lxcRootOpenBelow(parent, name);
    }
    if (fd < 0)
        return lxcRootNodeFail(path, errno, error);
    return fd;
}

/* Returns a descriptor of the directory that the last component belongs to. */
static int
lxcRootOpenParent(int root, char *const *components, GError **error)
{
    g_autoptr(GString) path = g_string_new(NULL);
    VIR_LXC_AUTOCLOSE fd = lxcRootOpenBelow(root, ".");
    size_t i;

    if (fd < 0)
        return lxcRootNodeFail("/", errno, error);
    for (i = 0; components[i + 1]; i++) {
        int next;

        g_string_append_printf(path, "/%s", components[i]);
        next = lxcRootOpenDirectory(fd, components[i], path->str, error);
        if (next < 0)
            return -1;
        virLXCDescriptorClose(&fd);
        fd = next;
    }
    return virLXCDescriptorSteal(&fd);
}

int
virLXCRootMakeNode(int root, const char *path, mode_t mode, dev_t device,
                   uid_t uid, gid_t gid, GError **error)
{
    g_auto(GStrv) components = lxcRootComponents(path);
    size_t count = g_strv_length(components);
    VIR_LXC_AUTOCLOSE parent = -1;

    if (count == 0)
        return lxcRootNodeFail(path, EISDIR, error);
    if ((parent = lxcRootOpenParent(root, components, error)) < 0 ||
        lxcRootCheckDevices(parent, path, error) < 0)
        return -1;
    if (mknodat(parent, components[count - 1], mode, device) < 0 ||
        fchownat(parent, components[count - 1], uid, gid, AT_SYMLINK_NOFOLLOW) <
            0)
        return lxcRootNodeFail(path, errno, error);
    return 0;
}
