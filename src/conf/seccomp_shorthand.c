/*
 * seccomp_shorthand.c: <socket> and <namespace> read from XML
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse. In: the elements. Out: entries of a virLXCSeccompDef, which
 * stand for rules on several calls.
 */

#include "seccomp_shorthand.h"

#include <errno.h>

#include "i18n.h"
#include "seccomp_action.h"
#include "xml.h"

/* An element as text, its action, and the calls that it stands for. */
typedef struct {
    char *text;
    virLXCSeccompActionKind kind;
    int line;
    const char *const *calls;
    const char *hatch;
} lxcShorthand;

static const char *const lxcSocketCalls[] = {"socket", "socketpair", NULL};
static const char *const lxcNamespaceCalls[] = {"clone", "unshare", "setns",
                                                NULL};
static const char *const lxcNamespaceCallsOfTime[] = {"unshare", "setns", NULL};

static void
lxcShorthandClear(lxcShorthand *shorthand)
{
    g_free(shorthand->text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(lxcShorthand, lxcShorthandClear)

static lxcShorthand
lxcShorthandOfSocket(const virLXCSeccompDef *def, guint i)
{
    const virLXCSeccompSocket *use =
        &g_array_index(def->sockets, virLXCSeccompSocket, i);

    return (lxcShorthand){
        use->family ? g_strdup_printf("<socket family='%s'>", use->family->name)
                    : g_strdup("<socket>"),
        use->action.kind,
        use->line,
        lxcSocketCalls,
        "io_uring_setup",
    };
}

static lxcShorthand
lxcShorthandOfNamespace(const virLXCSeccompDef *def, guint i)
{
    const virLXCSeccompNamespace *use =
        &g_array_index(def->namespaces, virLXCSeccompNamespace, i);

    return (lxcShorthand){
        g_strdup_printf("<namespace type='%s'>", use->type->name),
        use->action.kind,
        use->line,
        use->type->flags[VIR_LXC_NAMESPACE_CLONE] ? lxcNamespaceCalls
                                                  : lxcNamespaceCallsOfTime,
        "clone3",
    };
}

/* All <socket>, then all <namespace>. */
static lxcShorthand
lxcShorthandAt(const virLXCSeccompDef *def, guint i)
{
    return i < def->sockets->len
               ? lxcShorthandOfSocket(def, i)
               : lxcShorthandOfNamespace(def, i - def->sockets->len);
}

static int
lxcShorthandSetTwice(const xmlNode *node, lxcShorthand shorthand,
                     GError **error)
{
    g_auto(lxcShorthand) first = shorthand;

    return virLXCSetErrorAtLine(
        error, VIR_LXC_CONFINEMENT_ERROR_XML, xmlGetLineNo(node),
        _("%1$s is listed twice in <%2$s> (line %3$ld)"), first.text,
        (const char *)node->parent->name, xmlGetLineNo(node));
}

static int
lxcSocketFindFamily(const xmlNode *node, const virLXCSocketFamily **family,
                    GError **error)
{
    g_autofree char *name = virLXCXMLGetAttribute(node, "family");

    if (!name || (*family = virLXCSocketFamilyByName(name)))
        return 0;

    return virLXCSetErrorAtLine(
        error, VIR_LXC_CONFINEMENT_ERROR_XML, xmlGetLineNo(node),
        _("unknown address family '%1$s' in attribute 'family' "
          "of <socket> (line %2$ld)"),
        name, xmlGetLineNo(node));
}

int
virLXCSeccompSocketParse(void *opaque, const xmlNode *node, GError **error)
{
    virLXCSeccompDef *def = opaque;
    static const char *const attributes[] = {"family", "action", "errno", NULL};
    virLXCSeccompSocket use = {.line = (int)xmlGetLineNo(node)};
    size_t i;

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLCheckEmpty(node, error) < 0 ||
        lxcSocketFindFamily(node, &use.family, error) < 0 ||
        virLXCSeccompActionParse(node, EPERM, &use.action, error) < 0)
        return -1;

    for (i = 0; i < def->sockets->len; i++) {
        if (g_array_index(def->sockets, virLXCSeccompSocket, i).family ==
            use.family)
            return lxcShorthandSetTwice(node, lxcShorthandOfSocket(def, i),
                                        error);
    }

    g_array_append_val(def->sockets, use);
    return 0;
}

static int
lxcNamespaceFindType(const xmlNode *node, const virLXCNamespace **type,
                     GError **error)
{
    g_autofree char *name = virLXCXMLRequireAttribute(node, "type", error);

    if (!name)
        return -1;

    if ((*type = virLXCNamespaceByName(name)))
        return 0;

    return virLXCSetErrorAtLine(error, VIR_LXC_CONFINEMENT_ERROR_XML,
                                xmlGetLineNo(node),
                                _("unknown type '%1$s' in attribute 'type' of "
                                  "<namespace> (line %2$ld)"),
                                name, xmlGetLineNo(node));
}

int
virLXCSeccompNamespaceParse(void *opaque, const xmlNode *node, GError **error)
{
    virLXCSeccompDef *def = opaque;
    static const char *const attributes[] = {"type", "action", "errno", NULL};
    virLXCSeccompNamespace use = {.line = (int)xmlGetLineNo(node)};
    size_t i;

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLCheckEmpty(node, error) < 0 ||
        lxcNamespaceFindType(node, &use.type, error) < 0 ||
        virLXCSeccompActionParse(node, EPERM, &use.action, error) < 0)
        return -1;

    for (i = 0; i < def->namespaces->len; i++) {
        if (g_array_index(def->namespaces, virLXCSeccompNamespace, i).type ==
            use.type)
            return lxcShorthandSetTwice(node, lxcShorthandOfNamespace(def, i),
                                        error);
    }

    g_array_append_val(def->namespaces, use);
    return 0;
}

