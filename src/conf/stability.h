/*
 * stability.h: definitions compared
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <stdbool.h>

#include "error.h"

/**
 * virLXCStabilityCompare:
 * @what: what is compared, as XML calls it
 * @src: what the domain has, or NULL when it is not there
 * @dst: what is to take its place, likewise
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID when they differ: every
 *     difference is told in the same words
 *
 * Returns 0 when they are equal, else -1.
 */
int virLXCStabilityCompare(const char *what, const char *src, const char *dst,
                           GError **error);

/**
 * virLXCStabilityPresence:
 * @present: whether something is there
 *
 * Returns a word for virLXCStabilityCompare(), where it does not matter what it
 * is. Static, never to be freed.
 */
const char *virLXCStabilityPresence(bool present);
