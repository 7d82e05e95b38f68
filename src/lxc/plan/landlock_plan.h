/*
 * landlock_plan.h: <landlock> resolved for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "host.h"
#include "landlock_conf.h"

/**
 * virLXCLandlockPlan: the ruleset of a container.
 *
 * @abi: Landlock ABI that is used
 * @handled: for each kind the rights that are restricted, all of which the
 *     kernel knows
 * @lost: those that should be and cannot be
 * @restrictFlags: flags of landlock_restrict_self(2)
 * @errata: bits of errata that touch @handled and that the kernel has not
 * fixed, or does not say to have fixed
 * @paths: virLXCLandlockPath, with the rights of each reduced to @handled
 * @ports: virLXCLandlockPort, likewise
 */
typedef struct {
    unsigned int abi;
    guint64 handled[VIR_LXC_LANDLOCK_KINDS];
    guint64 lost[VIR_LXC_LANDLOCK_KINDS];
    guint64 restrictFlags;
    unsigned int errata;
    GPtrArray *paths;
    GPtrArray *ports;
} virLXCLandlockPlan;

/**
 * virLXCLandlockPlanNew:
 * @def: the definition, with its ABI filled in
 * @host: the host
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED when the kernel cannot
 *     enforce what is required, naming it, or nothing at all
 *
 * Returns a plan that the caller frees with virLXCLandlockPlanFree(), or NULL.
 */
virLXCLandlockPlan *
virLXCLandlockPlanNew(const virLXCLandlockDef *def, const virLXCHost *host,
                      GError **error);

/**
 * virLXCLandlockPlanAddWarnings:
 * @plan: a plan
 * @warnings: sentences are appended here, owned by who owns it
 *
 * Says what is lost, and in which way the kernel's enforcement is known to be
 * wrong.
 */
void virLXCLandlockPlanAddWarnings(const virLXCLandlockPlan *plan,
                                   GPtrArray *warnings);

/**
 * virLXCLandlockPlanFree:
 * @plan: a plan, or NULL
 */
void virLXCLandlockPlanFree(virLXCLandlockPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCLandlockPlan, virLXCLandlockPlanFree)
