/*
 * landlock_plan.h: <landlock> resolved for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "host.h"
#include "landlock_conf.h"

/**
 * virLXCLandlockPlanPath: rights on a target and on everything below it.
 *
 * @target: absolute path inside the container
 * @allow: bits of kind FS, all of which are handled
 * @exact: those of @allow that were given by their own names, and not by a
 *     group word
 * @skipMissing: whether a missing target is skipped instead of being an error
 */
typedef struct {
    char *target;
    guint64 allow;
    guint64 exact;
    bool skipMissing;
} virLXCLandlockPlanPath;

/**
 * virLXCLandlockPlanPort: rights on a port.
 *
 * @protocol: tcp or udp
 * @number: port number, 0 to 65535
 * @allow: bits of kind NET, at least one, all of which are handled
 */
typedef struct {
    virLXCLandlockProtocol protocol;
    unsigned int number;
    guint64 allow;
} virLXCLandlockPlanPort;

/**
 * virLXCLandlockPlan: the ruleset of a container.
 *
 * @refs: number of references
 * @abi: Landlock ABI that is used
 * @handled: for each kind the rights that are restricted, all of which the
 *     kernel knows
 * @lost: those that should be restricted but cannot be
 * @restrictFlags: flags of landlock_restrict_self(2)
 * @errata: bits of errata that touch @handled and that the kernel has not
 * fixed, or does not say to have fixed
 * @paths: virLXCLandlockPlanPath
 * @ports: virLXCLandlockPlanPort
 */
typedef struct {
    int refs;
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
 * Returns a plan that the caller unreferences, or NULL.
 */
virLXCLandlockPlan *
virLXCLandlockPlanNew(const virLXCLandlockDef *def, const virLXCHost *host,
                      GError **error);

/**
 * virLXCLandlockPlanAddWarnings:
 * @plan: a plan
 * @warnings: sentences are appended here
 *
 * Warns about lost rights and about known faults of the kernel's enforcement.
 */
void virLXCLandlockPlanAddWarnings(const virLXCLandlockPlan *plan,
                                   GPtrArray *warnings);

/**
 * virLXCLandlockPlanRef:
 * @plan: a plan
 *
 * Returns @plan with one more reference.
 */
virLXCLandlockPlan *virLXCLandlockPlanRef(virLXCLandlockPlan *plan);

/**
 * virLXCLandlockPlanUnref:
 * @plan: a plan, or NULL
 *
 * Drops a reference, and frees @plan with the last one.
 */
void virLXCLandlockPlanUnref(virLXCLandlockPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCLandlockPlan, virLXCLandlockPlanUnref)
