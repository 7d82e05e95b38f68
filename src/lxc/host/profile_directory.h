/*
 * profile_directory.h: the administrator's seccomp profiles
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

/**
 * virLXCProfileDirectoryList:
 * @directory: absolute path of the directory with the profiles
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM if the directory exists, but
 *     cannot be read
 *
 * Lists the profiles in @directory that virLXCProfileFileRead() would read:
 * symbolic links, other special files, files that are too large, and files
 * without a valid name are not profiles. Their contents are not checked.
 *
 * Returns the sorted names, which the caller frees with g_strfreev(), or NULL.
 * Without a directory, there are no names.
 */
char **virLXCProfileDirectoryList(const char *directory, GError **error);
