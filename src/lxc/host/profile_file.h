/*
 * profile_file.h: the file of an administrator's seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

/** Maximum size of a profile, in bytes. */
#define VIR_LXC_PROFILE_FILE_MAX 1048576

/** What follows the name of a profile in the name of its file. */
#define VIR_LXC_PROFILE_FILE_SUFFIX ".json"

/**
 * virLXCProfileFileRead:
 * @directory: absolute path of the directory with the profiles
 * @name: name of a profile (virLXCSeccompProfileNameIsValid())
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID if @name is not a valid
 *     name, or the file is a symbolic link, is not a regular file, is larger
 *     than VIR_LXC_PROFILE_FILE_MAX, or contains a NUL byte; to
 *     VIR_LXC_CONFINEMENT_ERROR_SYSTEM if it does not exist or cannot be read
 *
 * Reads NAME.json in @directory. Files outside @directory are never read.
 *
 * Returns the text of the file, which the caller frees, or NULL.
 */
char *
virLXCProfileFileRead(const char *directory, const char *name, GError **error);
