/*
 * plan.h: a definition resolved for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCConfinementDef and a virLXCHost. Out: a virLXCPlan, which leaves
 * nothing to decide. Only a plan can be enforced. No system call is made here.
 */

#pragma once

#include "confinement_conf.h"
#include "host.h"
#include "landlock_plan.h"
#include "seccomp_plan.h"

/**
 * virLXCCapabilitiesPlan: capability sets of init, as they are after exec.
 *
 * @bounding: bounding set; for root also permitted and effective
 * @listed: what the XML lists with state='on' and the host can grant: for an
 *     init that is not root its permitted, effective, inheritable and ambient
 *     sets
 * @boundingUser: bounding set of an init that is not root
 * @missing: what the XML lists with state='on' but the host cannot grant
 */
typedef struct {
    guint64 bounding;
    guint64 listed;
    guint64 boundingUser;
    guint64 missing;
} virLXCCapabilitiesPlan;

/**
 * virLXCPlan: everything that is to be enforced. A module adds its plan as a
 * member.
 *
 * @capabilities: the capability sets
 * @noNewPrivs: whether to set no_new_privs (prctl(2))
 * @landlock: the Landlock ruleset, or NULL
 * @seccomp: the seccomp filter, or NULL
 */
typedef struct _virLXCPlan {
    virLXCCapabilitiesPlan capabilities;
    bool noNewPrivs;
    virLXCLandlockPlan *landlock;
    virLXCSeccompPlan *seccomp;
} virLXCPlan;

/**
 * virLXCPlanNew:
 * @def: the definition; NULL is one that says nothing
 * @host: the host it is to be enforced on
 * @isRoot: whether init runs as the container's root, as far as is known
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED when this host cannot
 *     enforce @def, or VIR_LXC_CONFINEMENT_ERROR_INVALID when what @def names
 *     on it makes no sense
 *
 * Returns a plan that the caller frees with virLXCPlanFree(), or NULL.
 */
virLXCPlan *virLXCPlanNew(const virLXCConfinementDef *def,
                          const virLXCHost *host, bool isRoot, GError **error);

/**
 * virLXCPlanSetJoining:
 * @plan: a plan
 * @isRoot: whether init runs as the container's root
 *
 * Makes it the plan for a process that joins the container later: it has no
 * more than init has, and what is listed for an init that is not root is not
 * given to other users.
 */
void virLXCPlanSetJoining(virLXCPlan *plan, bool isRoot);

/**
 * virLXCPlanPrepare:
 * @plan: a plan
 * @cache: absolute path of the directory of filters that have been built
 *     before, or NULL
 * @error: as for virLXCSeccompFilterCompile()
 *
 * Builds what takes time. To be called before a plan is enforced, or its effect
 * recorded.
 *
 * Returns 0 or -1.
 */
int virLXCPlanPrepare(virLXCPlan *plan, const char *cache, GError **error);

/**
 * virLXCPlanWarnings:
 * @plan: a plan
 *
 * Returns a NULL-terminated list of sentences on what was asked for and is not
 * to be had, none of which makes the container less confined than asked. The
 * caller frees it with g_strfreev().
 */
char **virLXCPlanWarnings(const virLXCPlan *plan);

/**
 * virLXCPlanSetEffective:
 * @plan: a plan
 * @isRoot: whether init runs as the container's root
 * @def: the definition of the domain about to run
 *
 * Records in @def what @plan will put into effect.
 */
void virLXCPlanSetEffective(const virLXCPlan *plan, bool isRoot,
                            virLXCConfinementDef *def);

/**
 * virLXCPlanFree:
 * @plan: a plan, or NULL
 */
void virLXCPlanFree(virLXCPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCPlan, virLXCPlanFree)
