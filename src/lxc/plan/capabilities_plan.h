/*
 * capabilities_plan.h: <capabilities> resolved for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "plan.h"

/**
 * virLXCCapabilitiesPlanFill:
 * @plan: filled
 * @def: the definition
 * @host: the host
 *
 * Decides the capability sets of init.
 */
void virLXCCapabilitiesPlanFill(virLXCCapabilitiesPlan *plan,
                                const virLXCCapabilitiesDef *def,
                                const virLXCHost *host);
