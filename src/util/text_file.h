/*
 * text_file.h: reads a text of limited length
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

/**
 * virLXCTextRead:
 * @fd: a descriptor
 * @title: what errors call the file, such as "seccomp profile '/x'"
 * @max: maximum length in bytes
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM if reading fails, and to
 *     VIR_LXC_CONFINEMENT_ERROR_INVALID if the text is longer than @max or
 *     contains a NUL byte
 *
 * Reads to the end of the file, whatever its size is said to be.
 *
 * Returns the text, which the caller frees, or NULL.
 */
char *virLXCTextRead(int fd, const char *title, size_t max, GError **error);

/**
 * virLXCTextReadRegular:
 * @fd: a descriptor
 * @title: as for virLXCTextRead()
 * @max: as for virLXCTextRead()
 * @error: also set to VIR_LXC_CONFINEMENT_ERROR_INVALID if @fd is not that of a
 *     regular file
 *
 * Same as virLXCTextRead(), for regular files only.
 *
 * Returns the text, which the caller frees, or NULL.
 */
char *
virLXCTextReadRegular(int fd, const char *title, size_t max, GError **error);
