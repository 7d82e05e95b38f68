/*
 * seccomp_probe.h: probe the kernel's support for seccomp
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "seccomp_table.h"

/**
 * virLXCSeccompProbe:
 * @native: filled with the ABI for which this code was compiled, or NULL if it
 *     is not in the table
 * @actions: filled with bit N for each virLXCSeccompActionKind N that the
 *     kernel supports
 * @flags: filled with the virLXCSeccompFlags that the kernel supports
 *
 * If probing fails, actions and flags count as unsupported, and policies that
 * require them are rejected.
 */
void virLXCSeccompProbe(const virLXCSeccompArch **native, unsigned int *actions,
                        unsigned int *flags);
