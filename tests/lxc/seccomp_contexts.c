/*
 * seccomp_contexts.c: hosts and domains for tests of profiles
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "seccomp_contexts.h"

#include <string.h>

#include "capabilities_table.h"

static const char *const testArchs[] = {"x86_64",  "aarch64", "s390x",
                                        "riscv64", "ppc64le", "mips64el"};

static const char *const testSets[] = {"none", "docker", "default", "all"};

static const char testDocker[] =
    "audit_write chown dac_override fowner fsetid kill mknod net_bind_service "
    "net_raw setfcap setgid setpcap setuid sys_chroot";

static guint64
testTableBits(bool onlyKept)
{
    size_t nrows = 0;
    const virLXCCapability *rows = virLXCCapabilityTable(&nrows);
    guint64 bits = 0;
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (!onlyKept || rows[i].byDefault != VIR_LXC_CAPABILITY_DROPPED)
            bits |= VIR_LXC_CAPABILITY_BIT(rows[i].number);
    }
    return bits;
}

static guint64
testWordBits(const char *word)
{
    const virLXCCapability *row = virLXCCapabilityByName(word);

    if (g_str_equal(word, "none"))
        return 0;
    if (g_str_equal(word, "all"))
        return testTableBits(false);
    if (g_str_equal(word, "default"))
        return testTableBits(true);
    if (g_str_equal(word, "docker"))
        return testCapabilities(testDocker);
    if (!row)
        g_error("'%s' is not a capability", word);
    return VIR_LXC_CAPABILITY_BIT(row->number);
}

guint64
testCapabilities(const char *words)
{
    g_auto(GStrv) list = g_strsplit(words, " ", -1);
    guint64 bits = 0;
    size_t i;

    for (i = 0; list[i]; i++)
        bits |= testWordBits(list[i]);
    return bits;
}

static void
testContextsOfArch(GArray *contexts, const char *arch)
{
    virLXCSeccompContext context = {
        .native = virLXCSeccompArchByName(arch),
        .kernel = {6, 1},
    };
    size_t nrows = 0;
    const virLXCCapability *rows = virLXCCapabilityTable(&nrows);
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(testSets); i++) {
        context.capabilities = testCapabilities(testSets[i]);
        g_array_append_val(contexts, context);
    }
    for (i = 0; i < nrows; i++) {
        context.capabilities = VIR_LXC_CAPABILITY_BIT(rows[i].number);
        g_array_append_val(contexts, context);
    }
}

GArray *
testSeccompContexts(void)
{
    GArray *contexts = g_array_new(FALSE, FALSE, sizeof(virLXCSeccompContext));
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(testArchs); i++)
        testContextsOfArch(contexts, testArchs[i]);
    return contexts;
}

static void
testActionText(GString *out, const virLXCSeccompAction *action)
{
    const char *name = action->kind == VIR_LXC_SECCOMP_ERRNO
                           ? virLXCErrnoName(action->number)
                           : virLXCSeccompActionTable()[action->kind].name;

    g_string_append(out, name);
}

static void
testConditionText(GString *out, const virLXCSeccompCondition *condition)
{
    g_string_append_printf(out, " %u %s ", condition->index,
                           virLXCSeccompOperatorTable()[condition->op].name);
    if (condition->op == VIR_LXC_SECCOMP_MASKED_EQ)
        g_string_append_printf(out, "0x%" G_GINT64_MODIFIER "x ",
                               condition->mask);
    g_string_append_printf(out, "0x%" G_GINT64_MODIFIER "x", condition->value);
}

char *
testSeccompRuleText(const virLXCSeccompRule *rule)
{
    GString *out = g_string_new(NULL);
    size_t i;

    testActionText(out, &rule->action);
    for (i = 0; i < rule->conditions->len; i++) {
        g_string_append(out, i ? " and" : " if");
        testConditionText(
            out, &g_array_index(rule->conditions, virLXCSeccompCondition, i));
    }
    return g_string_free(out, FALSE);
}

char *
testSeccompVerdict(const virLXCSeccompRuleset *ruleset, const char *name)
{
    GString *out = g_string_new(NULL);
    size_t i;

    for (i = 0; i < ruleset->rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(ruleset->rules, i);
        g_autofree char *text = NULL;

        if (!g_str_equal(rule->name, name))
            continue;
        text = testSeccompRuleText(rule);
        g_string_append(out, text);
        if (rule->conditions->len == 0)
            return g_string_free(out, FALSE);
        g_string_append(out, "; ");
    }
    testActionText(out, &ruleset->defaultAction);
    return g_string_free(out, FALSE);
}