static bool
lxcKindRefuses(virLXCSeccompActionKind kind)
{
    return kind >= VIR_LXC_SECCOMP_ERRNO;
}

/* A rule without conditions comes before all that the element stands for; one
 * on a call where a filter cannot look lets through what the element is to
 * decide. Two refusals agree, whichever is made. */
static bool
lxcShorthandContradicts(const lxcShorthand *shorthand,
                        const virLXCSeccompRule *rule)
{
    virLXCSeccompActionKind kind = rule->action.kind;

    if (g_str_equal(rule->name, shorthand->hatch))
        return !lxcKindRefuses(kind) && kind < shorthand->kind;

    return rule->conditions->len == 0 &&
           g_strv_contains(shorthand->calls, rule->name) &&
           kind != shorthand->kind &&
           !(lxcKindRefuses(kind) && lxcKindRefuses(shorthand->kind));
}

static int
lxcShorthandCheckOne(const virLXCSeccompDef *def, const lxcShorthand *shorthand,
                     GError **error)
{
    size_t i;

    for (i = 0; i < def->rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(def->rules, i);

        if (!lxcShorthandContradicts(shorthand, rule))
            continue;
        return virLXCSetErrorAtLine(
            error, VIR_LXC_CONFINEMENT_ERROR_INVALID, shorthand->line,
            _("action '%1$s' of %2$s (line %3$d) contradicts action "
              "'%4$s' of <syscall name='%5$s'> (line %6$d)"),
            virLXCSeccompActionTable()[shorthand->kind].name, shorthand->text,
            shorthand->line, virLXCSeccompActionTable()[rule->action.kind].name,
            rule->name, rule->line);
    }

    return 0;
}

int
virLXCSeccompShorthandCheck(const virLXCSeccompDef *def, GError **error)
{
    size_t i;

    for (i = 0; i < def->sockets->len + def->namespaces->len; i++) {
        g_auto(lxcShorthand) shorthand = lxcShorthandAt(def, i);

        if (lxcShorthandCheckOne(def, &shorthand, error) < 0)
            return -1;
    }

    return 0;
}

char *
virLXCSeccompShorthandNotifies(const virLXCSeccompDef *def, int *line)
{
    size_t i;

    for (i = 0; i < def->sockets->len + def->namespaces->len; i++) {
        g_auto(lxcShorthand) shorthand = lxcShorthandAt(def, i);

        if (shorthand.kind != VIR_LXC_SECCOMP_NOTIFY)
            continue;
        *line = shorthand.line;
        return g_steal_pointer(&shorthand.text);
    }

    return NULL;
}
