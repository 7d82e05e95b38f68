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
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "i18n.h"
#include "seccomp_conf.h"

static int
lxcProfileSetSystemError(GError **error, const char *path)
{
    return virLXCSetSystemError(error, errno,
                                _("cannot read seccomp profile '%1$s'"), path);
}

/* @file does not contain a slash, so this cannot leave the directory. Neither a
 *     FIFO nor a terminal may block the daemon. */
static int
lxcProfileOpen(const char *directory, const char *file, const char *path,
               GError **error)
{
    int dir = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = -1;

    if (dir >= 0) {
        fd = openat(dir, file,
                    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        if (fd < 0 && errno == ELOOP) {
            close(dir);
            return virLXCSetError(
                error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                _("seccomp profile '%1$s' is a symbolic link"), path);
        }
    }

    if (fd < 0)
        lxcProfileSetSystemError(error, path);
    if (dir >= 0)
        close(dir);
    return fd;
}

static int
lxcProfileCheckRegular(int fd, const char *path, GError **error)
{
    struct stat st;

    if (fstat(fd, &st) < 0)
        return lxcProfileSetSystemError(error, path);

    if (S_ISREG(st.st_mode))
        return 0;

    return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                          _("seccomp profile '%1$s' is not a regular file"),
                          path);
}

/* Reads up to @size bytes, whatever st_size is. */
static ssize_t
lxcProfileReadAll(int fd, char *buffer, size_t size)
{
    size_t all = 0;

    while (all < size) {
        ssize_t n = read(fd, buffer + all, size - all);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        all += n;
    }

    return (ssize_t)all;
}

static char *
lxcProfileReadText(int fd, const char *path, GError **error)
{
    const size_t max = VIR_LXC_PROFILE_FILE_MAX;
    g_autofree char *text = g_malloc(max + 2);
    ssize_t length;

    if (lxcProfileCheckRegular(fd, path, error) < 0)
        return NULL;

    length = lxcProfileReadAll(fd, text, max + 1);
    if (length < 0) {
        lxcProfileSetSystemError(error, path);
        return NULL;
    }

    if ((size_t)length > max) {
        virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                       _("seccomp profile '%1$s' is longer than %2$d bytes"),
                       path, VIR_LXC_PROFILE_FILE_MAX);
        return NULL;
    }

    if (memchr(text, '\0', length)) {
        virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                       _("seccomp profile '%1$s' contains a NUL byte"), path);
        return NULL;
    }

    text[length] = '\0';
    return g_realloc(g_steal_pointer(&text), length + 1);
}

char *
virLXCProfileFileRead(const char *directory, const char *name, GError **error)
{
    g_autofree char *file =
        g_strconcat(name, VIR_LXC_PROFILE_FILE_SUFFIX, NULL);
    g_autofree char *path = g_strdup_printf("%s/%s", directory, file);
    char *text;
    int fd;

    if (!virLXCSeccompProfileNameIsValid(name)) {
        virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                       _("'%1$s' is not a valid name of a seccomp profile"),
                       name);
        return NULL;
    }

    fd = lxcProfileOpen(directory, file, path, error);
    if (fd < 0)
        return NULL;

    text = lxcProfileReadText(fd, path, error);
    close(fd);
    return text;
}
