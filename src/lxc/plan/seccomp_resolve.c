/*
 * seccomp_resolve.c: resolve <seccomp> for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the definition, and the profile on which it is based. Out: a ruleset,
 * with the rules of the definition before those of the profile, and those for
 * single calls before those of groups.
 */

#include "seccomp_resolve.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

#include "landlock_net_filter.h"
#include "oci_profile.h"
#include "seccomp_default.h"
#include "seccomp_shorthand_plan.h"

static const virLXCSeccompAction lxcRefuse = {VIR_LXC_SECCOMP_ERRNO, EPERM};
static const virLXCSeccompAction lxcLack = {VIR_LXC_SECCOMP_ERRNO, ENOSYS};
static const virLXCSeccompAction lxcAllow = {VIR_LXC_SECCOMP_ALLOW, 0};

/* Used if the definition does not name an administrator's profile. */
static virLXCSeccompRuleset *
lxcRulesetFromPolicy(const virLXCSeccompDef *def,
                     const virLXCSeccompContext *context)
{
    virLXCSeccompRuleset *ruleset = virLXCSeccompRulesetEmpty();

    g_ptr_array_add(ruleset->archs, (void *)context->native);
    ruleset->unknown = lxcLack;
    ruleset->kernel = (virLXCKernelVersion){VIR_LXC_SYSCALL_KERNEL_MAJOR,
                                            VIR_LXC_SYSCALL_KERNEL_MINOR};

    switch (def->policy) {
    case VIR_LXC_SECCOMP_POLICY_DEFAULT:
        virLXCSeccompDefaultAddRules(ruleset, context);
        break;
    case VIR_LXC_SECCOMP_POLICY_DENY:
        break;
    case VIR_LXC_SECCOMP_POLICY_ALLOW:
        ruleset->defaultAction = lxcAllow;
        ruleset->unknown = lxcAllow;
        break;
    }

    return ruleset;
}

static bool
lxcActionRefuses(const virLXCSeccompAction *action)
{
    return action->kind >= VIR_LXC_SECCOMP_ERRNO;
}

/* Other ABIs stay denied even if <denied> only logs calls in a trial run. */
static void
lxcRulesetSetBadArch(const virLXCSeccompDef *def, virLXCSeccompRuleset *ruleset)
{
    const virLXCSeccompAction *denied =
        def->hasDenied ? &def->denied : &ruleset->defaultAction;

    ruleset->badArch = lxcActionRefuses(denied) ? *denied : lxcRefuse;
}

static void
lxcRulesetSetActions(const virLXCSeccompDef *def, virLXCSeccompRuleset *ruleset)
{
    lxcRulesetSetBadArch(def, ruleset);

    if (def->hasDenied && ruleset->defaultAction.kind != VIR_LXC_SECCOMP_ALLOW)
        ruleset->defaultAction = def->denied;
    if (def->hasUnknown)
        ruleset->unknown = def->unknown;
    if (def->kernel.major > 0)
        ruleset->kernel = def->kernel;
    if (def->log)
        ruleset->flags |= VIR_LXC_SECCOMP_FLAG_LOG;
}

static void
lxcRulesetAddArchs(const virLXCSeccompDef *def, virLXCSeccompRuleset *ruleset)
{
    size_t i;

    for (i = 0; i < def->archs->len; i++) {
        const virLXCSeccompArchUse *use =
            &g_array_index(def->archs, virLXCSeccompArchUse, i);

        if (!g_ptr_array_find(ruleset->archs, use->arch, NULL))
            g_ptr_array_add(ruleset->archs, (void *)use->arch);
    }
}

static virLXCSeccompRule *
lxcRuleFromXML(const virLXCSeccompRule *rule)
{
    virLXCSeccompRule *copy =
        virLXCSeccompRuleNew(rule->name, rule->action, rule->line);

    g_array_unref(copy->conditions);
    copy->conditions = g_array_ref(rule->conditions);
    copy->origin = VIR_LXC_SECCOMP_ORIGIN_XML;
    return copy;
}

/* clone3(2) takes its flags from memory, where a filter cannot inspect them. C
 * libraries fall back to clone(2) on ENOSYS. A rule that refuses it with some
 * arguments says nothing about the others. */
static void
lxcRulesAddClone3(GPtrArray *rules)
{
    bool looksAtClone = false;
    size_t i;

    for (i = 0; i < rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(rules, i);

        if (g_str_equal(rule->name, "clone3") &&
            (rule->conditions->len == 0 || !lxcActionRefuses(&rule->action)))
            return;
        if (g_str_equal(rule->name, "clone") && rule->conditions->len > 0)
            looksAtClone = true;
    }

    if (looksAtClone)
        g_ptr_array_add(rules, virLXCSeccompRuleNew("clone3", lxcLack, 0));
}

/* Calls that are newer than the policy are left to <unknown>: they may have
 * been added to the group after the policy was written. */
