/*
 * oci_profile_action.c: parse actions of a seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the members that specify an action. Out: an action.
 */

#include <errno.h>

#include "i18n.h"
#include "oci_profile_parts.h"

/* SECCOMP_RET_DATA has 16 bits, but the range of errno is smaller
 * (seccomp(2)). */
static guint64
lxcOCINumberMax(virLXCSeccompActionKind kind)
{
    return kind == VIR_LXC_SECCOMP_ERRNO ? VIR_LXC_SECCOMP_ERRNO_MAX
                                         : G_MAXUINT16;
}

static int
lxcOCIKindParse(const virLXCJSON *value, virLXCSeccompActionKind *kind,
                GError **error)
{
    const virLXCSeccompActionRow *rows = virLXCSeccompActionTable();
    const char *name = virLXCJSONGetString(value, error);
    size_t i;

    if (!name)
        return -1;

    for (i = 0; i < VIR_LXC_SECCOMP_ACTIONS; i++) {
        if (g_str_equal(rows[i].oci, name) ||
            g_strcmp0(rows[i].ociOld, name) == 0) {
            *kind = i;
            return 0;
        }
    }

    return virLXCJSONSetError(value, error, _("unknown action '%1$s'"), name);
}

static int
lxcOCIErrnoNameParse(const virLXCJSON *value, guint64 *number, GError **error)
{
    const char *name = virLXCJSONGetString(value, error);
    int found;

    if (!name)
        return -1;

    found = virLXCErrnoByName(name);
    if (found < 0)
        return virLXCJSONSetError(value, error, _("unknown errno '%1$s'"),
                                  name);

    *number = found;
    return 0;
}

/* The errno can be given as a number, as a name, or both. The default is
 * EPERM. */
static int
lxcOCINumberParse(const virLXCJSON *ret, const virLXCJSON *name,
                  virLXCSeccompAction *action, GError **error)
{
    guint64 number = EPERM;
    guint64 named = EPERM;

    if (name && lxcOCIErrnoNameParse(name, &named, error) < 0)
        return -1;

    number = named;
    if (ret && virLXCJSONGetUnsigned(ret, lxcOCINumberMax(action->kind),
                                     &number, error) < 0)
        return -1;

    if (name && number != named)
        return virLXCJSONSetError(
            name, error, _("'%1$s' is %2$u, but '%3$s' is %4$u"), name->text,
            (unsigned int)named, ret->name, (unsigned int)number);

    /* The specification allows 0, but the call would appear to succeed. */
    if (action->kind == VIR_LXC_SECCOMP_ERRNO && number == 0)
        return virLXCJSONSetError(
            ret, error,
            _("errno 0 would make a refused call look like a success"));

    action->number = number;
    return 0;
}

int
virLXCOCIActionParse(const virLXCJSON *object,
                     const virLXCOCIActionMembers *members,
                     virLXCSeccompAction *action, GError **error)
{
    const virLXCJSON *value = virLXCJSONRequire(object, members->action, error);
    const virLXCJSON *ret = virLXCJSONGet(object, members->errnoRet);
    const virLXCJSON *name = virLXCJSONGet(object, members->errnoName);
    virLXCSeccompAction parsed = {0};

    if (!value || lxcOCIKindParse(value, &parsed.kind, error) < 0)
        return -1;

    if (!virLXCSeccompActionTable()[parsed.kind].takesErrno) {
        if (ret || name)
            return virLXCJSONSetError(ret ? ret : name, error,
                                      _("action '%1$s' takes no errno"),
                                      value->text);
    } else if (lxcOCINumberParse(ret, name, &parsed, error) < 0) {
        return -1;
    }

    *action = parsed;
    return 0;
}
