/*
 * import_rules.c: put the rules of a seccomp profile into an order
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the rules of a document, for which libseccomp does not define an order.
 * Out: rules of which the first that matches applies, as in <seccomp>.
 */

#include "i18n.h"
#include "import_private.h"

/* Whether an argument that is equal to @value satisfies @condition. */
static bool
lxcConditionHolds(const virLXCSeccompCondition *condition, guint64 value)
{
    switch (condition->op) {
    case VIR_LXC_SECCOMP_EQ:
        return value == condition->value;
    case VIR_LXC_SECCOMP_NE:
        return value != condition->value;
    case VIR_LXC_SECCOMP_LT:
        return value < condition->value;
    case VIR_LXC_SECCOMP_LE:
        return value <= condition->value;
    case VIR_LXC_SECCOMP_GT:
        return value > condition->value;
    case VIR_LXC_SECCOMP_GE:
        return value >= condition->value;
    case VIR_LXC_SECCOMP_MASKED_EQ:
        return (value & condition->mask) == condition->value;
    }
    return true;
}

/* Whether it is certain that no argument satisfies both conditions. */
static bool
lxcConditionsExclude(const virLXCSeccompCondition *a,
                     const virLXCSeccompCondition *b)
{
    if (a->index != b->index)
        return false;
    if (a->op == VIR_LXC_SECCOMP_EQ)
        return !lxcConditionHolds(b, a->value);
    if (b->op == VIR_LXC_SECCOMP_EQ)
        return !lxcConditionHolds(a, b->value);
    return a->op == VIR_LXC_SECCOMP_MASKED_EQ &&
           b->op == VIR_LXC_SECCOMP_MASKED_EQ &&
           (a->value ^ b->value) & a->mask & b->mask;
}

/* Whether it is certain that no call matches both rules. */
static bool
lxcRulesExclude(const virLXCSeccompRule *a, const virLXCSeccompRule *b)
{
    size_t i;
    size_t j;

    for (i = 0; i < a->conditions->len; i++) {
        for (j = 0; j < b->conditions->len; j++) {
            if (lxcConditionsExclude(
                    &g_array_index(a->conditions, virLXCSeccompCondition, i),
                    &g_array_index(b->conditions, virLXCSeccompCondition, j)))
                return true;
        }
    }
    return false;
}

static bool
lxcConditionNeverHolds(const virLXCSeccompCondition *condition)
{
    return (condition->op == VIR_LXC_SECCOMP_LT && condition->value == 0) ||
           (condition->op == VIR_LXC_SECCOMP_GT &&
            condition->value == G_MAXUINT64) ||
           (condition->op == VIR_LXC_SECCOMP_MASKED_EQ &&
            condition->value & ~condition->mask);
}

static bool
lxcRuleNeverApplies(const virLXCSeccompRule *rule)
{
    size_t i;

    for (i = 0; i < rule->conditions->len; i++) {
        if (lxcConditionNeverHolds(
                &g_array_index(rule->conditions, virLXCSeccompCondition, i)))
            return true;
    }
    return false;
}

static bool
lxcConditionsEqual(const virLXCSeccompCondition *a,
                   const virLXCSeccompCondition *b)
{
    return a->index == b->index && a->op == b->op && a->value == b->value &&
           a->mask == b->mask;
}

/* Whether all conditions of @a are conditions of @b, so that @a matches every
 * call that @b matches. */
static bool
lxcRuleCovers(const virLXCSeccompRule *a, const virLXCSeccompRule *b)
{
    size_t i;
    size_t j;

    for (i = 0; i < a->conditions->len; i++) {
        bool found = false;

        for (j = 0; j < b->conditions->len && !found; j++)
            found = lxcConditionsEqual(
                &g_array_index(a->conditions, virLXCSeccompCondition, i),
                &g_array_index(b->conditions, virLXCSeccompCondition, j));
        if (!found)
            return false;
    }
    return true;
}

/* Removes repeated conditions, which <syscall> cannot have. */
static void
lxcRuleSimplify(virLXCSeccompRule *rule)
{
    size_t i;
    size_t j;

    for (i = 0; i < rule->conditions->len; i++) {
        for (j = rule->conditions->len - 1; j > i; j--) {
            if (lxcConditionsEqual(
                    &g_array_index(rule->conditions, virLXCSeccompCondition, i),
                    &g_array_index(rule->conditions, virLXCSeccompCondition,
                                   j)))
                g_array_remove_index(rule->conditions, (guint)j);
        }
    }
}

/* Sets @first and @second to two rules of which the looser one comes first,
 * although the same call may match both. */
