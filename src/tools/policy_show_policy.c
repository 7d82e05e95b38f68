/*
 * policy_show_policy.c: compare capabilities, no_new_privs, seccomp, Landlock
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a domain and a process. Out: rows of the table.
 */

#include "i18n.h"
#include "policy_plan.h"
#include "policy_show.h"
#include "prepare.h"
#include "xml.h"

/* The first digits tell filters apart. */
#define POLICY_DIGEST_DIGITS 12

#define POLICY_SECCOMP_FILTER 2

static const char *const lxcPolicySeccompModes[] = {"off", "strict", "filter"};

/* The shorter list: "chown kill", "all but sys_time", "none" or "all" */
static char *
lxcPolicyCapabilityNames(guint64 set, unsigned int last)
{
    GString *on = g_string_new(NULL);
    g_autoptr(GString) off = g_string_new(NULL);
    unsigned int count = 0;
    unsigned int i;

    for (i = 0; i <= last; i++) {
        g_autofree char *label = virLXCCapabilityLabel(i);
        bool has = set & VIR_LXC_CAPABILITY_BIT(i);

        count += has;
        g_string_append_printf(has ? on : off, " %s", label);
    }

    if (count == last + 1)
        g_string_assign(on, _(" all"));
    else if (count == 0)
        g_string_assign(on, _(" none"));
    else if (count > (last + 1) / 2)
        g_string_printf(on, _(" all but%1$s"), off->str);
    g_string_erase(on, 0, 1);
    return g_string_free(on, FALSE);
}

/* A process can drop capabilities, but never gets back what is not in its
 * bounding set. */
static virLXCPolicyVerdict
lxcPolicyCompareSets(guint64 expected, guint64 found)
{
    if (found == expected)
        return VIR_LXC_POLICY_OK;
    return found & ~expected ? VIR_LXC_POLICY_DIFFERS : VIR_LXC_POLICY_TIGHTER;
}

static void
lxcPolicyShowSet(virLXCPolicyShowData *data, const char *what,
                 virLXCPolicySet set, guint64 asked, guint64 effective)
{
    const virLXCPolicyProcess *process = data->process;
    unsigned int last = data->host.lastCap;
    guint64 known = G_MAXUINT64 >> (VIR_LXC_CAPABILITY_MAX - last);
    bool recorded = data->domain->live->capabilities.hasEffective;
    guint64 found = process ? process->sets[set] : 0;

    virLXCPolicyShowAdd(
        data, what, lxcPolicyCapabilityNames(asked, last),
        recorded ? lxcPolicyCapabilityNames(effective, last) : NULL,
        process ? lxcPolicyCapabilityNames(found, last) : NULL,
        lxcPolicyCompareSets((recorded ? effective : asked) & known, found));
}

/* Which sets init has: capabilities_plan.h */
static void
lxcPolicyShowCapabilities(virLXCPolicyShowData *data)
{
    const virLXCCapabilitiesDef *def = &data->domain->live->capabilities;
    const virLXCCapabilitiesPlan *plan = &data->capabilities;
    guint64 own = data->isRoot ? plan->bounding : plan->listed;
    guint64 bounding = data->isRoot ? plan->bounding : plan->boundingUser;
    guint64 passed = data->isRoot ? 0 : own;
    guint64 passedEffective = data->isRoot ? 0 : def->effective;
    /* What was recorded is the permitted set. */
    guint64 boundingEffective = def->policy == VIR_LXC_CAPABILITIES_POLICY_ALLOW
                                    ? bounding
                                    : def->effective;

    lxcPolicyShowSet(data, "effective capabilities",
                     VIR_LXC_POLICY_SET_EFFECTIVE, own, def->effective);
    lxcPolicyShowSet(data, "permitted capabilities",
                     VIR_LXC_POLICY_SET_PERMITTED, own, def->effective);
    lxcPolicyShowSet(data, "inheritable capabilities",
                     VIR_LXC_POLICY_SET_INHERITABLE, passed, passedEffective);
    lxcPolicyShowSet(data, "bounding capabilities", VIR_LXC_POLICY_SET_BOUNDING,
                     bounding,
                     data->isRoot ? def->effective : boundingEffective);
    lxcPolicyShowSet(data, "ambient capabilities", VIR_LXC_POLICY_SET_AMBIENT,
                     passed, passedEffective);
}

static char *
lxcPolicySwitchText(virLXCSwitch value)
{
    if (value == VIR_LXC_SWITCH_ABSENT)
        return NULL;
    return g_strdup(virLXCXMLSwitchName(value == VIR_LXC_SWITCH_ON));
}

