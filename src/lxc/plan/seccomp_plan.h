/*
 * seccomp_plan.h: <seccomp> resolved for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "host.h"
#include "seccomp_filter.h"

/**
 * virLXCSeccompPlan: the filter that is to be loaded.
 *
 * @ruleset: what it says
 * @filter: its program; NULL until virLXCSeccompPlanPrepare()
 * @notifies: whether any call is notified, to ruleset->listenerPath
 */
typedef struct {
    virLXCSeccompRuleset *ruleset;
    virLXCSeccompFilter *filter;
    bool notifies;
} virLXCSeccompPlan;

/**
 * virLXCSeccompPlanNew:
 * @def: the definition
 * @host: the host
 * @capabilities: bits of the capabilities that the domain keeps
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID for a policy that makes no
 *     sense, or VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED when the kernel lacks an
 *     action or flag
 *
 * Returns a plan that the caller frees, or NULL.
 */
virLXCSeccompPlan *
virLXCSeccompPlanNew(const virLXCSeccompDef *def, const virLXCHost *host,
                     guint64 capabilities, GError **error);

/**
 * virLXCSeccompPlanPrepare:
 * @plan: the plan, whose filter is filled in
 * @cache: directory of filters that have been built before, or NULL
 * @error: as for virLXCSeccompFilterCompile()
 *
 * Returns 0 or -1.
 */
int virLXCSeccompPlanPrepare(virLXCSeccompPlan *plan, const char *cache,
                             GError **error);

/**
 * virLXCSeccompPlanDigest:
 * @plan: the plan, prepared
 *
 * Returns a SHA-256 in hexadecimal of all that it puts into effect: program,
 * flags, and who listens to what; the caller frees it.
 */
char *virLXCSeccompPlanDigest(const virLXCSeccompPlan *plan);

/**
 * virLXCSeccompPlanFree:
 * @plan: a plan, or NULL
 */
void virLXCSeccompPlanFree(virLXCSeccompPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCSeccompPlan, virLXCSeccompPlanFree)
