/*
 * seccomp_plan.h: <seccomp> resolved for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "host.h"
#include "seccomp_ruleset.h"

/**
 * virLXCSeccompPlan: the rules of a filter.
 *
 * @refs: number of references
 * @ruleset: the rules
 * @notifies: whether any call is notified to the agent at ruleset->listenerPath
 */
typedef struct {
    int refs;
    virLXCSeccompRuleset *ruleset;
    bool notifies;
} virLXCSeccompPlan;

/**
 * virLXCSeccompPlanNew:
 * @def: the definition, or NULL to allow all calls of all architectures that
 *     the host can run
 * @host: the host
 * @profile: text of the profile named in @def, or NULL if it does not name one
 * @capabilities: bits of the capabilities that the domain keeps
 * @restrictsTCP: whether calls that bypass the restriction of TCP by Landlock
 *     are denied first (virLXCLandlockNetAddRules())
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID if the policy is invalid, or
 *     VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED if the host does not support an
 *     architecture, action or flag
 *
 * Returns a plan, which the caller unreferences, or NULL.
 */
virLXCSeccompPlan *
virLXCSeccompPlanNew(const virLXCSeccompDef *def, const virLXCHost *host,
                     const char *profile, guint64 capabilities,
                     bool restrictsTCP, GError **error);

/**
 * virLXCSeccompDefAllowAll:
 * @native: architecture of the host
 *
 * Returns a definition that allows all calls of all architectures that the host
 * can run, which the caller frees.
 */
virLXCSeccompDef *virLXCSeccompDefAllowAll(const virLXCSeccompArch *native);

/**
 * virLXCSeccompPlanRef:
 * @plan: a plan
 *
 * Returns @plan with an additional reference.
 */
virLXCSeccompPlan *virLXCSeccompPlanRef(virLXCSeccompPlan *plan);

/**
 * virLXCSeccompPlanUnref:
 * @plan: a plan, or NULL
 *
 * Drops a reference. Frees @plan when the last one is dropped.
 */
void virLXCSeccompPlanUnref(virLXCSeccompPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCSeccompPlan, virLXCSeccompPlanUnref)
