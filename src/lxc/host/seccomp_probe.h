/*
 * seccomp_probe.h: what the kernel's seccomp can do
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "seccomp_table.h"

/**
 * virLXCSeccompProbe:
 * @native: filled with the ABI of this software, or NULL when the table has
 *     none for it
 * @actions: filled with bit N for each virLXCSeccompActionKind N that the
 *     kernel has
 * @flags: filled with the virLXCSeccompFlags that it has
 *
 * What cannot be found out is taken as lacking, so that a policy that needs it
 * is refused.
 */
void virLXCSeccompProbe(const virLXCSeccompArch **native, unsigned int *actions,
                        unsigned int *flags);
