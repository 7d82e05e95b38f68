/*
 * seccomp_plan.c: check a resolved <seccomp> against a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the definition, the profile that it names, and a host. Out: the rules of
 * the filter, or an error if the host does not support them or the policy is
 * invalid.
 */

#include "seccomp_plan.h"

#include "error.h"
#include "i18n.h"
#include "seccomp_resolve.h"

static int
lxcSeccompCheckActions(const virLXCSeccompRuleset *ruleset,
                       const virLXCHost *host, GError **error)
{
    const virLXCSeccompActionRow *rows = virLXCSeccompActionTable();
    size_t i;

    if (host->seccompActions == 0)
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
                              _("the kernel of this host does not support "
                                "seccomp filters, which <seccomp> and <net> of "
                                "<landlock> require"));

    for (i = 0; i < VIR_LXC_SECCOMP_ACTIONS; i++) {
        if (virLXCSeccompRulesetUses(ruleset, i) &&
            !(host->seccompActions & (1U << i)))
            return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
                                  _("the kernel of this host does not support "
                                    "action '%1$s', which <seccomp> uses"),
                                  rows[i].name);
    }
    return 0;
}

static int
lxcSeccompCheckFlags(const virLXCSeccompRuleset *ruleset,
                     const virLXCHost *host, GError **error)
{
    unsigned int missing = ruleset->flags & ~host->seccompFlags;
    size_t nrows = 0;
    const virLXCSeccompFlagRow *rows = virLXCSeccompFlagTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (missing & rows[i].flag)
            return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
                                  _("the kernel of this host does not support "
                                    "flag '%1$s', which <seccomp> uses"),
                                  rows[i].oci);
    }
    return 0;
}

static int
lxcSeccompCheckListener(const virLXCSeccompDef *def,
                        const virLXCSeccompRuleset *ruleset, GError **error)
{
    bool notifies = virLXCSeccompRulesetUses(ruleset, VIR_LXC_SECCOMP_NOTIFY);

    if (notifies && !ruleset->listenerPath)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
            _("<seccomp> uses action 'notify', but neither <listener> nor the "
              "profile names an agent's socket"));

    if (!notifies && def->listenerPath)
        return virLXCSetErrorAtLine(
            error, VIR_LXC_CONFINEMENT_ERROR_INVALID, def->listenerLine,
            _("<listener> has no effect: neither <seccomp> nor its profile "
              "uses action 'notify' (line %1$d)"),
            def->listenerLine);

    if (!notifies && ruleset->flags & VIR_LXC_SECCOMP_FLAG_WAIT_KILLABLE_RECV)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
            _("<seccomp> uses flag '%1$s', which requires action 'notify'"),
            "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");

    return 0;
}

/* Returns whether the call is executed, or may be allowed by an agent. */
static bool
lxcSeccompPermits(const virLXCSeccompAction *action)
{
    return action->kind == VIR_LXC_SECCOMP_ALLOW ||
           action->kind == VIR_LXC_SECCOMP_LOG ||
           action->kind == VIR_LXC_SECCOMP_NOTIFY;
}

/* The line is one of the XML document or of the profile, depending on the
 * origin of the rule. */
static int
lxcSeccompRefusesExec(const virLXCSeccompDef *def,
                      const virLXCSeccompRule *rule, GError **error)
{
    const char *name = virLXCSeccompActionTable()[rule->action.kind].name;

    if (rule->origin == VIR_LXC_SECCOMP_ORIGIN_XML)
        return virLXCSetErrorAtLine(
            error, VIR_LXC_CONFINEMENT_ERROR_INVALID, rule->line,
            _("init could not be executed: <seccomp> has action '%1$s' for "
              "system call 'execve' (line %2$d)"),
            name, rule->line);

    return virLXCSetError(
        error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
        _("init could not be executed: seccomp profile '%1$s' has action "
          "'%2$s' for system call 'execve' (line %3$d)"),
        def->profile ? def->profile : "default", name, rule->line);
}

static int
lxcSeccompRefusesUnlistedExec(const virLXCSeccompAction *action, GError **error)
{
    const char *name = virLXCSeccompActionTable()[action->kind].name;

    return virLXCSetError(
        error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
        _("init could not be executed: <seccomp> has no rule for system call "
          "'execve', and its default action is '%1$s'"),
        name);
}

/* The filter is loaded before init is executed. Conditions on pointers are
 * meaningless, so none of the possible actions may deny execve(2). */
