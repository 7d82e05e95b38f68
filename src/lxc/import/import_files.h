/*
 * import_files.h: files that a policy includes
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The only part of this stage that makes system calls. Files are read beneath a
 * few directories only, so that a policy from elsewhere cannot read others.
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/** Where LXC's own configuration is. */
#define VIR_LXC_IMPORT_LXC_DIRECTORY "/usr/share/lxc/config"

/** Maximum number of files. */
#define VIR_LXC_IMPORT_FILES_MAX 64

/** Maximum size of all files together, in bytes. */
#define VIR_LXC_IMPORT_BYTES_MAX ((size_t)1024 * 1024)

typedef struct _virLXCImportFiles virLXCImportFiles;

/**
 * virLXCImportFilesNew:
 * @directory: directory of the document, beneath which files are read in
 *     addition to VIR_LXC_IMPORT_LXC_DIRECTORY, and which relative names start
 *     from; or NULL
 * @lxcDirectory: read instead of VIR_LXC_IMPORT_LXC_DIRECTORY, for tests; or
 *     NULL
 *
 * Returns a reader, which the caller frees.
 */
virLXCImportFiles *
virLXCImportFilesNew(const char *directory, const char *lxcDirectory);

/**
 * virLXCImportFilesFree:
 * @files: a reader, or NULL
 */
void virLXCImportFilesFree(virLXCImportFiles *files);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCImportFiles, virLXCImportFilesFree)

/**
 * virLXCImportFilesRead:
 * @files: a reader
 * @path: path of a regular file
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID if @path is outside of the
 *     directories, is not a regular file, has a NUL byte, or exceeds a limit;
 *     to VIR_LXC_CONFINEMENT_ERROR_SYSTEM if it cannot be read
 *
 * Symbolic links are followed beneath the directory, but not out of it.
 *
 * Returns its text, which the caller frees, or NULL.
 */
char *virLXCImportFilesRead(virLXCImportFiles *files, const char *path,
                            GError **error);

/**
 * virLXCImportFilesList:
 * @files: a reader
 * @path: path of a directory or a file
 * @suffix: what the names of files in a directory end with, such as ".conf"
 * @error: as for virLXCImportFilesRead()
 *
 * A directory that does not exist is empty if @path ends with a slash: Debian's
 * LXC includes directories that it does not have.
 *
 * Returns @path itself if it is not a directory, and otherwise the paths of the
 * files in it, sorted by name: a NULL-terminated list that the caller frees, or
 * NULL on failure.
 */
char **virLXCImportFilesList(virLXCImportFiles *files, const char *path,
                             const char *suffix, GError **error);

/**
 * virLXCImportFilesHasProgram:
 * @files: a reader
 * @root: root directory of a container, absolute or relative to the directory
 *     of the document
 * @path: absolute path in the container
 *
 * Returns whether there is an executable file.
 */
bool virLXCImportFilesHasProgram(const virLXCImportFiles *files,
                                 const char *root, const char *path);
