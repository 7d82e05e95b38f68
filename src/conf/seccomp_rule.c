/*
 * seccomp_rule.c: <syscall> read from XML
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse. In: the <syscall> element. Out: a virLXCSeccompRule.
 */

#include "seccomp_rule.h"

#include <errno.h>
#include <string.h>

#include "i18n.h"
#include "number.h"
#include "seccomp_action.h"
#include "xml.h"

static int
lxcSeccompRequireNumber(const xmlNode *node, const char *name, guint64 *number,
                        GError **error)
{
    g_autofree char *text = virLXCXMLRequireAttribute(node, name, error);

    if (!text)
        return -1;

    if (virLXCNumber64FromString(text, number))
        return 0;

    return virLXCXMLSetValueError(
        node, name, error,
        _("a 64-bit number, in decimal or, after 0x, in hexadecimal"));
}

static int
lxcSeccompParseOperator(const xmlNode *node, virLXCSeccompOperator *op,
                        GError **error)
{
    const char *names[VIR_LXC_SECCOMP_OPERATORS + 1] = {NULL};
    unsigned int found = 0;
    size_t i;

    for (i = 0; i < VIR_LXC_SECCOMP_OPERATORS; i++)
        names[i] = virLXCSeccompOperatorTable()[i].name;

    if (virLXCXMLRequireEnum(node, "op", names, &found, error) < 0)
        return -1;

    *op = found;
    return 0;
}

static int
lxcSeccompParseMask(const xmlNode *node, virLXCSeccompCondition *condition,
                    GError **error)
{
    g_autofree char *text = virLXCXMLGetAttribute(node, "mask");

    if (condition->op == VIR_LXC_SECCOMP_MASKED_EQ)
        return lxcSeccompRequireNumber(node, "mask", &condition->mask, error);

    if (!text)
        return 0;

    return virLXCXMLSetError(node, error,
                             _("attribute 'mask' of <arg> requires operator "
                               "'masked-eq', not '%1$s'"),
                             virLXCSeccompOperatorTable()[condition->op].name);
}

static char *
lxcSeccompHex(guint64 number)
{
    return g_strdup_printf("0x%" G_GINT64_MODIFIER "x", number);
}

/* Only contradictions within one condition are detected. */
static int
lxcSeccompCheckPossible(const xmlNode *node,
                        const virLXCSeccompCondition *condition, GError **error)
{
    g_autofree char *value = lxcSeccompHex(condition->value);
    g_autofree char *mask = lxcSeccompHex(condition->mask);
    const char *op = virLXCSeccompOperatorTable()[condition->op].name;

    if (condition->op == VIR_LXC_SECCOMP_MASKED_EQ &&
        (condition->value & ~condition->mask) != 0)
        return virLXCXMLSetContradiction(
            node, error,
            _("<arg> can never match: its value %1$s has bits that its mask "
              "%2$s lacks"),
            value, mask);

    if ((condition->op == VIR_LXC_SECCOMP_LT && condition->value == 0) ||
        (condition->op == VIR_LXC_SECCOMP_GT &&
         condition->value == G_MAXUINT64))
        return virLXCXMLSetContradiction(
            node, error,
            _("<arg> can never match: no argument is '%1$s' %2$s when compared "
              "as an unsigned 64-bit number"),
            op, value);

    return 0;
}

/* Two conditions with the same key are equal. */
static char *
lxcSeccompConditionKey(const virLXCSeccompCondition *condition)
{
    return g_strdup_printf(
        " %u:%d:%" G_GINT64_MODIFIER "x:%" G_GINT64_MODIFIER "x",
        condition->index, condition->op, condition->value, condition->mask);
}

static int
lxcSeccompParseCondition(virLXCSeccompRule *rule, GHashTable *seen,
                         const xmlNode *node, GError **error)
{
    static const char *const attributes[] = {"index", "op", "value", "mask",
                                             NULL};
    virLXCSeccompCondition condition = {0};

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLCheckEmpty(node, error) < 0 ||
        virLXCXMLRequireNumber(node, "index", VIR_LXC_SECCOMP_ARGUMENTS - 1,
                               &condition.index, error) < 0 ||
        lxcSeccompParseOperator(node, &condition.op, error) < 0 ||
        lxcSeccompRequireNumber(node, "value", &condition.value, error) < 0 ||
        lxcSeccompParseMask(node, &condition, error) < 0 ||
        lxcSeccompCheckPossible(node, &condition, error) < 0)
        return -1;

    if (!g_hash_table_add(seen, lxcSeccompConditionKey(&condition)))
        return virLXCXMLSetError(
            node, error,
            _("condition on argument %1$u is listed twice in <syscall>"),
            condition.index);

    g_array_append_val(rule->conditions, condition);
    return 0;
}

