/*
 * profile_file.c: read the administrator's seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a directory, and a name from the XML. Out: the text of a file in that
 * directory.
 */

#include "profile_file.h"

#include <errno.h>
#include <fcntl.h>

#include "descriptor.h"
#include "error.h"
#include "i18n.h"
#include "seccomp_conf.h"
#include "text_file.h"

/* @file does not contain a slash, so this cannot leave the directory. Neither a
 *     FIFO nor a terminal may block the daemon. */
static int
lxcProfileOpen(const char *directory, const char *file, const char *path,
               GError **error)
{
    VIR_LXC_AUTOCLOSE dir = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = -1;

    if (dir >= 0)
        fd = openat(dir, file,
                    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd >= 0)
        return fd;

    if (dir >= 0 && errno == ELOOP)
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                              _("seccomp profile '%1$s' is a symbolic link"),
                              path);
    return virLXCSetSystemError(error, errno,
                                _("cannot read seccomp profile '%1$s'"), path);
}

char *
virLXCProfileFileRead(const char *directory, const char *name, GError **error)
{
    g_autofree char *file =
        g_strconcat(name, VIR_LXC_PROFILE_FILE_SUFFIX, NULL);
    g_autofree char *path = g_strdup_printf("%s/%s", directory, file);
    g_autofree char *title = g_strdup_printf(_("seccomp profile '%1$s'"), path);
    VIR_LXC_AUTOCLOSE fd = -1;

    if (!virLXCSeccompProfileNameIsValid(name)) {
        virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                       _("'%1$s' is not a valid name of a seccomp profile"),
                       name);
        return NULL;
    }

    fd = lxcProfileOpen(directory, file, path, error);
    if (fd < 0)
        return NULL;

    return virLXCTextReadRegular(fd, title, VIR_LXC_PROFILE_FILE_MAX, error);
}