static GPtrArray *
lxcRulesFromGroups(const virLXCSeccompDef *def, virLXCKernelVersion kernel)
{
    GPtrArray *rules = virLXCSeccompRulesNew();
    size_t nrows = 0;
    const virLXCSyscall *rows = virLXCSyscallTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        const virLXCSeccompGroup *use =
            virLXCSeccompDefFindGroup(def, rows[i].name);
        virLXCSeccompRule *rule = NULL;

        if (!use || virLXCKernelVersionCompare(rows[i].since, kernel) > 0)
            continue;
        rule = virLXCSeccompRuleNew(rows[i].name, use->action, use->line);
        rule->origin = VIR_LXC_SECCOMP_ORIGIN_XML;
        g_ptr_array_add(rules, rule);
    }
    return rules;
}

/* Moves the rules of @from to the end of @rules. */
static void
lxcRulesMove(GPtrArray *rules, GPtrArray *from)
{
    size_t i;

    g_ptr_array_set_free_func(from, NULL);
    for (i = 0; i < from->len; i++)
        g_ptr_array_add(rules, g_ptr_array_index(from, i));
}

/* The rules of the definition are first, so that they override the profile. */
static void
lxcRulesetAddRules(const virLXCSeccompDef *def,
                   const virLXCSeccompContext *context,
                   virLXCSeccompRuleset *ruleset)
{
    g_autoptr(GPtrArray) profile = ruleset->rules;
    g_autoptr(GPtrArray) later = lxcRulesFromGroups(def, ruleset->kernel);
    size_t i;

    lxcRulesMove(later, profile);
    ruleset->rules = virLXCSeccompRulesNew();
    for (i = 0; i < def->rules->len; i++)
        g_ptr_array_add(ruleset->rules,
                        lxcRuleFromXML(g_ptr_array_index(def->rules, i)));
    virLXCSeccompAddShorthand(def, context->native, later,
                              &ruleset->defaultAction, ruleset->rules);
    lxcRulesAddClone3(ruleset->rules);

    lxcRulesMove(ruleset->rules, later);
    lxcRulesAddClone3(ruleset->rules);
}

static void
lxcRuleAddMasked(virLXCSeccompRule *rule, unsigned int index, guint64 bits)
{
    virLXCSeccompCondition condition = {
        .index = index,
        .op = VIR_LXC_SECCOMP_MASKED_EQ,
        .value = bits,
        .mask = index == 0 ? G_MAXUINT32 : bits,
    };

    g_array_append_val(rule->conditions, condition);
}

/* A rule marks its call as known, but the rule on listeners does not mean that
 * the author of the policy knew the call. */
static void
lxcRulesetKeepUnknown(virLXCSeccompRuleset *ruleset, const char *name)
{
    const virLXCSeccompAction *fallback =
        virLXCSeccompRulesetFallback(ruleset, name);

    if (fallback == &ruleset->unknown)
        g_ptr_array_add(ruleset->rules,
                        virLXCSeccompRuleNew(name, *fallback, 0));
}

/* A listener installed by the container could override the agent or a trace
 * action: among equal actions, the kernel uses that of the newest filter, and
 * notify takes precedence over trace. While the agent listens, the kernel
 * rejects a second listener with EBUSY (seccomp(2)). This rule does the same
 * after the agent has exited. */
static void
lxcRulesetKeepListeners(virLXCSeccompRuleset *ruleset)
{
    const virLXCSeccompAction busy = {VIR_LXC_SECCOMP_ERRNO, EBUSY};
    virLXCSeccompRule *rule = NULL;

    if (!virLXCSeccompRulesetUses(ruleset, VIR_LXC_SECCOMP_NOTIFY) &&
        !virLXCSeccompRulesetUses(ruleset, VIR_LXC_SECCOMP_TRACE))
        return;

    virLXCSeccompRulesetIndex(ruleset);
    lxcRulesetKeepUnknown(ruleset, "seccomp");
    rule = virLXCSeccompRuleNew("seccomp", busy, 0);
    lxcRuleAddMasked(rule, 0, SECCOMP_SET_MODE_FILTER);
    lxcRuleAddMasked(rule, 1, SECCOMP_FILTER_FLAG_NEW_LISTENER);
    g_ptr_array_insert(ruleset->rules, 0, rule);
}

static void
lxcRulesetSetListener(const virLXCSeccompDef *def,
                      virLXCSeccompRuleset *ruleset)
{
    if (!def->listenerPath)
        return;

    g_free(ruleset->listenerPath);
    g_free(ruleset->listenerMetadata);
    ruleset->listenerPath = g_strdup(def->listenerPath);
    ruleset->listenerMetadata = g_strdup(def->listenerMetadata);
}

virLXCSeccompRuleset *
virLXCSeccompResolve(const virLXCSeccompDef *def,
                     const virLXCSeccompContext *context, const char *profile,
                     GError **error)
{
    g_autoptr(virLXCSeccompRuleset) ruleset = NULL;

    ruleset = profile ? virLXCOCIProfileParse(profile, strlen(profile),
                                              def->profile, context, error)
                      : lxcRulesetFromPolicy(def, context);
    if (!ruleset)
        return NULL;

    lxcRulesetAddArchs(def, ruleset);
    lxcRulesetSetActions(def, ruleset);
    lxcRulesetAddRules(def, context, ruleset);
    if (context->restrictsTCP)
        virLXCLandlockNetAddRules(ruleset->rules);
    lxcRulesetKeepListeners(ruleset);
    virLXCSeccompRulesetIndex(ruleset);
    lxcRulesetSetListener(def, ruleset);
    return g_steal_pointer(&ruleset);
}
