/*
 * root_resolve.c: finds and makes the targets of mounts inside a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a path that the container may have prepared. Out: a descriptor of
 * something inside of the container's root.
 */

#include <string.h>
#include <sys/stat.h>

#include "root_private.h"

int
lxcRootResolve(const virLXCRoot *root, const char *path, int flags, bool strict)
{
    return virLXCOpenat2(virLXCRootDescriptor(root), path, O_PATH | flags,
                         RESOLVE_IN_ROOT | (strict ? RESOLVE_NO_SYMLINKS : 0));
}

static int
lxcRootFail(const char *target, const char *path, int errnum, GError **error)
{
    if (errnum == ELOOP)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
            _("'%1$s' of the container, which is needed for '%2$s', has "
              "a symbolic link where none is allowed"),
            path, target);
    return virLXCSetSystemError(
        error, errnum,
        _("cannot reach '%1$s' of the container, which is needed for "
          "'%2$s'"),
        path, target);
}

/* Whatever stands there already is neither followed nor taken: a link that
 * leads nowhere, or what somebody has just put there. */
static int
lxcRootMakeOne(int parent, const char *name, bool directory)
{
    int made = directory ? mkdirat(parent, name, 0755)
                         : mknodat(parent, name, S_IFREG | 0644, 0);

    if (made < 0)
        return -1;
    return virLXCOpenat2(parent, name,
                         O_PATH | O_NOFOLLOW | (directory ? O_DIRECTORY : 0),
                         RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
}

/* The part of @target up to its component @last. */
static char *
lxcRootPrefix(char *const *components, size_t last)
{
    GString *prefix = g_string_new(NULL);
    size_t i;

    for (i = 0; i <= last; i++)
        g_string_append_printf(prefix, "/%s", components[i]);
    return g_string_free(prefix, FALSE);
}

char **
lxcRootComponents(const char *path)
{
    g_auto(GStrv) split = g_strsplit(path, "/", -1);
    GPtrArray *components = g_ptr_array_new();
    size_t i;

    for (i = 0; split[i]; i++) {
        if (*split[i] && !g_str_equal(split[i], "."))
            g_ptr_array_add(components, g_strdup(split[i]));
    }
    g_ptr_array_add(components, NULL);
    return (char **)g_ptr_array_free(components, FALSE);
}

/* What exists is resolved from the root, since a link may lead anywhere inside
 * of it; from the first one that is missing on, each is made in the one before.
 */
static int
lxcRootMakePath(const virLXCRoot *root, const virLXCRootMount *mount,
                char *const *components, bool directory, GError **error)
{
    bool strict = mount->flags & VIR_LXC_ROOT_STRICT;
    size_t count = g_strv_length((char **)components);
    VIR_LXC_AUTOCLOSE fd = lxcRootResolve(root, "/", O_DIRECTORY, false);
    bool missing = false;
    size_t i;

    for (i = 0; i < count; i++) {
        bool last = i + 1 == count;
        g_autofree char *prefix = lxcRootPrefix(components, i);
        int flags = last && !directory ? 0 : O_DIRECTORY;
        int next = -1;

        if (!missing)
            next = lxcRootResolve(root, prefix, flags, strict);
        if (next < 0 && (missing || errno == ENOENT)) {
            missing = true;
            next = lxcRootMakeOne(fd, components[i], flags != 0);
        }
        if (next < 0)
            return lxcRootFail(mount->target, prefix, errno, error);
        virLXCDescriptorClose(&fd);
        fd = next;
    }
    return virLXCDescriptorSteal(&fd);
}

static int
lxcRootCheckType(const virLXCRootMount *mount, int fd, bool directory,
                 GError **error)
{
    struct stat found;

    if (fstat(fd, &found) < 0)
        return lxcRootFail(mount->target, mount->target, errno, error);
    if (S_ISDIR(found.st_mode) != directory)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
            directory ? _("'%1$s' of the container is not a directory")
                      : _("'%1$s' of the container is a directory"),
            mount->target);
    return 0;
}

int
lxcRootTarget(const virLXCRoot *root, const virLXCRootMount *mount,
              bool directory, GError **error)
{
    bool strict = mount->flags & VIR_LXC_ROOT_STRICT;
    VIR_LXC_AUTOCLOSE fd = lxcRootResolve(root, mount->target, 0, strict);

    if (fd < 0 && errno == ENOENT) {
        g_auto(GStrv) components = lxcRootComponents(mount->target);

        return lxcRootMakePath(root, mount, components, directory, error);
    }
    if (fd < 0)
        return lxcRootFail(mount->target, mount->target, errno, error);
    if (lxcRootCheckType(mount, fd, directory, error) < 0)
        return -1;
    return virLXCDescriptorSteal(&fd);
}

int
lxcRootParent(const virLXCRoot *root, const virLXCRootMount *mount, char **name,
              GError **error)
{
    g_auto(GStrv) components = lxcRootComponents(mount->target);
    size_t count = g_strv_length(components);
    g_autofree char *last = NULL;
    int fd;

    g_assert(count > 0);
    last = g_steal_pointer(&components[count - 1]);
    if ((fd = lxcRootMakePath(root, mount, components, true, error)) >= 0)
        *name = g_steal_pointer(&last);
    return fd;
}
