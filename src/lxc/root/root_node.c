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

#include "root_private.h"

static int
lxcRootNodeFail(const char *path, int errnum, GError **error)
{
    return virLXCSetSystemError(error, errnum,
                                _("cannot make '%1$s' in the container"), path);
}

static int
lxcRootOpenDirectory(int parent, const char *name)
{
    int fd = virLXCOpenat2(parent, name, O_PATH | O_DIRECTORY,
                           RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);

    if (fd >= 0 || errno != ENOENT)
        return fd;
    if (mkdirat(parent, name, 0755) < 0)
        return -1;
    return virLXCOpenat2(parent, name, O_PATH | O_DIRECTORY,
                         RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
}

/* Returns a descriptor of the directory that the last component belongs to. */
static int
lxcRootOpenParent(int root, char *const *components, GError **error)
{
    g_autoptr(GString) path = g_string_new(NULL);
    VIR_LXC_AUTOCLOSE fd =
        virLXCOpenat2(root, ".", O_PATH | O_DIRECTORY, RESOLVE_BENEATH);
    size_t i;

    for (i = 0; fd >= 0 && components[i + 1]; i++) {
        int next;

        g_string_append_printf(path, "/%s", components[i]);
        next = lxcRootOpenDirectory(fd, components[i]);
        virLXCDescriptorClose(&fd);
        fd = next;
    }
    if (fd < 0)
        return lxcRootNodeFail(path->str, errno, error);
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
    if ((parent = lxcRootOpenParent(root, components, error)) < 0)
        return -1;
    if (mknodat(parent, components[count - 1], mode, device) < 0 ||
        fchownat(parent, components[count - 1], uid, gid, AT_SYMLINK_NOFOLLOW) <
            0)
        return lxcRootNodeFail(path, errno, error);
    return 0;
}
