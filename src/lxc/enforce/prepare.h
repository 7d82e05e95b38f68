/*
 * prepare.h: a plan made ready to be enforced
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCPlan. Out: a virLXCPrepared, the only type that can be enforced,
 * executed under, or reported as being in effect. Everything that takes time or
 * can fail on a bad policy has been done by then.
 */

#pragma once

#include "plan.h"
#include "seccomp_filter.h"

/**
 * virLXCPreparedSeccomp: a filter that can be loaded.
 *
 * @plan: its rules, referenced
 * @filter: the program built from them, never NULL
 */
typedef struct {
    virLXCSeccompPlan *plan;
    virLXCSeccompFilter *filter;
} virLXCPreparedSeccomp;

/**
 * virLXCPrepared: everything that is to be enforced.
 *
 * @plan: the plan, owned
 * @seccomp: the filter; NULL only when the plan has none
 */
typedef struct _virLXCPrepared {
    virLXCPlan *plan;
    virLXCPreparedSeccomp *seccomp;
} virLXCPrepared;

/**
 * virLXCPlanPrepare:
 * @plan: a plan, which is copied
 * @cache: absolute path of the directory of the filter cache, or NULL
 * @error: as for virLXCSeccompFilterCompile()
 *
 * Builds the filter, or takes it from the cache.
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
 * @def: the definition of the domain about to run
 *
 * Records in @def what @prepared will put into effect.
 */
void virLXCPreparedSetEffective(const virLXCPrepared *prepared, bool isRoot,
                                virLXCConfinementDef *def);

/**
 * virLXCPreparedSeccompDigest:
 * @seccomp: a filter that can be loaded
 *
 * Returns a SHA-256 in hexadecimal of all that it puts into effect: program,
 * flags, and the socket and metadata of the listener. The caller frees it.
 */
char *virLXCPreparedSeccompDigest(const virLXCPreparedSeccomp *seccomp);

/**
 * virLXCPreparedFree:
 * @prepared: a prepared plan, or NULL
 */
void virLXCPreparedFree(virLXCPrepared *prepared);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCPrepared, virLXCPreparedFree)
