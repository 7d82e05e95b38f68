/*
 * root_file.c: reads files of a container without trusting them
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the container's root directory and a path in it. Out: a regular file.
 */

#include "root_file.h"

#include <sys/stat.h>

#include "root_private.h"

static int
lxcRootFileFail(const char *path, GError **error)
{
    return virLXCSetSystemError(error, errno,
                                _("cannot open '%1$s' of the container"), path);
}

static bool
lxcRootFileIsSame(const struct stat *one, const struct stat *other)
{
    return one->st_dev == other->st_dev && one->st_ino == other->st_ino &&
           S_ISREG(other->st_mode);
}

int
virLXCRootFileOpen(int root, const char *path, GError **error)
{
    VIR_LXC_AUTOCLOSE found =
        virLXCOpenat2(root, path, O_PATH, RESOLVE_IN_ROOT);
    VIR_LXC_AUTOCLOSE fd = -1;
    struct stat before;
    struct stat after;

    if (found < 0 || fstat(found, &before) < 0)
        return lxcRootFileFail(path, error);

    /* Opening a device or a FIFO has effects. */
    if (!S_ISREG(before.st_mode))
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
            _("'%1$s' of the container is not a regular file"), path);

    fd = virLXCOpenat2(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY,
                       RESOLVE_IN_ROOT);
    if (fd < 0 || fstat(fd, &after) < 0)
        return lxcRootFileFail(path, error);
    if (!lxcRootFileIsSame(&before, &after)) {
        errno = ESTALE;
        return lxcRootFileFail(path, error);
    }
    return virLXCDescriptorSteal(&fd);
}

char *
virLXCRootFileRead(int fd, const char *name, size_t max, size_t *length,
                   GError **error)
{
    g_autoptr(GByteArray) all = g_byte_array_new();
    guint8 part[4096];
    ssize_t got;

    while ((got = read(fd, part, sizeof(part))) > 0) {
        g_byte_array_append(all, part, got);
        if (all->len >= max) {
            virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                           _("'%1$s' is too large: the limit is %2$zu bytes"),
                           name, max);
            return NULL;
        }
    }
    if (got < 0) {
        virLXCSetSystemError(error, errno, _("cannot read '%1$s'"), name);
        return NULL;
    }

    if (length)
        *length = all->len;
    g_byte_array_append(all, (const guint8 *)"", 1);
    return (char *)g_byte_array_free(g_steal_pointer(&all), FALSE);
}

char *
virLXCRootFileGet(int root, const char *path, size_t max, size_t *length,
                  GError **error)
{
    VIR_LXC_AUTOCLOSE fd = virLXCRootFileOpen(root, path, error);

    return fd < 0 ? NULL : virLXCRootFileRead(fd, path, max, length, error);
}