static int
lxcSeccompParseConditions(virLXCSeccompRule *rule, const xmlNode *node,
                          GError **error)
{
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    xmlNode *child;

    for (child = xmlFirstElementChild((xmlNode *)node); child;
         child = xmlNextElementSibling(child)) {
        if (!virLXCXMLNodeIs(child, "arg"))
            return virLXCXMLSetUnexpected(child, error);
        if (lxcSeccompParseCondition(rule, seen, child, error) < 0)
            return -1;
    }

    return 0;
}

static char *
lxcSeccompParseCall(const xmlNode *node, GError **error)
{
    g_autofree char *name = virLXCXMLGetAttribute(node, "name");

    if (name && virLXCSyscallByName(name))
        return g_steal_pointer(&name);

    if (name)
        virLXCXMLSetError(
            node, error,
            _("unknown system call '%1$s' in attribute 'name' of <syscall>"),
            name);
    else
        virLXCXMLSetError(
            node, error, _("missing attribute 'name' or 'group' of <syscall>"));
    return NULL;
}

virLXCSeccompRule *
virLXCSeccompRuleParse(const xmlNode *node, GError **error)
{
    static const char *const attributes[] = {"name", "action", "errno", NULL};
    g_autoptr(virLXCSeccompRule) rule = NULL;
    g_autofree char *name = NULL;
    virLXCSeccompAction action = {0};

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLCheckNoText(node, error) < 0 ||
        !(name = lxcSeccompParseCall(node, error)) ||
        virLXCSeccompActionParse(node, EPERM, &action, error) < 0)
        return NULL;

    rule = virLXCSeccompRuleNew(name, action, (int)xmlGetLineNo(node));
    if (lxcSeccompParseConditions(rule, node, error) < 0)
        return NULL;

    return g_steal_pointer(&rule);
}

static gint
lxcSeccompCompareKeys(gconstpointer a, gconstpointer b)
{
    const char *const *left = a;
    const char *const *right = b;

    return strcmp(*left, *right);
}

/* Two rules with the same key are for the same call and have the same
 * conditions, in any order. */
static char *
lxcSeccompRuleKey(const virLXCSeccompRule *rule)
{
    g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
    GString *key = g_string_new(rule->name);
    size_t i;

    for (i = 0; i < rule->conditions->len; i++)
        g_ptr_array_add(keys,
                        lxcSeccompConditionKey(&g_array_index(
                            rule->conditions, virLXCSeccompCondition, i)));
    g_ptr_array_sort(keys, lxcSeccompCompareKeys);
    for (i = 0; i < keys->len; i++)
        g_string_append(key, g_ptr_array_index(keys, i));

    return g_string_free(key, FALSE);
}

int
virLXCSeccompRuleCheckReached(const virLXCSeccompRule *rule,
                              GHashTable *earlier, GError **error)
{
    g_autofree char *key = lxcSeccompRuleKey(rule);
    const virLXCSeccompRule *first = g_hash_table_lookup(earlier, key);

    if (!first)
        first = g_hash_table_lookup(earlier, rule->name);
    if (!first) {
        g_hash_table_insert(earlier, g_steal_pointer(&key), (void *)rule);
        return 0;
    }

    return virLXCSetErrorAtLine(
        error, VIR_LXC_CONFINEMENT_ERROR_INVALID, rule->line,
        first->conditions->len > 0
            ? _("<syscall name='%1$s'> (line %2$d) is never reached: the "
                "earlier one (line %3$d) has the same conditions")
            : _("<syscall name='%1$s'> (line %2$d) is never reached: the "
                "earlier one (line %3$d) has no conditions"),
        rule->name, rule->line, first->line);
}
