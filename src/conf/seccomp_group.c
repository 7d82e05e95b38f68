/*
 * seccomp_group.c: <syscall group='…'> read from XML
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse. In: the elements. Out: entries of a virLXCSeccompDef, which
 * stand for a rule for each call of a group.
 */

#include "seccomp_group.h"

#include <errno.h>

#include "i18n.h"
#include "seccomp_action.h"
#include "xml.h"

static const virLXCSyscallGroupRow *
lxcGroupFind(const xmlNode *node, GError **error)
{
    g_autofree char *name = virLXCXMLGetAttribute(node, "group");
    g_autofree char *call = virLXCXMLGetAttribute(node, "name");
    const virLXCSyscallGroupRow *group = virLXCSyscallGroupByName(name);

    if (!call && group)
        return group;

    if (call)
        virLXCXMLSetError(node, error,
                          _("attributes 'name' ('%1$s') and 'group' ('%2$s') "
                            "of <syscall> exclude each other"),
                          call, name);
    else
        virLXCXMLSetError(node, error,
                          _("unknown group of system calls '%1$s' in "
                            "attribute 'group' of <syscall>"),
                          name);
    return NULL;
}

static int
lxcGroupCheckNoConditions(const xmlNode *node,
                          const virLXCSyscallGroupRow *group, GError **error)
{
    const xmlNode *child = xmlFirstElementChild((xmlNode *)node);

    if (virLXCXMLCheckNoText(node, error) < 0)
        return -1;
    if (!child)
        return 0;
    if (!virLXCXMLNodeIs(child, "arg"))
        return virLXCXMLSetUnexpected(child, error);

    return virLXCXMLSetError(child, error,
                             _("<arg> is not allowed in <syscall group='%1$s'>:"
                               " the calls of a group have different "
                               "arguments"),
                             group->name);
}

int
virLXCSeccompGroupParse(virLXCSeccompDef *def, const xmlNode *node,
                        GError **error)
{
    static const char *const attributes[] = {"name", "group", "action", "errno",
                                             NULL};
    virLXCSeccompGroup use = {.line = (int)xmlGetLineNo(node)};
    size_t i;

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        !(use.group = lxcGroupFind(node, error)) ||
        lxcGroupCheckNoConditions(node, use.group, error) < 0 ||
        virLXCSeccompActionParse(node, EPERM, &use.action, error) < 0)
        return -1;

    for (i = 0; i < def->groups->len; i++) {
        if (g_array_index(def->groups, virLXCSeccompGroup, i).group !=
            use.group)
            continue;
        return virLXCXMLSetError(
            node, error,
            _("<syscall group='%1$s'> is listed twice in <seccomp>"),
            use.group->name);
    }

    g_array_append_val(def->groups, use);
    return 0;
}

static bool
lxcActionPermits(virLXCSeccompAction action)
{
    return action.kind < VIR_LXC_SECCOMP_ERRNO;
}

static bool
lxcActionsAreEqual(virLXCSeccompAction a, virLXCSeccompAction b)
{
    return a.kind == b.kind && a.number == b.number;
}

/* Returns the group that applies to the call @name after elements with @action,
 * if it permits the same. A group does not apply to newer calls. */
static const virLXCSeccompGroup *
lxcGroupPermitsAnyway(const virLXCSeccompDef *def, const char *name,
                      virLXCSeccompAction action)
{
    const virLXCSeccompGroup *use = virLXCSeccompDefFindGroup(def, name);
    const virLXCSyscall *row = virLXCSyscallByName(name);

    if (!use || !lxcActionPermits(action) ||
        !lxcActionsAreEqual(use->action, action))
        return NULL;

    return virLXCSeccompDefHasKernel(def) &&
                   virLXCKernelVersionCompare(row->since, def->kernel) > 0
               ? NULL
               : use;
}

/* The last rule for a call precedes the group. */
static int
lxcGroupCheckRules(const virLXCSeccompDef *def, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i;

    for (i = def->rules->len; i > 0; i--) {
        const virLXCSeccompRule *rule = g_ptr_array_index(def->rules, i - 1);
        const virLXCSeccompGroup *use = NULL;

        if (!g_hash_table_add(seen, rule->name) || rule->conditions->len == 0)
            continue;
        use = lxcGroupPermitsAnyway(def, rule->name, rule->action);
        if (use)
            return virLXCSetErrorAtLine(
                error, VIR_LXC_CONFINEMENT_ERROR_INVALID, rule->line,
                _("the conditions of <syscall name='%1$s'> (line %2$d) have no "
                  "effect: <syscall group='%3$s'> (line %4$d) has the same "
                  "action for all other arguments"),
                rule->name, rule->line, use->group->name, use->line);
    }

    return 0;
}

/* The element for all other families precedes the group. */
static int
lxcGroupCheckSockets(const virLXCSeccompDef *def, GError **error)
{
    const virLXCSeccompSocket *sockets = (const void *)def->sockets->data;
    size_t i;

    for (i = 0; i < def->sockets->len; i++) {
        if (!sockets[i].family)
            return 0;
    }

    for (i = 0; i < def->sockets->len; i++) {
        const virLXCSeccompGroup *use =
            lxcGroupPermitsAnyway(def, "socket", sockets[i].action);

        if (use)
            return virLXCSetErrorAtLine(
                error, VIR_LXC_CONFINEMENT_ERROR_INVALID, sockets[i].line,
                _("<socket family='%1$s'> (line %2$d) has no effect: <syscall "
                  "group='%3$s'> (line %4$d) has the same action for all "
                  "other families"),
                sockets[i].family->name, sockets[i].line, use->group->name,
                use->line);
    }

    return 0;
}

int
virLXCSeccompGroupCheck(const virLXCSeccompDef *def, GError **error)
{
    /* Which calls are newer than the profile is not known here. */
    if (def->profile && !virLXCSeccompDefHasKernel(def))
        return 0;

    if (lxcGroupCheckRules(def, error) < 0 ||
        lxcGroupCheckSockets(def, error) < 0)
        return -1;
    return 0;
}

char *
virLXCSeccompGroupNotifies(const virLXCSeccompDef *def, int *line)
{
    size_t i;

    for (i = 0; i < def->groups->len; i++) {
        const virLXCSeccompGroup *use =
            &g_array_index(def->groups, virLXCSeccompGroup, i);

        if (use->action.kind != VIR_LXC_SECCOMP_NOTIFY)
            continue;
        *line = use->line;
        return g_strdup_printf("<syscall group='%s'>", use->group->name);
    }

    return NULL;
}
