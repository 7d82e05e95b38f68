/*
 * landlock_plan.c: resolve <landlock> for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCLandlockDef and a virLXCHost. Out: a virLXCLandlockPlan.
 */

#include "landlock_plan.h"

#include "error.h"
#include "i18n.h"
#include "landlock_net_filter.h"

/* Known bugs of the kernel (Documentation/userspace-api/landlock.rst,
 * "Errata"), with the affected kind of right and the first affected ABI. */
typedef struct {
    unsigned int number;
    virLXCLandlockKind kind;
    unsigned int abi;
    const char *effect;
} lxcLandlockErratum;

static const lxcLandlockErratum lxcLandlockErrata[] = {
    {1, VIR_LXC_LANDLOCK_NET, 4,
     N_("stream sockets other than TCP, such as MPTCP and SCTP, are restricted "
        "as if they were TCP")},
    {2, VIR_LXC_LANDLOCK_SCOPE, 6,
     N_("signals between threads of one process may be refused")},
    {3, VIR_LXC_LANDLOCK_FS, 1,
     N_("directories that are moved out of a bind mount may have the wrong "
        "rights")},
};

static const virLXCLandlockKind lxcLandlockHandledKinds[] = {
    VIR_LXC_LANDLOCK_FS,
    VIR_LXC_LANDLOCK_NET,
    VIR_LXC_LANDLOCK_SCOPE,
};

static void
lxcLandlockPlanKind(virLXCLandlockPlan *plan, virLXCLandlockKind kind,
                    guint64 wanted)
{
    guint64 known = virLXCLandlockRights(kind, plan->abi);

    plan->handled[kind] = wanted & known;
    plan->lost[kind] = wanted & ~known;
}

static void
lxcLandlockPlanKinds(virLXCLandlockPlan *plan, const virLXCLandlockDef *def)
{
    guint64 flags = def->log ? virLXCLandlockLogFlag()->bit : 0;
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcLandlockHandledKinds); i++) {
        virLXCLandlockKind kind = lxcLandlockHandledKinds[i];

        lxcLandlockPlanKind(plan, kind, virLXCLandlockDefHandled(def, kind));
    }
    lxcLandlockPlanKind(plan, VIR_LXC_LANDLOCK_RESTRICT, flags);
    plan->restrictFlags = plan->handled[VIR_LXC_LANDLOCK_RESTRICT];
}

static void
lxcLandlockPlanErrata(virLXCLandlockPlan *plan, const virLXCHost *host)
{
    unsigned int unfixed = virLXCLandlockUnfixedErrata(host, plan->abi);
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcLandlockErrata); i++) {
        const lxcLandlockErratum *row = &lxcLandlockErrata[i];

        if (plan->handled[row->kind])
            plan->errata |= unfixed & (1U << (row->number - 1));
    }
}

unsigned int
virLXCLandlockUnfixedErrata(const virLXCHost *host, unsigned int abi)
{
    unsigned int errata = 0;
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcLandlockErrata); i++) {
        const lxcLandlockErratum *row = &lxcLandlockErrata[i];

        if (abi >= row->abi)
            errata |= 1U << (row->number - 1);
    }
    return errata & ~host->landlockErrata;
}

void
virLXCLandlockPlanAddWarnings(const virLXCLandlockPlan *plan,
                              GPtrArray *warnings)
{
    g_autofree char *lost = virLXCLandlockLostNames(plan->lost);
    size_t i;

    if (lost)
        g_ptr_array_add(
            warnings, g_strdup_printf(
                          _("this kernel's Landlock cannot enforce these "
                            "rights, which mode='best-effort' gives up: %1$s"),
                          lost));

    if (plan->netFilter == VIR_LXC_LANDLOCK_NET_FILTER_IMPOSSIBLE)
        g_ptr_array_add(
            warnings,
            g_strdup(_("on this architecture, <net> of <landlock> can be "
                       "bypassed with MPTCP, SMC and TCP Fast Open")));

    for (i = 0; i < G_N_ELEMENTS(lxcLandlockErrata); i++) {
        const lxcLandlockErratum *row = &lxcLandlockErrata[i];

        if (plan->errata & (1U << (row->number - 1)))
            g_ptr_array_add(
                warnings,
                g_strdup_printf(_("this kernel does not report that Landlock "
                                  "erratum %1$u is fixed: %2$s"),
                                row->number, _(row->effect)));
    }
}

