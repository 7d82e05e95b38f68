/*
 * landlock_enforce.h: a Landlock ruleset put into effect
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "landlock_plan.h"

/**
 * virLXCLandlockMakeRuleset:
 * @plan: the plan
 * @init: the program that the process will execute, an absolute path
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED for a rule that cannot
 *     be made or that would keep @init from being executed, naming path and
 *     right; to VIR_LXC_CONFINEMENT_ERROR_SYSTEM otherwise
 *
 * Resolves targets beneath the caller's root, which must be that of the
 * container, and with the caller's privileges, so before set*id(2).
 *
 * Returns a descriptor of the ruleset, closed on exec, or -1.
 */
int virLXCLandlockMakeRuleset(const virLXCLandlockPlan *plan, const char *init,
                              GError **error);

/**
 * virLXCLandlockRestrict:
 * @plan: the plan
 * @ruleset: what virLXCLandlockMakeRuleset() returned
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Restricts the calling process, which must have no_new_privs or CAP_SYS_ADMIN
 * in its user namespace (landlock_restrict_self(2)).
 *
 * Returns 0 or -1.
 */
int virLXCLandlockRestrict(const virLXCLandlockPlan *plan, int ruleset,
                           GError **error);
