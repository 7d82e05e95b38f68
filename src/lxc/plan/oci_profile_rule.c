/*
 * oci_profile_rule.c: parse rules of a seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: an object of syscalls. Out: rules for each call that it names.
 */

#include "i18n.h"
#include "oci_profile.h"
#include "oci_profile_parts.h"

/* Older profiles of docker use "name" instead of "names". */
static int
lxcOCINamesGet(const virLXCJSON *rule, const GPtrArray **names, GError **error)
{
    const virLXCJSON *name = virLXCJSONGet(rule, "name");

    *names = NULL;
    if (virLXCJSONGetList(rule, "names", names, error) < 0)
        return -1;

    if (name && *names)
        return virLXCJSONSetError(name, error,
                                  _("'%1$s' and '%2$s' are mutually exclusive"),
                                  "name", "names");

    if (!name && (!*names || (*names)->len == 0))
        return virLXCJSONSetError(
            rule, error, _("'%1$s' does not name any system call"), "names");

    return 0;
}

/* The process that passes on the listener may itself be under the filter. The
 * specification names write as an example. */
static int
lxcOCICallCheck(const virLXCJSON *value, virLXCSeccompAction action,
                virLXCKernelVersion *kernel, GError **error)
{
    const char *name = virLXCJSONGetString(value, error);
    const virLXCSyscall *row;

    if (!name)
        return -1;

    if (!(row = virLXCSyscallByName(name)))
        return virLXCJSONSetError(value, error, _("unknown system call '%1$s'"),
                                  name);

    if (action.kind == VIR_LXC_SECCOMP_NOTIFY && g_str_equal(name, "write"))
        return virLXCJSONSetError(value, error,
                                  _("'%1$s' cannot be notified: passing on the "
                                    "listener may take this system call"),
                                  name);

    if (virLXCKernelVersionCompare(row->since, *kernel) > 0)
        *kernel = row->since;
    return 0;
}

/* Appends a rule for each element of @conditions. */
static void
lxcOCIRulesAppend(const virLXCJSON *name, virLXCSeccompAction action,
                  const GPtrArray *conditions, GPtrArray *rules)
{
    size_t i;

    for (i = 0; i < conditions->len; i++) {
        const GArray *all = g_ptr_array_index(conditions, i);
        virLXCSeccompRule *rule =
            virLXCSeccompRuleNew(name->text, action, name->line);

        rule->origin = VIR_LXC_SECCOMP_ORIGIN_PROFILE;
        if (all->len > 0)
            g_array_append_vals(rule->conditions, all->data, all->len);
        g_ptr_array_add(rules, rule);
    }
}

/* Appends at most @room rules. */
static int
lxcOCICallsParse(const virLXCJSON *rule, virLXCSeccompAction action,
                 const GPtrArray *conditions, guint room, GPtrArray *rules,
                 virLXCKernelVersion *kernel, GError **error)
{
    const virLXCJSON *name = virLXCJSONGet(rule, "name");
    const GPtrArray *names;
    size_t i;

    if (lxcOCINamesGet(rule, &names, error) < 0)
        return -1;

    for (i = 0; i < (names ? names->len : 1); i++) {
        const virLXCJSON *value = names ? g_ptr_array_index(names, i) : name;

        if (lxcOCICallCheck(value, action, kernel, error) < 0)
            return -1;
        if (conditions->len > room - rules->len)
            return virLXCJSONSetError(value, error,
                                      _("the profile has more than %1$d rules"),
                                      VIR_LXC_OCI_PROFILE_RULES_MAX);
        lxcOCIRulesAppend(value, action, conditions, rules);
    }

    return 0;
}

/* Moves all elements of @from to @to. */
static void
lxcOCIRulesMove(GPtrArray *from, GPtrArray *to)
{
    size_t i;

    for (i = 0; i < from->len; i++)
        g_ptr_array_add(to, g_ptr_array_index(from, i));

    g_ptr_array_set_free_func(from, NULL);
}

int
virLXCOCIRuleParse(const virLXCJSON *rule, const virLXCSeccompContext *context,
                   GPtrArray *rules, virLXCKernelVersion *kernel,
                   GError **error)
{
    static const char *const members[] = {
        "names", "name",     "action",   "errnoRet", "errno",
        "args",  "includes", "excludes", "comment",  NULL,
    };
    static const virLXCOCIActionMembers action = {"action", "errnoRet",
                                                  "errno"};
    g_autoptr(GPtrArray) found = NULL;
    g_autoptr(GPtrArray) conditions = NULL;
    virLXCSeccompAction parsed = {0};
    virLXCKernelVersion newest = *kernel;
    const virLXCJSON *comment;
    bool holds = false;

    if (virLXCJSONCheckMembers(rule, members, error) < 0 ||
        virLXCOCIActionParse(rule, &action, &parsed, error) < 0 ||
        ((comment = virLXCJSONGet(rule, "comment")) &&
         !virLXCJSONGetString(comment, error)) ||
        !(conditions = virLXCOCIArgsParse(rule, error)) ||
        virLXCOCIRuleMatches(rule, context, &holds, error) < 0)
        return -1;

    found = virLXCSeccompRulesNew();
    if (lxcOCICallsParse(rule, parsed, conditions,
                         VIR_LXC_OCI_PROFILE_RULES_MAX - rules->len, found,
                         &newest, error) < 0)
        return -1;

    *kernel = newest;
    if (holds)
        lxcOCIRulesMove(found, rules);
    return 0;
}
