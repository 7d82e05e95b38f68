/*
 * seccomp_shorthand_plan.c: <socket> and <namespace> as rules
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: plan. In: the elements, and what comes after them. Out: rules on the
 * calls that they stand for.
 */

#include "seccomp_shorthand_plan.h"

#include <errno.h>

static const virLXCSeccompAction lxcLack = {VIR_LXC_SECCOMP_ERRNO, ENOSYS};
static const virLXCSeccompAction lxcRefuse = {VIR_LXC_SECCOMP_ERRNO, EPERM};

/* What the rules are made of, and what comes after them. */
typedef struct {
    const virLXCSeccompDef *def;
    const GPtrArray *profile;
    const virLXCSeccompAction *fallback;
    GPtrArray *rules;
} lxcShorthandWriter;

static bool
lxcActionRefuses(const virLXCSeccompAction *action)
{
    return action->kind >= VIR_LXC_SECCOMP_ERRNO;
}

static bool
lxcRulesName(const GPtrArray *rules, const char *name)
{
    size_t i;

    for (i = 0; i < rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(rules, i);

        if (g_str_equal(rule->name, name))
            return true;
    }
    return false;
}

static void
lxcRuleAddBits(virLXCSeccompRule *rule, unsigned int index, guint32 mask,
               guint32 value)
{
    virLXCSeccompCondition condition = {
        .index = index,
        .op = VIR_LXC_SECCOMP_MASKED_EQ,
        .value = value,
        .mask = mask,
    };

    g_array_append_val(rule->conditions, condition);
}

static virLXCSeccompRule *
lxcShorthandAdd(const lxcShorthandWriter *writer, const char *name,
                const virLXCSeccompAction *action, int line)
{
    virLXCSeccompRule *rule = virLXCSeccompRuleNew(name, *action, line);

    rule->origin = VIR_LXC_SECCOMP_ORIGIN_XML;
    g_ptr_array_add(writer->rules, rule);
    return rule;
}

/* A way past the rules that a filter cannot look into. */
static void
lxcShorthandClose(const lxcShorthandWriter *writer, const char *name)
{
    if (!lxcRulesName(writer->rules, name))
        lxcShorthandAdd(writer, name, &lxcLack, 0);
}

/* The entry that decides sockets of a family: its own, or that of the rest. */
static const virLXCSeccompSocket *
lxcSocketsFind(const virLXCSeccompDef *def, guint32 family)
{
    const virLXCSeccompSocket *rest = NULL;
    size_t i;

    for (i = 0; i < def->sockets->len; i++) {
        const virLXCSeccompSocket *use =
            &g_array_index(def->sockets, virLXCSeccompSocket, i);

        if (use->family && use->family->number == family)
            return use;
        if (!use->family)
            rest = use;
    }
    return rest;
}

/* What is said of the family that is made counts, and so does what is said of
 * the one that is asked for. Where only the latter is permitted, the former
 * gets what no rule decides. */
static const virLXCSeccompAction *
lxcSocketsAlias(const lxcShorthandWriter *writer, const virLXCSocketAlias *row)
{
    const virLXCSeccompSocket *made = lxcSocketsFind(writer->def, row->made);
    const virLXCSeccompSocket *asked = lxcSocketsFind(writer->def, row->family);

    if (made && asked)
        return made->action.kind > asked->action.kind ? &made->action
                                                      : &asked->action;
    if (made)
        return &made->action;
    return asked && lxcActionRefuses(writer->fallback) ? writer->fallback
                                                       : NULL;
}

static void
lxcSocketsAddAliases(const lxcShorthandWriter *writer, const char *name)
{
    size_t nrows = 0;
    const virLXCSocketAlias *rows = virLXCSocketAliasTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        const virLXCSeccompAction *action = lxcSocketsAlias(writer, &rows[i]);
        virLXCSeccompRule *rule = NULL;

        if (!action)
            continue;
        rule = lxcShorthandAdd(writer, name, action, 0);
        lxcRuleAddBits(rule, 0, G_MAXUINT32, rows[i].family);
        lxcRuleAddBits(rule, rows[i].index, rows[i].mask, rows[i].value);
    }
}

