/*
 * landlock_enforce.h: enforce a Landlock ruleset
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "landlock_plan.h"

/**
 * virLXCLandlockMakeRuleset:
 * @plan: the plan
 * @init: absolute path of the program that the process will execute
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED, naming path and right,
 *     if a rule cannot be created or @init cannot be executed under the rules;
 *     to VIR_LXC_CONFINEMENT_ERROR_SYSTEM otherwise
 *
 * Creates the ruleset. Targets are resolved beneath the caller's root, which
 * must be the root of the container. The privileges of the caller apply, so
 * this must be called before set*id(2).
 *
 * Returns a close-on-exec descriptor of the ruleset, which the caller closes,
 * or -1.
 */
int virLXCLandlockMakeRuleset(const virLXCLandlockPlan *plan, const char *init,
                              GError **error);

/**
 * virLXCLandlockRestrict:
 * @plan: the plan
 * @ruleset: descriptor returned by virLXCLandlockMakeRuleset()
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Restricts the calling process, which must have no_new_privs or CAP_SYS_ADMIN
 * in its user namespace (landlock_restrict_self(2)).
 *
 * Returns 0 or -1.
 */
int virLXCLandlockRestrict(const virLXCLandlockPlan *plan, int ruleset,
                           GError **error);
