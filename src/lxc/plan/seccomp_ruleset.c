/*
 * seccomp_ruleset.c: a seccomp policy resolved for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "seccomp_ruleset.h"

#include <errno.h>

static const virLXCSeccompAction lxcRefuse = {VIR_LXC_SECCOMP_ERRNO, EPERM};

virLXCSeccompRuleset *
virLXCSeccompRulesetEmpty(void)
{
    virLXCSeccompRuleset *ruleset = g_new0(virLXCSeccompRuleset, 1);

    ruleset->archs = g_ptr_array_new();
    ruleset->rules = virLXCSeccompRulesNew();
    ruleset->defaultAction = lxcRefuse;
    ruleset->unknown = lxcRefuse;
    ruleset->badArch = lxcRefuse;
    return ruleset;
}

bool
virLXCSeccompRulesetNames(const virLXCSeccompRuleset *ruleset, const char *name)
{
    for (guint i = 0; i < ruleset->rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(ruleset->rules, i);

        if (g_str_equal(rule->name, name))
            return true;
    }
    return false;
}

const virLXCSeccompAction *
virLXCSeccompRulesetFallback(const virLXCSeccompRuleset *ruleset,
                             const char *name)
{
    const virLXCSyscall *row = virLXCSyscallByName(name);
    bool known =
        (row && virLXCKernelVersionCompare(row->since, ruleset->kernel) <= 0);

    return known || virLXCSeccompRulesetNames(ruleset, name)
               ? &ruleset->defaultAction
               : &ruleset->unknown;
}

bool
virLXCSeccompRulesetUses(const virLXCSeccompRuleset *ruleset,
                         virLXCSeccompActionKind kind)
{
    if (ruleset->defaultAction.kind == kind || ruleset->unknown.kind == kind ||
        ruleset->badArch.kind == kind)
        return true;

    for (guint i = 0; i < ruleset->rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(ruleset->rules, i);

        if (rule->action.kind == kind)
            return true;
    }
    return false;
}

void
virLXCSeccompRulesetFree(virLXCSeccompRuleset *ruleset)
{
    if (!ruleset)
        return;

    g_ptr_array_unref(ruleset->archs);
    g_ptr_array_unref(ruleset->rules);
    g_free(ruleset->listenerPath);
    g_free(ruleset->listenerMetadata);
    g_free(ruleset);
}