static void
lxcPolicyShowNoNewPrivs(virLXCPolicyShowData *data)
{
    const virLXCConfinementDef *def = data->domain->live;
    bool found = data->process && data->process->noNewPrivs;
    bool expected = def->noNewPrivsEffective == VIR_LXC_SWITCH_ON ||
                    def->noNewPrivs == VIR_LXC_SWITCH_ON || def->landlock;
    virLXCPolicyVerdict verdict = VIR_LXC_POLICY_OK;

    if (found != expected)
        verdict = found ? VIR_LXC_POLICY_TIGHTER : VIR_LXC_POLICY_DIFFERS;

    virLXCPolicyShowAdd(
        data, "no_new_privs", lxcPolicySwitchText(def->noNewPrivs),
        lxcPolicySwitchText(def->noNewPrivsEffective),
        data->process ? g_strdup(virLXCXMLSwitchName(found)) : NULL, verdict);
}

static char *
lxcPolicyFilterText(const char *digest, size_t length)
{
    return g_strdup_printf(_("filter %1$.*2$s of %3$zu instructions"), digest,
                           POLICY_DIGEST_DIGITS, length);
}

/* The expected filter, or else the newest one */
static const virLXCPolicyFilter *
lxcPolicyChooseFilter(const GPtrArray *filters,
                      const virLXCPolicyFilter *expected)
{
    size_t i;

    for (i = 0; expected && i < filters->len; i++) {
        const virLXCPolicyFilter *filter = g_ptr_array_index(filters, i);

        if (filter->length == expected->length &&
            g_str_equal(filter->digest, expected->digest))
            return filter;
    }
    return filters->len > 0 ? g_ptr_array_index(filters, 0) : NULL;
}

/* @kernel is set to what the process has. More filters than one are never less
 * than one. */
static virLXCPolicyVerdict
lxcPolicyCompareFilter(pid_t pid, const virLXCPolicyFilter *expected,
                       char **kernel)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) filters = virLXCPolicyFiltersRead(pid, &error);
    const virLXCPolicyFilter *filter =
        filters ? lxcPolicyChooseFilter(filters, expected) : NULL;

    if (!filter) {
        *kernel = g_strdup_printf(_("filter (%1$s)"),
                                  error ? error->message : _("none"));
        return VIR_LXC_POLICY_UNKNOWN;
    }

    *kernel = lxcPolicyFilterText(filter->digest, filter->length);
    if (!expected)
        return VIR_LXC_POLICY_TIGHTER;
    if (filter->length != expected->length ||
        !g_str_equal(filter->digest, expected->digest))
        return VIR_LXC_POLICY_DIFFERS;
    return filters->len > 1 ? VIR_LXC_POLICY_TIGHTER : VIR_LXC_POLICY_OK;
}

/* A <net> of <landlock> needs a filter that is not recorded
 * (landlock_net_filter.h). */
static bool
lxcPolicyNeedsFilter(const virLXCPolicyShowData *data)
{
    const virLXCConfinementDef *def = data->domain->live;
    g_autoptr(virLXCLandlockPlan) plan =
        def->landlock ? virLXCLandlockPlanNew(def->landlock, &data->host, NULL)
                      : NULL;

    return def->seccomp ||
           (plan && plan->netFilter == VIR_LXC_LANDLOCK_NET_FILTER_RULES);
}

/* Where no filter is recorded, what the domain would get now. A filter that is
 * another one may still be that of an older version of this software. */
static virLXCPolicyVerdict
lxcPolicyCompareUnrecorded(const virLXCPolicyShowData *data, char **kernel)
{
    g_autoptr(virLXCPlan) plan = virLXCPolicyPlanNew(data->domain, NULL, NULL);
    g_autoptr(virLXCPrepared) prepared =
        plan ? virLXCPlanPrepare(plan, NULL, NULL) : NULL;
    virLXCPolicyFilter expected = {0};
    virLXCPolicyVerdict verdict;

    if (prepared && prepared->seccomp) {
        expected.length = prepared->seccomp->filter->length;
        expected.digest = prepared->seccomp->filter->digest;
    }

    verdict = lxcPolicyCompareFilter(
        data->process->pid, expected.digest ? &expected : NULL, kernel);
    return expected.digest && verdict != VIR_LXC_POLICY_DIFFERS
               ? verdict
               : VIR_LXC_POLICY_UNKNOWN;
}

