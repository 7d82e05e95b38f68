/*
 * seccomp_stability.c: whether two <seccomp> ask for the same
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: validate. In: two definitions. Out: the first difference.
 */

#include "seccomp_conf.h"

#include "stability.h"
#include "seccomp_action.h"

static char *
lxcSeccompActionText(bool present, virLXCSeccompAction action)
{
    g_autofree char *number = virLXCSeccompActionNumberText(action);
    const char *name = virLXCSeccompActionTable()[action.kind].name;

    if (!present)
        return NULL;

    return number ? g_strdup_printf("%s %s", name, number) : g_strdup(name);
}

static char *
lxcSeccompKernelText(const virLXCSeccompDef *def)
{
    if (!virLXCSeccompDefHasKernel(def))
        return NULL;

    return g_strdup_printf("%u.%u", def->kernel.major, def->kernel.minor);
}

static int
lxcSeccompCompareActions(const virLXCSeccompDef *src,
                         const virLXCSeccompDef *dst, GError **error)
{
    g_autofree char *denied = lxcSeccompActionText(src->hasDenied, src->denied);
    g_autofree char *deniedDst =
        lxcSeccompActionText(dst->hasDenied, dst->denied);
    g_autofree char *unknown =
        lxcSeccompActionText(src->hasUnknown, src->unknown);
    g_autofree char *unknownDst =
        lxcSeccompActionText(dst->hasUnknown, dst->unknown);
    g_autofree char *kernel = lxcSeccompKernelText(src);
    g_autofree char *kernelDst = lxcSeccompKernelText(dst);

    if (virLXCStabilityCompare("<denied>", denied, deniedDst, error) < 0 ||
        virLXCStabilityCompare("<unknown>", unknown, unknownDst, error) < 0)
        return -1;

    return virLXCStabilityCompare("attribute 'kernel' of <unknown>", kernel,
                                  kernelDst, error);
}

static bool
lxcSeccompHasArch(const virLXCSeccompDef *def, const virLXCSeccompArch *arch)
{
    guint i;

    for (i = 0; i < def->archs->len; i++) {
        if (g_array_index(def->archs, virLXCSeccompArchUse, i).arch == arch)
            return true;
    }

    return false;
}

static int
lxcSeccompCompareArchs(const virLXCSeccompDef *src, const virLXCSeccompDef *dst,
                       GError **error)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        g_autofree char *what =
            g_strdup_printf("<arch name='%s'>", rows[i].name);

        if (virLXCStabilityCompare(
                what, virLXCStabilityPresence(lxcSeccompHasArch(src, &rows[i])),
                virLXCStabilityPresence(lxcSeccompHasArch(dst, &rows[i])),
                error) < 0)
            return -1;
    }

    return 0;
}

static gint
lxcSeccompOrder(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

/* Conditions in an order of their own, since theirs does not count. */
static char *
lxcSeccompConditionsText(const virLXCSeccompRule *rule)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    guint i;

    for (i = 0; i < rule->conditions->len; i++) {
        const virLXCSeccompCondition *condition =
            &g_array_index(rule->conditions, virLXCSeccompCondition, i);
        g_autofree char *mask =
            condition->op == VIR_LXC_SECCOMP_MASKED_EQ
                ? g_strdup_printf(" 0x%" G_GINT64_MODIFIER "x", condition->mask)
                : g_strdup("");

        g_ptr_array_add(
            texts, g_strdup_printf(
                       "%u %s%s 0x%" G_GINT64_MODIFIER "x", condition->index,
                       virLXCSeccompOperatorTable()[condition->op].name, mask,
                       condition->value));
    }

    g_ptr_array_sort(texts, lxcSeccompOrder);
    g_ptr_array_add(texts, NULL);
    return g_strjoinv(", ", (char **)texts->pdata);
}

static void
lxcSeccompTextFree(gpointer text)
{
    g_string_free(text, TRUE);
}

/* Names of calls with the text of all their rules, in order. */
static GHashTable *
lxcSeccompRuleTexts(const virLXCSeccompDef *def)
{
    GHashTable *texts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
                                              lxcSeccompTextFree);
    guint i;

    for (i = 0; i < def->rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(def->rules, i);
        g_autofree char *action = lxcSeccompActionText(true, rule->action);
        g_autofree char *conditions = lxcSeccompConditionsText(rule);
        GString *text = g_hash_table_lookup(texts, rule->name);

        if (!text) {
            text = g_string_new(NULL);
            g_hash_table_insert(texts, rule->name, text);
        }
        g_string_append_printf(text, "%s%s", text->len ? "; " : "", action);
        if (conditions[0] != '\0')
            g_string_append_printf(text, " if %s", conditions);
    }

    return texts;
}

static int
lxcSeccompCompareCalls(const GPtrArray *rules, GHashTable *src, GHashTable *dst,
                       GError **error)
{
    guint i;

    for (i = 0; i < rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(rules, i);
        const GString *a = g_hash_table_lookup(src, rule->name);
        const GString *b = g_hash_table_lookup(dst, rule->name);
        g_autofree char *what =
            g_strdup_printf("<syscall name='%s'>", rule->name);

        if (virLXCStabilityCompare(what, a ? a->str : NULL, b ? b->str : NULL,
                                   error) < 0)
            return -1;
    }

    return 0;
}

/* All calls of the source, then those that only the destination has. */
static int
lxcSeccompCompareRules(const virLXCSeccompDef *src, const virLXCSeccompDef *dst,
                       GError **error)
{
    g_autoptr(GHashTable) a = lxcSeccompRuleTexts(src);
    g_autoptr(GHashTable) b = lxcSeccompRuleTexts(dst);

    if (lxcSeccompCompareCalls(src->rules, a, b, error) < 0)
        return -1;

    return lxcSeccompCompareCalls(dst->rules, a, b, error);
}

static int
lxcSeccompCompareSelf(const virLXCSeccompDef *src, const virLXCSeccompDef *dst,
                      GError **error)
{
    const char *const *policies = virLXCSeccompPolicyNames();

    if (virLXCStabilityCompare("attribute 'policy' of <seccomp>",
                               policies[src->policy], policies[dst->policy],
                               error) < 0 ||
        virLXCStabilityCompare("attribute 'profile' of <seccomp>", src->profile,
                               dst->profile, error) < 0)
        return -1;

    return virLXCStabilityCompare("attribute 'log' of <seccomp>",
                                  src->log ? "on" : "off",
                                  dst->log ? "on" : "off", error);
}

static int
lxcSeccompCompareListener(const virLXCSeccompDef *src,
                          const virLXCSeccompDef *dst, GError **error)
{
    if (virLXCStabilityCompare("<listener>", src->listenerPath,
                               dst->listenerPath, error) < 0)
        return -1;

    return virLXCStabilityCompare("attribute 'metadata' of <listener>",
                                  src->listenerMetadata, dst->listenerMetadata,
                                  error);
}

int
virLXCSeccompDefCheckABIStability(const virLXCSeccompDef *src,
                                  const virLXCSeccompDef *dst, GError **error)
{
    if (!src || !dst)
        return virLXCStabilityCompare("<seccomp>", virLXCStabilityPresence(src),
                                      virLXCStabilityPresence(dst), error);

    if (lxcSeccompCompareSelf(src, dst, error) < 0 ||
        lxcSeccompCompareActions(src, dst, error) < 0 ||
        lxcSeccompCompareArchs(src, dst, error) < 0 ||
        lxcSeccompCompareRules(src, dst, error) < 0)
        return -1;

    return lxcSeccompCompareListener(src, dst, error);
}
