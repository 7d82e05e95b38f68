/*
 * capabilities_enforce.h: set the capability sets
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
 * Sets the bounding and inheritable sets, and clears the ambient set: execve(2)
 * considers no other sets. The permitted and effective sets keep the
 * capabilities needed until then. Must be called before set*id(2).
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
 * Raises the ambient set, which set*id(2) clears, and then verifies that the
 * kernel's sets match @plan.
 *
 * Returns 0 or -1.
 */
int virLXCCapabilitiesFinish(const virLXCCapabilitiesPlan *plan, bool isRoot,
                             GError **error);

/**
 * virLXCCapabilitiesLimitPermitted:
 * @kept: bits of capabilities
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Removes all capabilities except @kept from the permitted and effective sets
 * of the calling process.
 *
 * Returns 0 or -1.
 */
int virLXCCapabilitiesLimitPermitted(guint64 kept, GError **error);
