/*
 * capabilities_enforce.h: capability sets put into effect
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "capabilities_plan.h"

/**
 * virLXCCapabilitiesRestrict:
 * @plan: the plan
 * @isRoot: whether init is the container's root
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Sets the bounding and inheritable sets and empties the ambient one, which is
 * all that execve(2) looks at. Permitted and effective keep what is needed
 * until then. Comes before set*id(2).
 *
 * Returns 0 or -1.
 */
int virLXCCapabilitiesRestrict(const virLXCCapabilitiesPlan *plan, bool isRoot,
                               GError **error);

/**
 * virLXCCapabilitiesFinish:
 * @plan: the plan
 * @isRoot: whether init is the container's root
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Raises the ambient set, which set*id(2) clears, and then asks the kernel
 * whether every set is what @plan says.
 *
 * Returns 0 or -1.
 */
int virLXCCapabilitiesFinish(const virLXCCapabilitiesPlan *plan, bool isRoot,
                             GError **error);
