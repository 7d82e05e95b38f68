/*
 * seccomp_default.c: the built-in seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the table of groups, and the properties of host and domain. Out: the
 * rules that apply to them.
 */

#include "seccomp_default.h"

#include "seccomp_default_table.h"

/* Denied calls do not get a rule, so that <denied> determines their action. */
static bool
lxcSeccompGroupHolds(const virLXCSeccompDefaultGroup *group,
                     const virLXCSeccompContext *context)
{
    const char *arch = context->native->name;

    return !group->denied &&
           (!group->with || (group->with & context->capabilities)) &&
           !(group->without & context->capabilities) &&
           (!group->archs || g_strv_contains(group->archs, arch)) &&
           (!group->notArchs || !g_strv_contains(group->notArchs, arch));
}

void
virLXCSeccompDefaultAddRules(virLXCSeccompRuleset *ruleset,
                             const virLXCSeccompContext *context)
{
    size_t ngroups = 0;
    const virLXCSeccompDefaultGroup *groups =
        virLXCSeccompDefaultGroups(&ngroups);
    size_t i;

    for (i = 0; i < ngroups; i++) {
        const virLXCSeccompDefaultGroup *group = &groups[i];
        size_t j;

        if (!lxcSeccompGroupHolds(group, context))
            continue;

        for (j = 0; group->names[j]; j++) {
            virLXCSeccompRule *rule =
                virLXCSeccompRuleNew(group->names[j], group->action, 0);

            g_array_append_vals(rule->conditions, group->conditions,
                                group->nconditions);
            g_ptr_array_add(ruleset->rules, rule);
        }
    }
}
