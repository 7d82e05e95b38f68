/*
 * seccomp_conf.c: <seccomp> as a definition
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: what comes between parse and format. In: the parts of a
 * virLXCSeccompDef. Out: a virLXCSeccompDef, with its kernel filled in.
 */

#include "seccomp_conf.h"

#include <errno.h>
#include <string.h>

#define LXC_PROFILE_NAME_MAX 64

/* Freed by its GPtrArray. */
virLXCSeccompRule *
virLXCSeccompRuleNew(const char *name, virLXCSeccompAction action, int line)
{
    virLXCSeccompRule *rule = g_new0(virLXCSeccompRule, 1);

    rule->name = g_strdup(name);
    rule->action = action;
    rule->conditions = g_array_new(FALSE, TRUE, sizeof(virLXCSeccompCondition));
    rule->line = line;
    return rule;
}

void
virLXCSeccompRuleFree(virLXCSeccompRule *rule)
{
    if (!rule)
        return;

    g_free(rule->name);
    if (rule->conditions)
        g_array_unref(rule->conditions);
    g_free(rule);
}

GPtrArray *
virLXCSeccompRulesNew(void)
{
    return g_ptr_array_new_with_free_func(
        (GDestroyNotify)virLXCSeccompRuleFree);
}

void
virLXCSeccompEffectiveFree(virLXCSeccompEffective *effective)
{
    if (!effective)
        return;

    g_free(effective->digest);
    g_free(effective->policy);
    g_free(effective->listener);
    g_free(effective);
}

virLXCSeccompDef *
virLXCSeccompDefNew(void)
{
    virLXCSeccompDef *def = g_new0(virLXCSeccompDef, 1);

    def->archs = g_array_new(FALSE, TRUE, sizeof(virLXCSeccompArchUse));
    def->rules = virLXCSeccompRulesNew();
    def->reached = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    def->groups = g_array_new(FALSE, TRUE, sizeof(virLXCSeccompGroup));
    def->sockets = g_array_new(FALSE, TRUE, sizeof(virLXCSeccompSocket));
    def->namespaces = g_array_new(FALSE, TRUE, sizeof(virLXCSeccompNamespace));
    return def;
}

void
virLXCSeccompDefFree(virLXCSeccompDef *def)
{
    if (!def)
        return;

    g_free(def->profile);
    if (def->archs)
        g_array_unref(def->archs);
    if (def->reached)
        g_hash_table_unref(def->reached);
    if (def->rules)
        g_ptr_array_unref(def->rules);
    if (def->groups)
        g_array_unref(def->groups);
    if (def->sockets)
        g_array_unref(def->sockets);
    if (def->namespaces)
        g_array_unref(def->namespaces);
    g_free(def->listenerPath);
    g_free(def->listenerMetadata);
    virLXCSeccompEffectiveFree(def->effective);
    g_free(def);
}

const char *const *
virLXCSeccompPolicyNames(void)
{
    static const char *const names[] = {
        [VIR_LXC_SECCOMP_POLICY_DEFAULT] = "default",
        [VIR_LXC_SECCOMP_POLICY_DENY] = "deny",
        [VIR_LXC_SECCOMP_POLICY_ALLOW] = "allow",
        [VIR_LXC_SECCOMP_POLICY_ALLOW + 1] = NULL,
    };

    return names;
}

bool
virLXCSeccompProfileNameIsValid(const char *name)
{
    const char *p;

    if (!g_ascii_isalnum(name[0]) || strlen(name) > LXC_PROFILE_NAME_MAX)
        return false;

    for (p = name; *p; p++) {
        if (!g_ascii_isalnum(*p) && !strchr("_-.", *p))
            return false;
    }

    return true;
}

const virLXCSeccompGroup *
virLXCSeccompDefFindGroup(const virLXCSeccompDef *def, const char *name)
{
    const virLXCSyscall *row = virLXCSyscallByName(name);
    size_t i;

    for (i = 0; i < def->groups->len; i++) {
        const virLXCSeccompGroup *use =
            &g_array_index(def->groups, virLXCSeccompGroup, i);

        if (use->group->group == row->group)
            return use;
    }

    return NULL;
}

bool
virLXCSeccompDefHasKernel(const virLXCSeccompDef *def)
{
    return def->kernel.major != 0 || def->kernel.minor != 0;
}

/* Whether calls that are newer than the policy are treated differently. */
static bool
lxcSeccompNeedsKernel(const virLXCSeccompDef *def)
{
    switch (def->policy) {
    case VIR_LXC_SECCOMP_POLICY_DEFAULT:
        return def->groups->len > 0 && !def->profile;
    case VIR_LXC_SECCOMP_POLICY_DENY:
        return true;
    case VIR_LXC_SECCOMP_POLICY_ALLOW:
        break;
    }

    return def->groups->len > 0 || def->hasUnknown;
}

/* Returns the default of <unknown>. */
static virLXCSeccompAction
lxcSeccompUnknown(const virLXCSeccompDef *def)
{
    const virLXCSeccompAction allow = {VIR_LXC_SECCOMP_ALLOW, 0};
    const virLXCSeccompAction lack = {VIR_LXC_SECCOMP_ERRNO, ENOSYS};

    return def->policy == VIR_LXC_SECCOMP_POLICY_ALLOW ? allow : lack;
}

void
virLXCSeccompDefComplete(virLXCSeccompDef *def)
{
    if (!lxcSeccompNeedsKernel(def) || virLXCSeccompDefHasKernel(def))
        return;

    if (!def->hasUnknown) {
        def->hasUnknown = true;
        def->unknown = lxcSeccompUnknown(def);
    }
    def->kernel.major = VIR_LXC_SYSCALL_KERNEL_MAJOR;
    def->kernel.minor = VIR_LXC_SYSCALL_KERNEL_MINOR;
}
