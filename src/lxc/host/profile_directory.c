/*
 * profile_directory.c: list the administrator's seccomp profiles
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a directory. Out: the names of profiles.
 */

#include "profile_directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "error.h"
#include "i18n.h"
#include "profile_file.h"
#include "seccomp_conf.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DIR, closedir)

static bool
lxcProfileIsReadable(int dir, const char *file)
{
    struct stat st;

    return fstatat(dir, file, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(st.st_mode) && st.st_size <= VIR_LXC_PROFILE_FILE_MAX;
}

/* The profile's name, or NULL if a file of that name is not a profile. */
static char *
lxcProfileNameOfFile(const char *file)
{
    g_autofree char *name = NULL;

    if (!g_str_has_suffix(file, VIR_LXC_PROFILE_FILE_SUFFIX))
        return NULL;

    name = g_strndup(file, strlen(file) - strlen(VIR_LXC_PROFILE_FILE_SUFFIX));
    return virLXCSeccompProfileNameIsValid(name) ? g_steal_pointer(&name)
                                                 : NULL;
}

static int
lxcProfileCompare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
lxcProfileSetDirectoryError(GError **error, const char *directory)
{
    return virLXCSetSystemError(
        error, errno, _("cannot read directory '%1$s' of seccomp profiles"),
        directory);
}

char **
virLXCProfileDirectoryList(const char *directory, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(DIR) dir = opendir(directory);
    const struct dirent *entry = NULL;

    if (!dir && errno != ENOENT) {
        lxcProfileSetDirectoryError(error, directory);
        return NULL;
    }

    errno = 0;
    while (dir && (entry = readdir(dir))) {
        g_autofree char *name = lxcProfileNameOfFile(entry->d_name);

        if (name && lxcProfileIsReadable(dirfd(dir), entry->d_name))
            g_ptr_array_add(names, g_steal_pointer(&name));
        errno = 0;
    }
    if (dir && errno) {
        lxcProfileSetDirectoryError(error, directory);
        return NULL;
    }

    g_ptr_array_sort(names, lxcProfileCompare);
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}
