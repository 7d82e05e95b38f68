/*
 * landlock_exec.h: whether a program could be executed under path rules
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "landlock_plan.h"

/**
 * virLXCLandlockCheckExec:
 * @plan: the plan
 * @rules: its rules, resolved
 * @init: the program, an absolute path
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED, naming the path that
 *     lacks a right and the right
 *
 * Follows what execve(2) and the dynamic loader will open: the program, the
 * interpreter that it names, and the shared libraries that it needs, as far as
 * they are found where loaders look by default.
 *
 * Returns 0 or -1.
 */
int
virLXCLandlockCheckExec(const virLXCLandlockPlan *plan, const GPtrArray *rules,
                        const char *init, GError **error);
