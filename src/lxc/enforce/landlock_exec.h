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
 * Follows what execve(2) itself opens: the program, and the interpreters that
 * it and a script's interpreter name. Shared libraries, which the dynamic
 * loader opens later, are not checked.
 *
 * Returns 0 or -1.
 */
int
virLXCLandlockCheckExec(const virLXCLandlockPlan *plan, const GPtrArray *rules,
                        const char *init, GError **error);