/* The kernel takes an int, so the upper half of the register must not count. */
static void
lxcSocketsAddCall(const lxcShorthandWriter *writer, const char *name)
{
    const GArray *sockets = writer->def->sockets;
    const virLXCSeccompSocket *rest = NULL;
    size_t i;

    lxcSocketsAddAliases(writer, name);
    for (i = 0; i < sockets->len; i++) {
        const virLXCSeccompSocket *use =
            &g_array_index(sockets, virLXCSeccompSocket, i);

        if (!use->family)
            rest = use;
        else
            lxcRuleAddBits(
                lxcShorthandAdd(writer, name, &use->action, use->line), 0,
                G_MAXUINT32, use->family->number);
    }

    if (rest)
        lxcShorthandAdd(writer, name, &rest->action, rest->line);
}

static void
lxcShorthandAddSockets(const lxcShorthandWriter *writer)
{
    const GArray *sockets = writer->def->sockets;
    size_t i;

    for (i = 0; i < sockets->len; i++) {
        if (g_array_index(sockets, virLXCSeccompSocket, i).action.kind !=
            VIR_LXC_SECCOMP_ALLOW)
            lxcShorthandClose(writer, "io_uring_setup");
    }

    lxcSocketsAddCall(writer, "socket");
    lxcSocketsAddCall(writer, "socketpair");
}

/* One of the calls on namespaces. */
typedef struct {
    virLXCNamespaceCall call;
    const char *name;
    unsigned int index;
    guint32 unnamed;
    bool decided;
    virLXCSeccompActionKind after;
} lxcNamespaceCall;

/* Flags of the types that no <namespace> names. */
static guint32
lxcNamespacesUnnamed(const virLXCSeccompDef *def, virLXCNamespaceCall call)
{
    size_t nrows = 0;
    const virLXCNamespace *rows = virLXCNamespaceTable(&nrows);
    guint32 flags = 0;
    size_t i;

    for (i = 0; i < nrows; i++)
        flags |= rows[i].flags[call];
    for (i = 0; i < def->namespaces->len; i++)
        flags &= ~g_array_index(def->namespaces, virLXCSeccompNamespace, i)
                      .type->flags[call];
    return flags;
}

/* s390 has the flags of clone(2) second. */
static unsigned int
lxcNamespacesArgument(virLXCNamespaceCall call, const virLXCSeccompArch *native)
{
    static const char *const second[] = {"s390x", "s390", NULL};

    switch (call) {
    case VIR_LXC_NAMESPACE_CLONE:
        return g_strv_contains(second, native->name) ? 1 : 0;
    case VIR_LXC_NAMESPACE_UNSHARE:
        return 0;
    case VIR_LXC_NAMESPACE_SETNS:
        break;
    }

    return 1;
}

/* What comes after the rules is one action when the first rule on the call has
 * no conditions, or when there is none. */
static void
lxcNamespaceCallLookAfter(lxcNamespaceCall *call,
                          const lxcShorthandWriter *writer)
{
    size_t i;

    call->decided = true;
    call->after = writer->fallback->kind;
    for (i = 0; i < writer->profile->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(writer->profile, i);

        if (!g_str_equal(rule->name, call->name))
            continue;
        call->decided = rule->conditions->len == 0;
        call->after = rule->action.kind;
        return;
    }
}

/* Types that are named are tried from the most restrictive action on, so that
 * @bits under @mask leaves those that are not named. Together with these, what
 * comes after counts where it is more restrictive; where that cannot be told,
 * nothing less than the action is let through. */
