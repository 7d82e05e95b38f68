/*
 * seccomp_action.c: the attributes 'action' and 'errno'
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse and format. In: an element. Out: a virLXCSeccompAction, and the
 * attributes again.
 */

#include "seccomp_action.h"

#include <errno.h>

#include "i18n.h"
#include "number.h"
#include "xml.h"

static int
lxcSeccompParseKind(const xmlNode *node, virLXCSeccompActionKind *kind,
                    GError **error)
{
    const char *names[VIR_LXC_SECCOMP_ACTIONS + 1] = {NULL};
    g_autofree char *text = virLXCXMLRequireAttribute(node, "action", error);
    unsigned int found = 0;
    size_t i;

    for (i = 0; i < VIR_LXC_SECCOMP_ACTIONS; i++)
        names[i] = virLXCSeccompActionTable()[i].name;

    if (!text || virLXCXMLGetEnum(node, "action", names, &found, error) < 0)
        return -1;

    *kind = found;
    return 0;
}

/* A call that fails with errno 0 looks like one that succeeded. The value for a
 * tracer can be any number. */
static int
lxcSeccompParseErrno(const xmlNode *node, const char *text,
                     virLXCSeccompAction *action, GError **error)
{
    unsigned int lowest = action->kind == VIR_LXC_SECCOMP_ERRNO ? 1 : 0;
    unsigned int number = 0;
    int named = virLXCErrnoByName(text);

    if (named >= 0) {
        action->number = named;
        return 0;
    }

    if (virLXCNumberFromString(text, VIR_LXC_SECCOMP_ERRNO_MAX, &number) &&
        number >= lowest) {
        action->number = number;
        return 0;
    }

    return virLXCXMLSetValueError(node, "errno", error,
                                  _("the name of an errno, such as EPERM, or a "
                                    "decimal number from %1$u to %2$d"),
                                  lowest, VIR_LXC_SECCOMP_ERRNO_MAX);
}

int
virLXCSeccompActionParse(const xmlNode *node, unsigned int errnum,
                         virLXCSeccompAction *action, GError **error)
{
    g_autofree char *text = virLXCXMLGetAttribute(node, "errno");
    const virLXCSeccompActionRow *row = NULL;
    virLXCSeccompAction parsed = {0};

    if (lxcSeccompParseKind(node, &parsed.kind, error) < 0)
        return -1;

    row = &virLXCSeccompActionTable()[parsed.kind];
    if (text && !row->takesErrno)
        return virLXCXMLSetError(node, error,
                                 _("attribute 'errno' of <%1$s> cannot be used "
                                   "with action '%2$s', which has no number"),
                                 (const char *)node->name, row->name);

    if (row->takesErrno)
        parsed.number = parsed.kind == VIR_LXC_SECCOMP_ERRNO ? errnum : EPERM;
    if (text && lxcSeccompParseErrno(node, text, &parsed, error) < 0)
        return -1;

    *action = parsed;
    return 0;
}

char *
virLXCSeccompActionNumberText(virLXCSeccompAction action)
{
    const char *name = virLXCErrnoName(action.number);

    if (!virLXCSeccompActionTable()[action.kind].takesErrno)
        return NULL;

    return name ? g_strdup(name) : g_strdup_printf("%u", action.number);
}

void
virLXCSeccompActionFormat(virLXCSeccompAction action, GString *out)
{
    g_autofree char *number = virLXCSeccompActionNumberText(action);

    g_string_append_printf(out, " action='%s'",
                           virLXCSeccompActionTable()[action.kind].name);
    if (number)
        g_string_append_printf(out, " errno='%s'", number);
}
