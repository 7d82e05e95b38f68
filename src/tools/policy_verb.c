/*
 * policy_verb.c: the table of verbs
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "policy_verb.h"

#include "i18n.h"

static const virLXCPolicyVerb lxcPolicyVerbs[] = {
    {
        .name = "check",
        .arguments = N_("DOMAIN|FILE"),
        .summary = N_("tell whether a domain would start, and how confined"),
        .min = 1,
        .max = 1,
        .options = virLXCPolicyCheckOptions,
        .run = virLXCPolicyCheck,
    },
    {
        .name = "compare",
        .arguments = N_("DOMAIN|FILE DOMAIN|FILE"),
        .summary = N_("is the second policy at least as tight as the first?"),
        .min = 2,
        .max = 2,
        .options = virLXCPolicyCompareOptions,
        .run = virLXCPolicyCompare,
    },
    {
        .name = "groups",
        .arguments = N_("[GROUP]"),
        .summary = N_("list the groups of system calls, or the calls of one"),
        .min = 0,
        .max = 1,
        .run = virLXCPolicyGroups,
    },
    {
        .name = "import",
        .arguments = N_("FILE"),
        .summary = N_("convert a policy of other software to domain XML"),
        .min = 1,
        .max = 1,
        .options = virLXCPolicyImportOptions,
        .run = virLXCPolicyImport,
    },
    {
        .name = "score",
        .arguments = N_("DOMAIN|FILE"),
        .summary = N_("how exposed is the host, and what would help most?"),
        .min = 1,
        .max = 1,
        .options = virLXCPolicyScoreOptions,
        .run = virLXCPolicyScore,
    },
    {
        .name = "show",
        .arguments = N_("DOMAIN|FILE"),
        .summary = N_("compare a domain with what the kernel reports of it"),
        .min = 1,
        .max = 1,
        .options = virLXCPolicyShowOptions,
        .run = virLXCPolicyShow,
    },
};

const virLXCPolicyVerb *
virLXCPolicyVerbs(size_t *nrows)
{
    *nrows = G_N_ELEMENTS(lxcPolicyVerbs);
    return lxcPolicyVerbs;
}