static void
lxcNamespacesAddBits(const lxcShorthandWriter *writer,
                     const lxcNamespaceCall *call,
                     const virLXCSeccompNamespace *use, guint32 mask,
                     guint32 bits)
{
    bool alone = !lxcActionRefuses(&use->action) &&
                 (!call->decided || call->after > use->action.kind);
    virLXCSeccompRule *rule =
        lxcShorthandAdd(writer, call->name, &use->action, use->line);

    lxcRuleAddBits(rule, call->index, alone ? mask | call->unnamed : mask,
                   bits);
    if (alone && !call->decided && use->action.kind != VIR_LXC_SECCOMP_ALLOW)
        lxcRuleAddBits(
            lxcShorthandAdd(writer, call->name, &lxcRefuse, use->line),
            call->index, mask, bits);
}

static void
lxcNamespacesAddType(const lxcShorthandWriter *writer,
                     const lxcNamespaceCall *call,
                     const virLXCSeccompNamespace *use)
{
    guint32 flags = use->type->flags[call->call];
    guint32 bit;

    for (bit = 1; bit != 0; bit <<= 1) {
        if (flags & bit)
            lxcNamespacesAddBits(writer, call, use, bit, bit);
    }
}

/* setns(2) without a type joins any: also those that are not named. */
static void
lxcNamespacesAddAny(const lxcShorthandWriter *writer,
                    const lxcNamespaceCall *call,
                    const virLXCSeccompNamespace *worst)
{
    bool whole = lxcActionRefuses(&worst->action) || call->unnamed == 0 ||
                 (call->decided && call->after <= worst->action.kind);
    bool refused =
        !whole && !call->decided && worst->action.kind != VIR_LXC_SECCOMP_ALLOW;

    if (whole || refused)
        lxcRuleAddBits(lxcShorthandAdd(writer, call->name,
                                       whole ? &worst->action : &lxcRefuse,
                                       worst->line),
                       call->index, G_MAXUINT32, 0);
}

static void
lxcNamespacesAddCall(const lxcShorthandWriter *writer,
                     const lxcNamespaceCall *call)
{
    const GArray *namespaces = writer->def->namespaces;
    bool first = call->call == VIR_LXC_NAMESPACE_SETNS;
    int kind;
    size_t i;

    for (kind = VIR_LXC_SECCOMP_ACTIONS - 1; kind >= 0; kind--) {
        for (i = 0; i < namespaces->len; i++) {
            const virLXCSeccompNamespace *use =
                &g_array_index(namespaces, virLXCSeccompNamespace, i);

            if (use->action.kind != (virLXCSeccompActionKind)kind)
                continue;
            if (first)
                lxcNamespacesAddAny(writer, call, use);
            first = false;
            lxcNamespacesAddType(writer, call, use);
        }
    }
}

static void
lxcShorthandAddNamespaces(const lxcShorthandWriter *writer,
                          const virLXCSeccompArch *native)
{
    size_t i;

    lxcShorthandClose(writer, "clone3");
    for (i = 0; i < VIR_LXC_NAMESPACE_CALLS; i++) {
        lxcNamespaceCall call = {
            .call = i,
            .name = virLXCNamespaceCallName(i),
            .index = lxcNamespacesArgument(i, native),
            .unnamed = lxcNamespacesUnnamed(writer->def, i),
        };

        lxcNamespaceCallLookAfter(&call, writer);
        lxcNamespacesAddCall(writer, &call);
    }
}

void
virLXCSeccompAddShorthand(const virLXCSeccompDef *def,
                          const virLXCSeccompArch *native,
                          const GPtrArray *profile,
                          const virLXCSeccompAction *fallback, GPtrArray *rules)
{
    const lxcShorthandWriter writer = {def, profile, fallback, rules};

    if (def->sockets->len > 0)
        lxcShorthandAddSockets(&writer);
    if (def->namespaces->len > 0)
        lxcShorthandAddNamespaces(&writer, native);
}