static bool
lxcLandlockPlanIsEmpty(const virLXCLandlockPlan *plan)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcLandlockHandledKinds); i++) {
        if (plan->handled[lxcLandlockHandledKinds[i]])
            return false;
    }
    return true;
}

static int
lxcLandlockCheckHost(const virLXCHost *host, GError **error)
{
    if (host->landlockABI > 0)
        return 0;

    if (host->landlockDisabled)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
            _("Landlock was disabled when this kernel was booted (it is "
              "missing from the kernel parameter 'lsm')"));

    return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
                          _("this kernel was built without Landlock"));
}

static int
lxcLandlockCheckLost(const virLXCLandlockPlan *plan,
                     const virLXCLandlockDef *def, const virLXCHost *host,
                     GError **error)
{
    g_autofree char *lost = virLXCLandlockLostNames(plan->lost);

    if (lost && def->mode == VIR_LXC_LANDLOCK_REQUIRED)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
            _("<landlock> requires ABI %1$u, but this kernel has ABI "
              "%2$u and cannot enforce: %3$s"),
            def->abi, host->landlockABI, lost);

    if (lxcLandlockPlanIsEmpty(plan))
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
            _("this kernel's Landlock ABI %1$u cannot enforce any of "
              "the rights that <landlock> restricts"),
            host->landlockABI);

    return 0;
}

static void
lxcLandlockPlanPathFree(gpointer opaque)
{
    virLXCLandlockPlanPath *path = opaque;

    g_free(path->target);
    g_free(path);
}

static void
lxcLandlockPlanPaths(virLXCLandlockPlan *plan, const virLXCLandlockDef *def)
{
    guint64 handled = plan->handled[VIR_LXC_LANDLOCK_FS];
    size_t i;

    for (i = 0; def->hasFS && i < def->paths->len; i++) {
        const virLXCLandlockPath *from = g_ptr_array_index(def->paths, i);
        virLXCLandlockPlanPath *path = g_new0(virLXCLandlockPlanPath, 1);

        path->target = g_strdup(from->target);
        path->allow = from->allow & handled;
        path->exact = from->exact & handled;
        path->skipMissing = from->skipMissing;
        g_ptr_array_add(plan->paths, path);
    }
}

static void
lxcLandlockPlanPorts(virLXCLandlockPlan *plan, const virLXCLandlockDef *def)
{
    guint64 handled = plan->handled[VIR_LXC_LANDLOCK_NET];
    size_t i;

    for (i = 0; def->hasNet && i < def->ports->len; i++) {
        const virLXCLandlockPort *from = g_ptr_array_index(def->ports, i);
        virLXCLandlockPlanPort *port = NULL;

        /* The kernel rejects rules that do not allow any handled right. */
        if (!(from->allow & handled))
            continue;

        port = g_new0(virLXCLandlockPlanPort, 1);
        port->protocol = from->protocol;
        port->number = from->number;
        port->allow = from->allow & handled;
        g_ptr_array_add(plan->ports, port);
    }
}

virLXCLandlockPlan *
virLXCLandlockPlanNew(const virLXCLandlockDef *def, const virLXCHost *host,
                      GError **error)
{
    g_autoptr(virLXCLandlockPlan) plan = NULL;

    if (lxcLandlockCheckHost(host, error) < 0)
        return NULL;

    plan = g_new0(virLXCLandlockPlan, 1);
    plan->refs = 1;
    plan->abi = MIN(def->abi, host->landlockABI);
    plan->paths = g_ptr_array_new_with_free_func(lxcLandlockPlanPathFree);
    plan->ports = g_ptr_array_new_with_free_func(g_free);

    lxcLandlockPlanKinds(plan, def);
    if (lxcLandlockCheckLost(plan, def, host, error) < 0)
        return NULL;

    plan->netFilter = virLXCLandlockNetFilterFor(
        plan->handled[VIR_LXC_LANDLOCK_NET], host->seccompArch);
    lxcLandlockPlanErrata(plan, host);
    lxcLandlockPlanPaths(plan, def);
    lxcLandlockPlanPorts(plan, def);
    return g_steal_pointer(&plan);
}

virLXCLandlockPlan *
virLXCLandlockPlanRef(virLXCLandlockPlan *plan)
{
    g_atomic_int_inc(&plan->refs);
    return plan;
}

void
virLXCLandlockPlanUnref(virLXCLandlockPlan *plan)
{
    if (!plan || !g_atomic_int_dec_and_test(&plan->refs))
        return;

    g_ptr_array_unref(plan->paths);
    g_ptr_array_unref(plan->ports);
    g_free(plan);
}
