/*
 * seccomp_shorthand_plan.c: convert <socket> and <namespace> to rules
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the elements, and the rules and action that follow them. Out: rules for
 * the system calls in question.
 */

#include "seccomp_shorthand_plan.h"

#include <errno.h>

static const virLXCSeccompAction lxcLack = {VIR_LXC_SECCOMP_ERRNO, ENOSYS};
static const virLXCSeccompAction lxcRefuse = {VIR_LXC_SECCOMP_ERRNO, EPERM};

/* The definition, the rules and action that follow, and the resulting rules. */
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

/* A rule with conditions leaves the call to those that follow. */
static bool
lxcRulesDecide(const GPtrArray *rules, const char *name)
{
    size_t i;

    for (i = 0; i < rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(rules, i);

        if (g_str_equal(rule->name, name) && rule->conditions->len == 0)
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

/* Closes a call that would bypass the rules, because a filter cannot inspect
 * its arguments. */
static void
lxcShorthandClose(const lxcShorthandWriter *writer, const char *name)
{
    if (!lxcRulesDecide(writer->rules, name))
        lxcShorthandAdd(writer, name, &lxcLack, 0);
}

/* Returns the entry for sockets of @family, or else the one for all other
 * families. */
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

/* Both the requested family and the family of the socket that is created are
 * taken into account. If only the requested family has an entry, and the
 * fallback denies calls, the fallback is used. */
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

/* The family is an int: the kernel ignores the upper half of the register. */
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

/* A system call that creates or joins namespaces. @unnamed are the flags of
 * types without a <namespace>. @decided is whether a single action, @after,
 * follows. */
typedef struct {
    virLXCNamespaceCall call;
    const char *name;
    unsigned int index;
    guint32 unnamed;
    bool decided;
    virLXCSeccompActionKind after;
} lxcNamespaceCall;

/* Returns the flags of all types without a <namespace>. */
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

/* On s390, flags are the second argument of clone(2). */
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

/* A single action follows if the first rule for the call in the profile does
 * not have conditions, or if there is no rule. */
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

/* Listed types are tried in order, starting with the most restrictive action.
 * In a call that matches @bits under @mask, only unlisted types remain to be
 * considered. The action that follows applies to such a combination if it is
 * more restrictive than the one of @use. If it is not known, an action other
 * than 'allow' is replaced by a denial of the combination. */
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

/* setns(2) without a type joins a namespace of any type, including unlisted
 * ones. */
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
