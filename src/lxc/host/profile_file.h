/*
 * profile_file.h: the file of an administrator's seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

/** The size limit of a profile in bytes. */
#define VIR_LXC_PROFILE_FILE_MAX 1048576

/**
 * virLXCProfileFileRead:
 * @directory: absolute path of the directory of profiles
 * @name: name of a profile (virLXCSeccompProfileNameIsValid())
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID when there is no profile
 *     @name, or its file is not a regular file, is a symbolic link, or is
 *     larger than VIR_LXC_PROFILE_FILE_MAX; to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *     when it cannot be read
 *
 * Reads NAME.json in @directory, and never a file elsewhere.
 *
 * Returns the text of the file, which the caller frees, or NULL.
 */
char *
virLXCProfileFileRead(const char *directory, const char *name, GError **error);
