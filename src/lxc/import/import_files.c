/*
 * import_files.c: files that a policy includes
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: paths in a policy. Out: the text of files beneath the directories that
 * may be read, and whether a container has a program.
 */

#include "import_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.h"
#include "error.h"
#include "i18n.h"
#include "openat2.h"
#include "text_file.h"

#define LXC_DIRECTORIES 2

struct _virLXCImportFiles {
    char *directories[LXC_DIRECTORIES];
    unsigned int read;
    size_t bytes;
};

typedef struct dirent lxcDirent;

static void
lxcDirectoryClose(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

virLXCImportFiles *
virLXCImportFilesNew(const char *directory, const char *lxcDirectory)
{
    virLXCImportFiles *files = g_new0(virLXCImportFiles, 1);

    if (directory)
        files->directories[0] = g_canonicalize_filename(directory, NULL);
    files->directories[1] =
        g_strdup(lxcDirectory ? lxcDirectory : VIR_LXC_IMPORT_LXC_DIRECTORY);
    return files;
}

void
virLXCImportFilesFree(virLXCImportFiles *files)
{
    size_t i;

    if (!files)
        return;

    for (i = 0; i < LXC_DIRECTORIES; i++)
        g_free(files->directories[i]);
    g_free(files);
}

/* Returns the part of @path below @directory, or NULL. */
static const char *
lxcPathBelow(const char *path, const char *directory)
{
    size_t length = directory ? strlen(directory) : 0;

    if (!directory || strncmp(path, directory, length) != 0)
        return NULL;
    if (path[length] == '\0')
        return ".";
    return path[length] == '/' ? path + length + 1 : NULL;
}

/* Opens @path beneath one of the directories. Sets @missing if it is not there.
 */
static int
lxcFilesOpen(const virLXCImportFiles *files, const char *path, bool *missing,
             GError **error)
{
    g_autofree char *full = NULL;
    size_t i;

    if (path[0] != '/' && !files->directories[0])
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                              _("'%1$s' is not an absolute path, and the "
                                "document has no directory"),
                              path);

    full = g_canonicalize_filename(path, files->directories[0]);
    for (i = 0; i < LXC_DIRECTORIES; i++) {
        const char *below = lxcPathBelow(full, files->directories[i]);
        VIR_LXC_AUTOCLOSE dir = -1;
        int fd;

        if (!below)
            continue;
        dir = open(files->directories[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (dir < 0)
            return virLXCSetSystemError(error, errno, _("cannot read '%1$s'"),
                                        path);
        fd = virLXCOpenat2(dir, below,
                           O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
                           RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
        if (fd >= 0)
            return fd;
        *missing = errno == ENOENT;
        return virLXCSetSystemError(error, errno, _("cannot read '%1$s'"),
                                    path);
    }

    if (!files->directories[0])
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
            _("'%1$s' is not below '%2$s', so it is not read"), path,
            files->directories[1]);

    return virLXCSetError(
        error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
        _("'%1$s' is neither below the directory of the document nor below "
          "'%2$s', so it is not read"),
        path, files->directories[1]);
}

char *
virLXCImportFilesRead(virLXCImportFiles *files, const char *path,
                      GError **error)
{
    bool missing = false;
    VIR_LXC_AUTOCLOSE fd = lxcFilesOpen(files, path, &missing, error);
    g_autofree char *title = g_strdup_printf("'%s'", path);
    char *text;

    if (fd < 0)
        return NULL;

    if (++files->read > VIR_LXC_IMPORT_FILES_MAX) {
        virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                       _("'%1$s' is not read: the document includes more than "
                         "%2$d files"),
                       path, VIR_LXC_IMPORT_FILES_MAX);
        return NULL;
    }

    text = virLXCTextReadRegular(
        fd, title, VIR_LXC_IMPORT_BYTES_MAX - files->bytes, error);
    if (text)
        files->bytes += strlen(text);
    return text;
}

/* @root may be anywhere: nothing but whether the program exists is found out.
 * Links are those of the container. */
bool
virLXCImportFilesHasProgram(const virLXCImportFiles *files, const char *root,
                            const char *path)
{
    g_autofree char *full =
        g_canonicalize_filename(root, files->directories[0]);
    VIR_LXC_AUTOCLOSE dir = open(full, O_PATH | O_DIRECTORY | O_CLOEXEC);
    VIR_LXC_AUTOCLOSE fd = -1;
    struct stat st;

    if (dir >= 0)
        fd = virLXCOpenat2(dir, path, O_PATH, RESOLVE_IN_ROOT);
    return fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
           st.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH);
}

static gint
lxcCompareNames(gconstpointer a, gconstpointer b)
{
    const char *const *left = a;
    const char *const *right = b;

    return strcmp(*left, *right);
}

/* Appends the paths of the files in @dir whose names end with @suffix. */
static int
lxcDirectoryList(DIR *dir, const char *path, const char *suffix,
                 GPtrArray *paths, GError **error)
{
    const lxcDirent *entry;

    while ((entry = readdir(dir))) {
        if (!g_str_has_suffix(entry->d_name, suffix) ||
            g_str_equal(entry->d_name, suffix))
            continue;
        if (paths->len >= VIR_LXC_IMPORT_FILES_MAX)
            return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                                  _("'%1$s' has more than %2$d files"), path,
                                  VIR_LXC_IMPORT_FILES_MAX);
        g_ptr_array_add(paths, g_build_filename(path, entry->d_name, NULL));
    }

    return 0;
}

char **
virLXCImportFilesList(virLXCImportFiles *files, const char *path,
                      const char *suffix, GError **error)
{
    g_autoptr(GError) cause = NULL;
    bool missing = false;
    VIR_LXC_AUTOCLOSE fd = lxcFilesOpen(files, path, &missing, &cause);
    __attribute__((cleanup(lxcDirectoryClose))) DIR *dir = NULL;
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    struct stat st;

    if (missing && g_str_has_suffix(path, "/"))
        return g_new0(char *, 1);
    if (fd < 0) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }
    if (fstat(fd, &st) < 0) {
        virLXCSetSystemError(error, errno, _("cannot read '%1$s'"), path);
        return NULL;
    }

    if (!S_ISDIR(st.st_mode)) {
        g_ptr_array_add(paths, g_strdup(path));
    } else {
        dir = fdopendir(fd);
        if (!dir) {
            virLXCSetSystemError(error, errno, _("cannot read '%1$s'"), path);
            return NULL;
        }
        virLXCDescriptorSteal(&fd);
        if (lxcDirectoryList(dir, path, suffix, paths, error) < 0)
            return NULL;
        g_ptr_array_sort(paths, lxcCompareNames);
    }

    g_ptr_array_add(paths, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&paths), FALSE);
}
