/*
 * prepare.c: prepare a plan for enforcement
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCPlan. Out: a virLXCPrepared, and the elements that report it in
 * the XML of a running domain.
 */

#include "prepare.h"

#include <string.h>

#include "seccomp_cache.h"

static virLXCPreparedSeccomp *
lxcPreparedSeccompNew(virLXCSeccompPlan *plan, const char *cache,
                      GError **error)
{
    virLXCSeccompFilter *filter =
        virLXCSeccompCacheGet(cache, plan->ruleset, error);
    virLXCPreparedSeccomp *seccomp = NULL;

    if (!filter)
        return NULL;

    seccomp = g_new0(virLXCPreparedSeccomp, 1);
    seccomp->plan = virLXCSeccompPlanRef(plan);
    seccomp->filter = filter;
    return seccomp;
}

virLXCPrepared *
virLXCPlanPrepare(const virLXCPlan *plan, const char *cache, GError **error)
{
    g_autoptr(virLXCPrepared) prepared = g_new0(virLXCPrepared, 1);

    if (plan->seccomp && !(prepared->seccomp = lxcPreparedSeccompNew(
                               plan->seccomp, cache, error)))
        return NULL;

    prepared->plan = virLXCPlanCopy(plan);
    return g_steal_pointer(&prepared);
}

char *
virLXCPreparedSeccompDigest(const virLXCPreparedSeccomp *seccomp)
{
    const virLXCSeccompRuleset *ruleset = seccomp->plan->ruleset;
    const char *path = seccomp->plan->notifies ? ruleset->listenerPath : NULL;
    const char *metadata = path ? ruleset->listenerMetadata : NULL;
    g_autofree char *text = g_strdup_printf(
        "%s\n%u\n%s\n%s%s\n", seccomp->filter->digest, ruleset->flags,
        path ? path : "", metadata ? "=" : "", metadata ? metadata : "");

    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

static void
lxcPreparedSetLandlock(const virLXCLandlockPlan *plan, virLXCLandlockDef *def)
{
    virLXCLandlockEffective *effective = g_new0(virLXCLandlockEffective, 1);

    effective->abi = plan->abi;
    memcpy(effective->lost, plan->lost, sizeof(effective->lost));

    g_free(def->effective);
    def->effective = effective;
}

static void
lxcPreparedSetSeccomp(const virLXCPreparedSeccomp *seccomp,
                      virLXCSeccompDef *def)
{
    virLXCSeccompEffective *effective = g_new0(virLXCSeccompEffective, 1);

    effective->digest = g_strdup(seccomp->filter->digest);
    effective->instructions = seccomp->filter->length;
    effective->policy = virLXCPreparedSeccompDigest(seccomp);
    if (seccomp->plan->notifies)
        effective->listener = g_strdup(seccomp->plan->ruleset->listenerPath);

    virLXCSeccompEffectiveFree(def->effective);
    def->effective = effective;
}

static void
lxcPreparedSetKernelFiles(const virLXCKernelFilesPlan *plan,
                          virLXCKernelFilesDef *def)
{
    if (!def->effective)
        def->effective = g_new0(virLXCKernelFilesEffective, 1);
    def->effective->locked = plan->locked;
}

void
virLXCPreparedSetEffective(const virLXCPrepared *prepared, bool isRoot,
                           virLXCConfinementDef *def)
{
    const virLXCPlan *plan = prepared->plan;

    def->capabilities.hasEffective = true;
    def->capabilities.effective =
        isRoot ? plan->capabilities.bounding : plan->capabilities.listed;
    def->noNewPrivsEffective =
        plan->noNewPrivs ? VIR_LXC_SWITCH_ON : VIR_LXC_SWITCH_OFF;
    if (plan->landlock)
        lxcPreparedSetLandlock(plan->landlock, def->landlock);
    if (def->seccomp)
        lxcPreparedSetSeccomp(prepared->seccomp, def->seccomp);
    if (plan->kernelFiles)
        lxcPreparedSetKernelFiles(plan->kernelFiles, def->kernelFiles);
}

static void
lxcPreparedSeccompFree(virLXCPreparedSeccomp *seccomp)
{
    if (!seccomp)
        return;

    virLXCSeccompPlanUnref(seccomp->plan);
    virLXCSeccompFilterFree(seccomp->filter);
    g_free(seccomp);
}

void
virLXCPreparedFree(virLXCPrepared *prepared)
{
    if (!prepared)
        return;

    virLXCPlanFree(prepared->plan);
    lxcPreparedSeccompFree(prepared->seccomp);
    g_free(prepared);
}
