/*
 * oci_profile_args.c: parse argument conditions of a seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the args of a rule. Out: the conditions of one or more rules.
 */

#include "i18n.h"
#include "oci_profile_parts.h"

static int
lxcOCIOperatorParse(const virLXCJSON *value, virLXCSeccompOperator *op,
                    GError **error)
{
    const virLXCSeccompOperatorRow *rows = virLXCSeccompOperatorTable();
    const char *name = virLXCJSONGetString(value, error);
    size_t i;

    if (!name)
        return -1;

    for (i = 0; i < VIR_LXC_SECCOMP_OPERATORS; i++) {
        if (g_str_equal(rows[i].oci, name)) {
            *op = i;
            return 0;
        }
    }

    return virLXCJSONSetError(value, error, _("unknown operator '%1$s'"), name);
}

/* For MASKED_EQ, value is the mask and valueTwo the value to compare with. For
 * other operators, docker sets valueTwo to 0. */
static int
lxcOCISecondCheck(const virLXCJSON *second, virLXCSeccompOperator op,
                  guint64 value, guint64 *valueTwo, GError **error)
{
    if (virLXCJSONGetUnsigned(second, G_MAXUINT64, valueTwo, error) < 0)
        return -1;

    if (op == VIR_LXC_SECCOMP_MASKED_EQ && (*valueTwo & ~value))
        return virLXCJSONSetError(
            second, error,
            _("%1$s has bits outside of the mask, so no argument can match"),
            second->text);

    if (op != VIR_LXC_SECCOMP_MASKED_EQ && *valueTwo)
        return virLXCJSONSetError(
            second, error,
            _("%1$s is not used: only '%2$s' takes a second value"),
            second->text, "SCMP_CMP_MASKED_EQ");

    return 0;
}

static int
lxcOCIConditionParse(const virLXCJSON *arg, virLXCSeccompCondition *condition,
                     GError **error)
{
    static const char *const members[] = {"index", "value", "valueTwo", "op",
                                          NULL};
    const virLXCJSON *index;
    const virLXCJSON *first;
    const virLXCJSON *second;
    const virLXCJSON *op;
    guint64 number = 0;
    guint64 value = 0;
    guint64 valueTwo = 0;

    if (virLXCJSONCheckMembers(arg, members, error) < 0 ||
        !(index = virLXCJSONRequire(arg, "index", error)) ||
        !(first = virLXCJSONRequire(arg, "value", error)) ||
        !(op = virLXCJSONRequire(arg, "op", error)))
        return -1;

    second = virLXCJSONGet(arg, "valueTwo");
    if (virLXCJSONGetUnsigned(index, VIR_LXC_SECCOMP_ARGUMENTS - 1, &number,
                              error) < 0 ||
        virLXCJSONGetUnsigned(first, G_MAXUINT64, &value, error) < 0 ||
        lxcOCIOperatorParse(op, &condition->op, error) < 0 ||
        (second &&
         lxcOCISecondCheck(second, condition->op, value, &valueTwo, error) < 0))
        return -1;

    condition->index = number;
    condition->value = value;
    if (condition->op == VIR_LXC_SECCOMP_MASKED_EQ) {
        condition->mask = value;
        condition->value = valueTwo;
    }
    return 0;
}

static GArray *
lxcOCIConditionsNew(void)
{
    return g_array_new(FALSE, FALSE, sizeof(virLXCSeccompCondition));
}

/* Adds a separate rule for each condition of @all. */
static void
lxcOCISplit(const GArray *all, GPtrArray *rules)
{
    size_t i;

    for (i = 0; i < all->len; i++) {
        GArray *one = lxcOCIConditionsNew();

        g_array_append_val(one, g_array_index(all, virLXCSeccompCondition, i));
        g_ptr_array_add(rules, one);
    }
}

GPtrArray *
virLXCOCIArgsParse(const virLXCJSON *rule, GError **error)
{
    g_autoptr(GPtrArray) rules =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    g_autoptr(GArray) all = lxcOCIConditionsNew();
    unsigned int indexes = 0;
    bool repeated = false;
    const GPtrArray *args;
    size_t i;

    if (virLXCJSONGetList(rule, "args", &args, error) < 0)
        return NULL;

    for (i = 0; args && i < args->len; i++) {
        virLXCSeccompCondition condition = {0};

        if (lxcOCIConditionParse(g_ptr_array_index(args, i), &condition,
                                 error) < 0)
            return NULL;
        repeated = repeated || indexes & 1U << condition.index;
        indexes |= 1U << condition.index;
        g_array_append_val(all, condition);
    }

    if (repeated)
        lxcOCISplit(all, rules);
    else
        g_ptr_array_add(rules, g_steal_pointer(&all));
    return g_steal_pointer(&rules);
}