static bool
lxcRulesFindConflict(const GPtrArray *same, const virLXCSeccompRule **first,
                     const virLXCSeccompRule **second)
{
    size_t i;
    size_t j;

    for (i = 0; i < same->len; i++) {
        for (j = i + 1; j < same->len; j++) {
            *first = g_ptr_array_index(same, i);
            *second = g_ptr_array_index(same, j);
            if ((*first)->action.kind < (*second)->action.kind &&
                !lxcRulesExclude(*first, *second))
                return true;
        }
    }
    return false;
}

/* Moves the rules of @same to @sorted, the strictest first and otherwise in
 * their order. */
static void
lxcRulesSort(GPtrArray *same, GPtrArray *sorted)
{
    int kind;
    size_t i;

    for (kind = VIR_LXC_SECCOMP_ACTIONS - 1; kind >= 0; kind--) {
        for (i = 0; i < same->len; i++) {
            virLXCSeccompRule *rule = g_ptr_array_index(same, i);

            if ((int)rule->action.kind == kind)
                g_ptr_array_add(sorted, rule);
        }
    }
    g_ptr_array_set_size(same, 0);
}

static void
lxcRulesOrder(virLXCImport *import, const char *file, GPtrArray *same)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    const virLXCSeccompRule *first = NULL;
    const virLXCSeccompRule *second = NULL;
    size_t i;

    if (!lxcRulesFindConflict(same, &first, &second))
        return;

    virLXCImportAdd(import, false, file, second->line, second->name,
                    _("the rule precedes the looser one in line %1$d, because "
                      "libseccomp does not define which of them applies"),
                    first->line);
    lxcRulesSort(same, sorted);
    for (i = 0; i < sorted->len; i++)
        g_ptr_array_add(same, g_ptr_array_index(sorted, i));
}

/* Adds a rule unless an earlier one matches whatever it matches. */
static void
lxcRulesAdd(virLXCSeccompDef *def, size_t first, virLXCSeccompRule *rule)
{
    size_t i;

    for (i = first; i < def->rules->len; i++) {
        if (lxcRuleCovers(g_ptr_array_index(def->rules, i), rule)) {
            virLXCSeccompRuleFree(rule);
            return;
        }
    }
    g_ptr_array_add(def->rules, rule);
}

/* Appends the rules for each call to @order, which has one array for each. */
static void
lxcRulesGroup(virLXCImport *import, const char *file, const GPtrArray *rules,
              GPtrArray *order)
{
    g_autoptr(GHashTable) byName = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i;

    for (i = 0; i < rules->len; i++) {
        virLXCSeccompRule *rule = g_ptr_array_index(rules, i);
        GPtrArray *same = g_hash_table_lookup(byName, rule->name);

        if (lxcRuleNeverApplies(rule)) {
            virLXCImportAdd(import, false, file, rule->line, rule->name,
                            _("the conditions of the rule never hold, so it "
                              "is left out"));
            virLXCSeccompRuleFree(rule);
            continue;
        }
        if (!same) {
            same = g_ptr_array_new();
            g_hash_table_insert(byName, rule->name, same);
            g_ptr_array_add(order, same);
        }
        lxcRuleSimplify(rule);
        g_ptr_array_add(same, rule);
    }
}

/* If a rule depends on the flags of clone(2), <seccomp> lets clone3(2) fail
 * with ENOSYS unless there is a rule for it. That must not be looser than the
 * default action. */
static void
lxcRulesAddClone3(virLXCSeccompDef *def)
{
    const virLXCSeccompAction action = def->denied;
    bool hasConditions = false;
    size_t i;

    if (!def->hasDenied || action.kind <= VIR_LXC_SECCOMP_ERRNO)
        return;

    for (i = 0; i < def->rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(def->rules, i);

        if (g_str_equal(rule->name, "clone3"))
            return;
        if (g_str_equal(rule->name, "clone") && rule->conditions->len > 0)
            hasConditions = true;
    }

    if (hasConditions)
        g_ptr_array_add(def->rules, virLXCSeccompRuleNew("clone3", action, 0));
}

void
virLXCImportSeccompRules(virLXCImport *import, const char *file,
                         virLXCSeccompDef *def, GPtrArray *rules)
{
    g_autoptr(GPtrArray) order =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    size_t i;
    size_t j;

    g_ptr_array_set_free_func(rules, NULL);
    lxcRulesGroup(import, file, rules, order);
    g_ptr_array_set_size(rules, 0);

    for (i = 0; i < order->len; i++) {
        GPtrArray *same = g_ptr_array_index(order, i);
        size_t first = def->rules->len;

        lxcRulesOrder(import, file, same);
        for (j = 0; j < same->len; j++)
            lxcRulesAdd(def, first, g_ptr_array_index(same, j));
    }

    lxcRulesAddClone3(def);
}