static virLXCPolicyVerdict
lxcPolicyCompareSeccomp(const virLXCPolicyShowData *data,
                        const virLXCSeccompEffective *effective, char **kernel)
{
    unsigned int mode = data->process->seccomp;
    bool needed = lxcPolicyNeedsFilter(data);

    if (mode >= G_N_ELEMENTS(lxcPolicySeccompModes)) {
        *kernel = g_strdup_printf("%u", mode);
        return VIR_LXC_POLICY_UNKNOWN;
    }
    if (mode == POLICY_SECCOMP_FILTER) {
        virLXCPolicyFilter recorded = {0};

        if (needed && !effective)
            return lxcPolicyCompareUnrecorded(data, kernel);
        if (effective) {
            recorded.length = effective->instructions;
            recorded.digest = effective->digest;
        }
        return lxcPolicyCompareFilter(data->process->pid,
                                      effective ? &recorded : NULL, kernel);
    }

    *kernel = g_strdup(lxcPolicySeccompModes[mode]);
    return needed ? VIR_LXC_POLICY_DIFFERS : VIR_LXC_POLICY_OK;
}

static char *
lxcPolicySeccompAsked(const virLXCSeccompDef *def)
{
    const char *policy = def ? virLXCSeccompPolicyNames()[def->policy] : NULL;

    if (!def)
        return NULL;
    return def->profile ? g_strdup_printf(_("profile %1$s"), def->profile)
                        : g_strdup_printf(_("policy %1$s"), policy);
}

static void
lxcPolicyShowSeccomp(virLXCPolicyShowData *data)
{
    const virLXCSeccompDef *def = data->domain->live->seccomp;
    const virLXCSeccompEffective *effective = def ? def->effective : NULL;
    virLXCPolicyVerdict verdict = VIR_LXC_POLICY_NONE;
    char *kernel = NULL;

    if (data->process)
        verdict = lxcPolicyCompareSeccomp(data, effective, &kernel);

    virLXCPolicyShowAdd(data, "seccomp", lxcPolicySeccompAsked(def),
                        effective ? lxcPolicyFilterText(effective->digest,
                                                        effective->instructions)
                                  : NULL,
                        kernel, verdict);
}

static char *
lxcPolicyLandlockAsked(const virLXCLandlockDef *def)
{
    return g_strdup_printf(_("ABI %1$u %2$s%3$s%4$s%5$s"), def->abi,
                           virLXCLandlockModeNames()[def->mode],
                           def->hasFS ? " fs" : "", def->hasNet ? " net" : "",
                           def->hasScope ? " scope" : "");
}

static char *
lxcPolicyLandlockEffective(const virLXCLandlockEffective *effective)
{
    g_autofree char *lost = virLXCLandlockLostNames(effective->lost);

    return lost ? g_strdup_printf(_("ABI %1$u without %2$s"), effective->abi,
                                  lost)
                : g_strdup_printf(_("ABI %1$u"), effective->abi);
}

/* No file in /proc tells whether a process is under a ruleset. What must hold
 * if it is: landlock_restrict_self(2) is called with no_new_privs. */
static virLXCPolicyVerdict
lxcPolicyCompareLandlock(const virLXCPolicyShowData *data,
                         const virLXCLandlockDef *def)
{
    const virLXCLandlockEffective *effective = def ? def->effective : NULL;

    if (!def)
        return VIR_LXC_POLICY_OK;
    if ((data->process && !data->process->noNewPrivs) ||
        (effective && effective->abi > data->host.landlockABI))
        return VIR_LXC_POLICY_DIFFERS;
    return effective && data->isInit ? VIR_LXC_POLICY_UNREPORTED
                                     : VIR_LXC_POLICY_UNKNOWN;
}

static void
lxcPolicyShowLandlock(virLXCPolicyShowData *data)
{
    const virLXCLandlockDef *def = data->domain->live->landlock;

    virLXCPolicyShowAdd(
        data, "Landlock", def ? lxcPolicyLandlockAsked(def) : NULL,
        def && def->effective ? lxcPolicyLandlockEffective(def->effective)
                              : NULL,
        NULL, lxcPolicyCompareLandlock(data, def));
}

void
virLXCPolicyShowPolicy(virLXCPolicyShowData *data)
{
    lxcPolicyShowCapabilities(data);
    lxcPolicyShowNoNewPrivs(data);
    lxcPolicyShowSeccomp(data);
    lxcPolicyShowLandlock(data);
}
