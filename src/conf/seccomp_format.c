/*
 * seccomp_format.c: <seccomp> written as XML
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: format. In: a virLXCSeccompDef. Out: XML that reads back as the same.
 */

#include "seccomp_conf.h"

#include "seccomp_action.h"
#include "xml.h"

static void
lxcSeccompFormatDenied(const virLXCSeccompDef *def, GString *out,
                       unsigned int indent)
{
    if (!def->hasDenied)
        return;

    g_string_append_printf(out, "%*s<denied", (int)indent, "");
    virLXCSeccompActionFormat(def->denied, out);
    g_string_append(out, "/>\n");
}

static void
lxcSeccompFormatUnknown(const virLXCSeccompDef *def, GString *out,
                        unsigned int indent)
{
    if (!def->hasUnknown)
        return;

    g_string_append_printf(out, "%*s<unknown", (int)indent, "");
    virLXCSeccompActionFormat(def->unknown, out);
    if (virLXCSeccompDefHasKernel(def))
        g_string_append_printf(out, " kernel='%u.%u'", def->kernel.major,
                               def->kernel.minor);
    g_string_append(out, "/>\n");
}

static void
lxcSeccompFormatArchs(const virLXCSeccompDef *def, GString *out,
                      unsigned int indent)
{
    size_t i;

    for (i = 0; i < def->archs->len; i++)
        g_string_append_printf(
            out, "%*s<arch name='%s'/>\n", (int)indent, "",
            g_array_index(def->archs, virLXCSeccompArchUse, i).arch->name);
}

static void
lxcSeccompFormatCondition(const virLXCSeccompCondition *condition, GString *out,
                          unsigned int indent)
{
    g_string_append_printf(out, "%*s<arg index='%u' op='%s'", (int)indent, "",
                           condition->index,
                           virLXCSeccompOperatorTable()[condition->op].name);
    if (condition->op == VIR_LXC_SECCOMP_MASKED_EQ)
        g_string_append_printf(out, " mask='0x%" G_GINT64_MODIFIER "x'",
                               condition->mask);
    g_string_append_printf(out, " value='0x%" G_GINT64_MODIFIER "x'/>\n",
                           condition->value);
}

static void
lxcSeccompFormatRule(const virLXCSeccompRule *rule, GString *out,
                     unsigned int indent)
{
    size_t i;

    g_string_append_printf(out, "%*s<syscall name='%s'", (int)indent, "",
                           rule->name);
    virLXCSeccompActionFormat(rule->action, out);
    if (rule->conditions->len == 0) {
        g_string_append(out, "/>\n");
        return;
    }

    g_string_append(out, ">\n");
    for (i = 0; i < rule->conditions->len; i++)
        lxcSeccompFormatCondition(
            &g_array_index(rule->conditions, virLXCSeccompCondition, i), out,
            indent + 2);
    g_string_append_printf(out, "%*s</syscall>\n", (int)indent, "");
}

static void
lxcSeccompFormatSocket(const virLXCSeccompSocket *use, GString *out,
                       unsigned int indent)
{
    g_string_append_printf(out, "%*s<socket", (int)indent, "");
    if (use->family)
        g_string_append_printf(out, " family='%s'", use->family->name);
    virLXCSeccompActionFormat(use->action, out);
    g_string_append(out, "/>\n");
}

static void
lxcSeccompFormatNamespace(const virLXCSeccompNamespace *use, GString *out,
                          unsigned int indent)
{
    g_string_append_printf(out, "%*s<namespace type='%s'", (int)indent, "",
                           use->type->name);
    virLXCSeccompActionFormat(use->action, out);
    g_string_append(out, "/>\n");
}

static void
lxcSeccompFormatGroup(const virLXCSeccompGroup *use, GString *out,
                      unsigned int indent)
{
    g_string_append_printf(out, "%*s<syscall group='%s'", (int)indent, "",
                           use->group->name);
    virLXCSeccompActionFormat(use->action, out);
    g_string_append(out, "/>\n");
}

/* In order of precedence. */
static void
lxcSeccompFormatRules(const virLXCSeccompDef *def, GString *out,
                      unsigned int indent)
{
    size_t i;

    for (i = 0; i < def->rules->len; i++)
        lxcSeccompFormatRule(g_ptr_array_index(def->rules, i), out, indent);
    for (i = 0; i < def->sockets->len; i++)
        lxcSeccompFormatSocket(
            &g_array_index(def->sockets, virLXCSeccompSocket, i), out, indent);
    for (i = 0; i < def->namespaces->len; i++)
        lxcSeccompFormatNamespace(
            &g_array_index(def->namespaces, virLXCSeccompNamespace, i), out,
            indent);
    for (i = 0; i < def->groups->len; i++)
        lxcSeccompFormatGroup(
            &g_array_index(def->groups, virLXCSeccompGroup, i), out, indent);
}

static void
lxcSeccompFormatValue(const char *name, const char *value, GString *out)
{
    if (!value)
        return;

    g_string_append_printf(out, " %s='", name);
    virLXCXMLFormatValue(out, value);
    g_string_append_c(out, '\'');
}

static void
lxcSeccompFormatListener(const virLXCSeccompDef *def, GString *out,
                         unsigned int indent)
{
    if (!def->listenerPath)
        return;

    g_string_append_printf(out, "%*s<listener", (int)indent, "");
    lxcSeccompFormatValue("path", def->listenerPath, out);
    lxcSeccompFormatValue("metadata", def->listenerMetadata, out);
    g_string_append(out, "/>\n");
}

static void
lxcSeccompFormatEffective(const virLXCSeccompDef *def, GString *out,
                          unsigned int indent)
{
    if (!def->effective)
        return;

    g_string_append_printf(out, "%*s<effective digest='%s' instructions='%u'",
                           (int)indent, "", def->effective->digest,
                           def->effective->instructions);
    lxcSeccompFormatValue("policy", def->effective->policy, out);
    lxcSeccompFormatValue("listener", def->effective->listener, out);
    g_string_append(out, "/>\n");
}

static bool
lxcSeccompHasChildren(const virLXCSeccompDef *def)
{
    return def->hasDenied || def->hasUnknown || def->archs->len > 0 ||
           def->rules->len > 0 || def->sockets->len > 0 ||
           def->namespaces->len > 0 || def->groups->len > 0 ||
           def->listenerPath || def->effective;
}

void
virLXCSeccompDefFormat(const virLXCSeccompDef *def, GString *out,
                       unsigned int indent)
{
    g_string_append_printf(out, "%*s<seccomp policy='%s'", (int)indent, "",
                           virLXCSeccompPolicyNames()[def->policy]);
    lxcSeccompFormatValue("profile", def->profile, out);
    g_string_append_printf(out, " log='%s'", virLXCXMLSwitchName(def->log));
    if (!lxcSeccompHasChildren(def)) {
        g_string_append(out, "/>\n");
        return;
    }

    g_string_append(out, ">\n");
    lxcSeccompFormatDenied(def, out, indent + 2);
    lxcSeccompFormatUnknown(def, out, indent + 2);
    lxcSeccompFormatArchs(def, out, indent + 2);
    lxcSeccompFormatRules(def, out, indent + 2);
    lxcSeccompFormatListener(def, out, indent + 2);
    lxcSeccompFormatEffective(def, out, indent + 2);
    g_string_append_printf(out, "%*s</seccomp>\n", (int)indent, "");
}
