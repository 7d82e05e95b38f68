/*
 * seccomp_plan.h: <seccomp> resolved for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "host.h"
#include "seccomp_ruleset.h"

/**
 * virLXCSeccompPlan: the rules of the filter that is to be loaded.
 *
 * @refs: number of references
 * @ruleset: the rules
 * @notifies: whether any call is notified, to ruleset->listenerPath
 */
typedef struct {
    int refs;
    virLXCSeccompRuleset *ruleset;
    bool notifies;
} virLXCSeccompPlan;

/**
 * virLXCSeccompPlanNew:
 * @def: the definition
 * @host: the host
 * @profile: text of the profile that @def names; NULL when it names none
 * @capabilities: bits of the capabilities that the domain keeps
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID for a policy that makes no
 *     sense, or VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED when the kernel lacks an
 *     action or flag
 *
 * Returns a plan that the caller unreferences, or NULL.
 */
virLXCSeccompPlan *
virLXCSeccompPlanNew(const virLXCSeccompDef *def, const virLXCHost *host,
                     const char *profile, guint64 capabilities, GError **error);

/**
 * virLXCSeccompPlanRef:
 * @plan: a plan
 *
 * Returns @plan with one more reference.
 */
virLXCSeccompPlan *virLXCSeccompPlanRef(virLXCSeccompPlan *plan);

/**
 * virLXCSeccompPlanUnref:
 * @plan: a plan, or NULL
 *
 * Drops a reference, and frees @plan with the last one.
 */
void virLXCSeccompPlanUnref(virLXCSeccompPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCSeccompPlan, virLXCSeccompPlanUnref)
