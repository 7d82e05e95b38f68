/*
 * import_detect.h: what format a policy has
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "import.h"

/**
 * virLXCImportDetect:
 * @source: a document
 * @kind: filled on success
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID if it is JSON that is not
 *     valid; to VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED if the text is not of any
 *     known format, or TOML
 *
 * Returns 0, or -1 on failure.
 */
int virLXCImportDetect(const virLXCImportSource *source, virLXCImportKind *kind,
                       GError **error);
