/*
 * landlock_plan.h: <landlock> resolved for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "host.h"
#include "landlock_conf.h"

/**
 * virLXCLandlockPlanPath: rights on a file or directory and everything below
 * it.
 *
 * @target: absolute path inside the container
 * @allow: allowed bits of kind FS, all of which are handled
 * @exact: the bits of @allow that were named explicitly, and not by a group
 *     word
 * @skipMissing: whether a nonexistent target is skipped instead of being an
 *     error
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
 * @allow: allowed bits of kind NET, at least one, all of which are handled
 */
typedef struct {
    virLXCLandlockProtocol protocol;
    unsigned int number;
    guint64 allow;
} virLXCLandlockPlanPort;

/**
 * virLXCLandlockNetFilter: whether the seccomp filter denies ways of using TCP
 * that Landlock does not check (landlock_net_filter.h).
 *
 * @VIR_LXC_LANDLOCK_NET_FILTER_NONE: not needed: TCP is not restricted
 * @VIR_LXC_LANDLOCK_NET_FILTER_RULES: it does
 * @VIR_LXC_LANDLOCK_NET_FILTER_IMPOSSIBLE: needed, but not possible on this
 *     architecture
 */
typedef enum {
    VIR_LXC_LANDLOCK_NET_FILTER_NONE,
    VIR_LXC_LANDLOCK_NET_FILTER_RULES,
    VIR_LXC_LANDLOCK_NET_FILTER_IMPOSSIBLE,
} virLXCLandlockNetFilter;

/**
 * virLXCLandlockPlan: the ruleset of a container.
 *
 * @refs: number of references
 * @abi: Landlock ABI to use
 * @handled: restricted rights of each kind, all of which the kernel supports
 * @lost: rights of each kind that should be restricted, but are not supported
 *     by the kernel
 * @restrictFlags: flags of landlock_restrict_self(2)
 * @errata: bit N - 1 for each erratum N that affects @handled and that the
 *     kernel does not report as fixed
 * @netFilter: whether the seccomp filter completes @handled
 * @paths: array of virLXCLandlockPlanPath
 * @ports: array of virLXCLandlockPlanPort
 */
typedef struct {
    int refs;
    unsigned int abi;
    guint64 handled[VIR_LXC_LANDLOCK_KINDS];
    guint64 lost[VIR_LXC_LANDLOCK_KINDS];
    guint64 restrictFlags;
    unsigned int errata;
    virLXCLandlockNetFilter netFilter;
    GPtrArray *paths;
    GPtrArray *ports;
} virLXCLandlockPlan;

/**
 * virLXCLandlockPlanNew:
 * @def: the definition, including the ABI
 * @host: the host
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED if the kernel does not
 *     support Landlock, a required right, which it names, or any of the rights
 *
 * Returns a plan, which the caller unreferences, or NULL.
 */
virLXCLandlockPlan *
virLXCLandlockPlanNew(const virLXCLandlockDef *def, const virLXCHost *host,
                      GError **error);

/**
 * virLXCLandlockUnfixedErrata:
 * @host: the host
 * @abi: a Landlock ABI
 *
 * Returns bit N - 1 for each known erratum N that affects rights of @abi and
 * that the kernel does not report as fixed.
 */
unsigned int
virLXCLandlockUnfixedErrata(const virLXCHost *host, unsigned int abi);

/**
 * virLXCLandlockPlanAddWarnings:
 * @plan: a plan
 * @warnings: array of strings, to which warnings are appended; the array owns
 *     them
 *
 * Warns about rights that are not restricted, and about known bugs in the
 * kernel's enforcement.
 */
void virLXCLandlockPlanAddWarnings(const virLXCLandlockPlan *plan,
                                   GPtrArray *warnings);

/**
 * virLXCLandlockPlanRef:
 * @plan: a plan
 *
 * Returns @plan with an additional reference.
 */
virLXCLandlockPlan *virLXCLandlockPlanRef(virLXCLandlockPlan *plan);

/**
 * virLXCLandlockPlanUnref:
 * @plan: a plan, or NULL
 *
 * Drops a reference. Frees @plan when the last one is dropped.
 */
void virLXCLandlockPlanUnref(virLXCLandlockPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCLandlockPlan, virLXCLandlockPlanUnref)
