/*
 * seccomp_resolve.h: resolves <seccomp> for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "seccomp_ruleset.h"

/**
 * virLXCSeccompResolve:
 * @def: the definition
 * @context: facts of the host and the domain
 * @profile: text of the profile that @def names, or NULL when it names none
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID or
 *     VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED
 *
 * Returns a ruleset that the caller frees, or NULL.
 */
virLXCSeccompRuleset *virLXCSeccompResolve(const virLXCSeccompDef *def,
                                           const virLXCSeccompContext *context,
                                           const char *profile, GError **error);
