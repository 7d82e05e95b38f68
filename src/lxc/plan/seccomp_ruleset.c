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

void
virLXCSeccompRulesetIndex(virLXCSeccompRuleset *ruleset)
{
    size_t i;

    if (ruleset->byName)
        g_hash_table_unref(ruleset->byName);
    ruleset->byName = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
                                            (GDestroyNotify)g_ptr_array_unref);

    for (i = 0; i < ruleset->rules->len; i++) {
        virLXCSeccompRule *rule = g_ptr_array_index(ruleset->rules, i);
        GPtrArray *same = g_hash_table_lookup(ruleset->byName, rule->name);

        if (!same) {
            same = g_ptr_array_new();
            g_hash_table_insert(ruleset->byName, rule->name, same);
        }
        g_ptr_array_add(same, rule);
    }
}

/* Without the index, no call would appear to have a rule. */
const GPtrArray *
virLXCSeccompRulesetFind(const virLXCSeccompRuleset *ruleset, const char *name)
{
    g_assert(ruleset->byName);
    return g_hash_table_lookup(ruleset->byName, name);
}

bool
virLXCSeccompRulesetNames(const virLXCSeccompRuleset *ruleset, const char *name)
{
    return virLXCSeccompRulesetFind(ruleset, name);
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
    size_t i;

    if (ruleset->defaultAction.kind == kind || ruleset->unknown.kind == kind ||
        ruleset->badArch.kind == kind)
        return true;

    for (i = 0; i < ruleset->rules->len; i++) {
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

    if (ruleset->byName)
        g_hash_table_unref(ruleset->byName);
    g_ptr_array_unref(ruleset->archs);
    g_ptr_array_unref(ruleset->rules);
    g_free(ruleset->listenerPath);
    g_free(ruleset->listenerMetadata);
    g_free(ruleset);
}
