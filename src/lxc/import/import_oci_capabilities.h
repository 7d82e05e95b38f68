/*
 * import_oci_capabilities.h: capability sets of a config.json
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Internal to src/lxc/import.
 */

#pragma once

#include "import_private.h"

/**
 * virLXCImportOCICapabilities:
 * @import: the result, whose <no-new-privs> has been set
 * @source: the document
 * @value: process.capabilities
 * @error: set if it is not understood
 *
 * Sets <capabilities policy='deny'> to what the process has after execve(2),
 * which is at most its bounding set.
 *
 * Returns 0, or -1 on failure.
 */
int virLXCImportOCICapabilities(virLXCImport *import,
                                const virLXCImportSource *source,
                                const virLXCJSON *value, GError **error);
