/*
 * prepare.h: prepare a plan for enforcement
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCPlan. Out: a virLXCPrepared, the only type that can be enforced
 * or reported as being in effect. All steps that take time or can fail because
 * of the policy happen here.
 */

#pragma once

#include "plan.h"
#include "seccomp_filter.h"

/**
 * virLXCPreparedSeccomp: a filter that is ready to be loaded.
 *
 * @plan: its rules, a reference
 * @filter: the program built from them, never NULL
 */
typedef struct {
    virLXCSeccompPlan *plan;
    virLXCSeccompFilter *filter;
} virLXCPreparedSeccomp;

/**
 * virLXCPrepared: everything to be enforced.
 *
 * @plan: the plan, owned
 * @seccomp: the filter, owned; NULL only if the plan does not have one
 */
typedef struct _virLXCPrepared {
    virLXCPlan *plan;
    virLXCPreparedSeccomp *seccomp;
} virLXCPrepared;

/**
 * virLXCPlanPrepare:
 * @plan: a plan, which is copied
 * @cache: absolute path of the directory of cached filters, or NULL for no
 *     cache
 * @error: set as documented for virLXCSeccompFilterCompile()
 *
 * Reads the filter from the cache, or compiles it.
 *
 * Returns a prepared plan that the caller frees with virLXCPreparedFree(), or
 * NULL.
 */
virLXCPrepared *
virLXCPlanPrepare(const virLXCPlan *plan, const char *cache, GError **error);

/**
 * virLXCPreparedSetEffective:
 * @prepared: a prepared plan
 * @isRoot: whether init runs as the container's root
 * @def: definition of the domain that is being started
 *
 * Records in @def what @prepared enforces.
 */
void virLXCPreparedSetEffective(const virLXCPrepared *prepared, bool isRoot,
                                virLXCConfinementDef *def);

/**
 * virLXCPreparedSeccompDigest:
 * @seccomp: a prepared filter
 *
 * Returns the SHA-256 digest, in hexadecimal, of everything that @seccomp puts
 * into effect: the program, the flags, and the listener's socket and metadata.
 * The caller frees it.
 */
char *virLXCPreparedSeccompDigest(const virLXCPreparedSeccomp *seccomp);

/**
 * virLXCPreparedFree:
 * @prepared: a prepared plan, or NULL
 */
void virLXCPreparedFree(virLXCPrepared *prepared);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCPrepared, virLXCPreparedFree)