static int
lxcSeccompCheckExec(const virLXCSeccompDef *def,
                    const virLXCSeccompRuleset *ruleset, GError **error)
{
    const GPtrArray *rules = virLXCSeccompRulesetFind(ruleset, "execve");
    const virLXCSeccompAction *fallback = NULL;
    size_t i;

    for (i = 0; rules && i < rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(rules, i);

        if (!lxcSeccompPermits(&rule->action))
            return lxcSeccompRefusesExec(def, rule, error);
        if (rule->conditions->len == 0)
            return 0;
    }

    fallback = virLXCSeccompRulesetFallback(ruleset, "execve");
    return lxcSeccompPermits(fallback)
               ? 0
               : lxcSeccompRefusesUnlistedExec(fallback, error);
}

static int
lxcSeccompCheckArchs(const virLXCSeccompDef *def, const virLXCHost *host,
                     GError **error)
{
    const char *native = host->seccompArch->name;
    size_t i;

    for (i = 0; i < def->archs->len; i++) {
        const virLXCSeccompArchUse *use =
            &g_array_index(def->archs, virLXCSeccompArchUse, i);

        if (!virLXCSeccompArchRunsOn(use->arch, host->seccompArch))
            return virLXCSetErrorAtLine(
                error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED, use->line,
                _("architecture '%1$s' in <seccomp> cannot run on a host of "
                  "architecture '%2$s' (line %3$d)"),
                use->arch->name, native, use->line);
    }
    return 0;
}

/* Errors that do not depend on the host are checked first. */
static int
lxcSeccompCheck(const virLXCSeccompDef *def,
                const virLXCSeccompRuleset *ruleset, const virLXCHost *host,
                GError **error)
{
    if (lxcSeccompCheckExec(def, ruleset, error) < 0 ||
        lxcSeccompCheckListener(def, ruleset, error) < 0 ||
        lxcSeccompCheckArchs(def, host, error) < 0 ||
        lxcSeccompCheckActions(ruleset, host, error) < 0 ||
        lxcSeccompCheckFlags(ruleset, host, error) < 0)
        return -1;
    return 0;
}

virLXCSeccompDef *
virLXCSeccompDefAllowAll(const virLXCSeccompArch *native)
{
    size_t nrows;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    virLXCSeccompDef *def = virLXCSeccompDefNew();
    size_t i;

    def->policy = VIR_LXC_SECCOMP_POLICY_ALLOW;
    for (i = 0; i < nrows; i++) {
        const virLXCSeccompArchUse use = {.arch = &rows[i]};

        if (virLXCSeccompArchRunsOn(&rows[i], native))
            g_array_append_val(def->archs, use);
    }
    return def;
}

virLXCSeccompPlan *
virLXCSeccompPlanNew(const virLXCSeccompDef *def, const virLXCHost *host,
                     const char *profile, guint64 capabilities,
                     bool restrictsTCP, GError **error)
{
    g_autoptr(virLXCSeccompRuleset) ruleset = NULL;
    g_autoptr(virLXCSeccompDef) allowAll = NULL;
    virLXCSeccompPlan *plan = NULL;
    virLXCSeccompContext context = {
        .native = host->seccompArch,
        .capabilities = capabilities,
        .kernel = host->kernel,
        .restrictsTCP = restrictsTCP,
    };

    if (!context.native) {
        virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
            _("seccomp filters, which <seccomp> and <net> of <landlock> "
              "require, do not support the architecture of this host"));
        return NULL;
    }
    if (!def) {
        /* Programs of other architectures run as they do without a filter. */
        allowAll = virLXCSeccompDefAllowAll(context.native);
        def = allowAll;
    }

    ruleset = virLXCSeccompResolve(def, &context, profile, error);
    if (!ruleset || lxcSeccompCheck(def, ruleset, host, error) < 0)
        return NULL;

    plan = g_new0(virLXCSeccompPlan, 1);
    plan->refs = 1;
    plan->notifies = virLXCSeccompRulesetUses(ruleset, VIR_LXC_SECCOMP_NOTIFY);
    plan->ruleset = g_steal_pointer(&ruleset);
    return plan;
}

virLXCSeccompPlan *
virLXCSeccompPlanRef(virLXCSeccompPlan *plan)
{
    g_atomic_int_inc(&plan->refs);
    return plan;
}

void
virLXCSeccompPlanUnref(virLXCSeccompPlan *plan)
{
    if (!plan || !g_atomic_int_dec_and_test(&plan->refs))
        return;

    virLXCSeccompRulesetFree(plan->ruleset);
    g_free(plan);
}
