/*
 * seccomp_resolve.h: resolve <seccomp> for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "seccomp_ruleset.h"

/**
 * virLXCSeccompResolve:
 * @def: the definition
 * @context: properties of the host and the domain
 * @profile: text of the profile named in @def, or NULL if it does not name one
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID if the profile is invalid
 *
 * Returns an indexed ruleset, which the caller frees, or NULL.
 */
virLXCSeccompRuleset *virLXCSeccompResolve(const virLXCSeccompDef *def,
                                           const virLXCSeccompContext *context,
                                           const char *profile, GError **error);
