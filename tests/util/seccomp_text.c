/*
 * seccomp_text.c: rulesets for people to read
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "seccomp_text.h"

static void
testAppendAction(GString *out, virLXCSeccompAction action)
{
    const virLXCSeccompActionRow *row =
        &virLXCSeccompActionTable()[action.kind];
    const char *name = virLXCErrnoName(action.number);

    g_string_append(out, row->name);
    if (action.kind == VIR_LXC_SECCOMP_ERRNO && name)
        g_string_append_printf(out, " %s", name);
    else if (row->takesErrno)
        g_string_append_printf(out, " %u", action.number);
}

static void
testAppendNamedAction(GString *out, const char *name,
                      virLXCSeccompAction action)
{
    g_string_append_printf(out, "  %s: ", name);
    testAppendAction(out, action);
    g_string_append_c(out, '\n');
}

static void
testAppendCondition(GString *out, const virLXCSeccompCondition *condition)
{
    const char *op = virLXCSeccompOperatorTable()[condition->op].name;

    g_string_append_printf(out, "%u %s 0x%llx", condition->index, op,
                           (unsigned long long)condition->value);
    if (condition->op == VIR_LXC_SECCOMP_MASKED_EQ)
        g_string_append_printf(out, " of 0x%llx",
                               (unsigned long long)condition->mask);
    else
        g_assert_cmphex(condition->mask, ==, 0);
}

static void
testAppendRule(GString *out, const virLXCSeccompRule *rule)
{
    size_t i;

    g_string_append_printf(out, "  %d: %s ", rule->line, rule->name);
    testAppendAction(out, rule->action);
    for (i = 0; i < rule->conditions->len; i++) {
        g_string_append(out, i == 0 ? " if " : " and ");
        testAppendCondition(
            out, &g_array_index(rule->conditions, virLXCSeccompCondition, i));
    }
    g_string_append_c(out, '\n');
}

static void
testAppendFlags(GString *out, unsigned int flags)
{
    size_t nrows = 0;
    const virLXCSeccompFlagRow *rows = virLXCSeccompFlagTable(&nrows);
    size_t i;

    g_string_append(out, "  flags:");
    for (i = 0; i < nrows; i++) {
        if (flags & rows[i].flag)
            g_string_append_printf(out, " %s", rows[i].oci);
        flags &= ~rows[i].flag;
    }
    g_assert_cmphex(flags, ==, 0);
    g_string_append_c(out, '\n');
}

char *
testSeccompRulesetText(const virLXCSeccompRuleset *ruleset)
{
    GString *out = g_string_new("  ABIs:");
    size_t i;

    for (i = 0; i < ruleset->archs->len; i++) {
        const virLXCSeccompArch *arch = g_ptr_array_index(ruleset->archs, i);

        g_string_append_printf(out, " %s", arch->name);
    }
    g_string_append_c(out, '\n');
    testAppendNamedAction(out, "defaultAction", ruleset->defaultAction);
    testAppendNamedAction(out, "unknown", ruleset->unknown);
    testAppendNamedAction(out, "badArch", ruleset->badArch);
    g_string_append_printf(out, "  kernel: %u.%u\n", ruleset->kernel.major,
                           ruleset->kernel.minor);
    testAppendFlags(out, ruleset->flags);
    if (ruleset->listenerPath)
        g_string_append_printf(
            out, "  listener: %s, %s\n", ruleset->listenerPath,
            ruleset->listenerMetadata ? ruleset->listenerMetadata : "no data");
    for (i = 0; i < ruleset->rules->len; i++)
        testAppendRule(out, g_ptr_array_index(ruleset->rules, i));

    return g_string_free(out, FALSE);
}
