/*
 * landlock_exec.h: check that a program can be executed under path rules
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "landlock_plan.h"

/**
 * virLXCLandlockCheckExec:
 * @plan: the plan
 * @rules: the resolved rules of @plan, an array of virLXCLandlockRule
 * @init: absolute path of the program
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_NOT_EXECUTABLE, naming the path and
 *     the missing right
 *
 * Checks the files that execve(2) itself opens: the program, and its chain of
 * interpreters. Shared libraries, which the dynamic loader opens later, are not
 * checked.
 *
 * Returns 0 or -1.
 */
int
virLXCLandlockCheckExec(const virLXCLandlockPlan *plan, const GPtrArray *rules,
                        const char *init, GError **error);
