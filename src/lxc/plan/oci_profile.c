/*
 * oci_profile.c: parse the administrator's seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the text, and the host and domain properties on which it can depend. Out:
 * a ruleset.
 */

#include "oci_profile.h"

#include <errno.h>
#include <string.h>
#include <sys/un.h>

#include "i18n.h"
#include "oci_profile_parts.h"
#include "profile_file.h"

/* Checks for a complete config.json of a container first: a specific error is
 * more helpful than one about an unknown member. */
static int
lxcOCIMembersCheck(const virLXCJSON *profile, GError **error)
{
    static const char *const members[] = {
        "defaultAction", "defaultErrnoRet",
        "defaultErrno",  "architectures",
        "archMap",       "flags",
        "listenerPath",  "listenerMetadata",
        "syscalls",      NULL,
    };
    const virLXCJSON *whole = NULL;

    if (profile->type == VIR_LXC_JSON_OBJECT)
        whole = virLXCJSONFind(profile, "linux");
    if (!whole)
        return virLXCJSONCheckMembers(profile, members, error);

    return virLXCJSONSetError(
        whole, error,
        _("this is a container configuration, not a profile: "
          "the profile is the value of its member '%1$s'"),
        "linux.seccomp");
}

static int
lxcOCIDefaultParse(const virLXCJSON *profile,
                   virLXCSeccompAction *defaultAction, GError **error)
{
    static const virLXCOCIActionMembers members = {
        "defaultAction", "defaultErrnoRet", "defaultErrno"};

    if (virLXCOCIActionParse(profile, &members, defaultAction, error) < 0)
        return -1;

    if (defaultAction->kind != VIR_LXC_SECCOMP_NOTIFY)
        return 0;

    return virLXCJSONSetError(
        virLXCJSONGet(profile, "defaultAction"), error,
        _("'%1$s' cannot be the default action: passing on the "
          "listener takes system calls that are not notified"),
        "SCMP_ACT_NOTIFY");
}

/* Returns the action for calls newer than the profile. If the default action
 * denies calls, this is ENOSYS, so that C libraries fall back to older
 * calls. */
static virLXCSeccompAction
lxcOCIUnknown(virLXCSeccompAction defaultAction)
{
    const virLXCSeccompAction refused = {VIR_LXC_SECCOMP_ERRNO, ENOSYS};

    return defaultAction.kind <= VIR_LXC_SECCOMP_LOG ? defaultAction : refused;
}

/* Calls of an ABI that the profile does not list are denied, even if the
 * default action allows calls. */
static virLXCSeccompAction
lxcOCIBadArch(virLXCSeccompAction defaultAction)
{
    const virLXCSeccompAction refused = {VIR_LXC_SECCOMP_ERRNO, EPERM};

    return defaultAction.kind <= VIR_LXC_SECCOMP_TRACE ? refused
                                                       : defaultAction;
}

static int
lxcOCIFlagParse(const virLXCJSON *value, unsigned int *flags, GError **error)
{
    size_t nrows = 0;
    const virLXCSeccompFlagRow *rows = virLXCSeccompFlagTable(&nrows);
    const char *name = virLXCJSONGetString(value, error);
    size_t i;

    if (!name)
        return -1;

    for (i = 0; i < nrows; i++) {
        if (g_str_equal(rows[i].oci, name)) {
            *flags |= rows[i].flag;
            return 0;
        }
    }

    return virLXCJSONSetError(value, error, _("unknown flag '%1$s'"), name);
}

static int
lxcOCIFlagsParse(const virLXCJSON *profile, unsigned int *flags, GError **error)
{
    unsigned int parsed = 0;
    const GPtrArray *values;
    size_t i;

    if (virLXCJSONGetList(profile, "flags", &values, error) < 0)
        return -1;

    for (i = 0; values && i < values->len; i++) {
        if (lxcOCIFlagParse(g_ptr_array_index(values, i), &parsed, error) < 0)
            return -1;
    }

    *flags = values ? parsed : VIR_LXC_SECCOMP_FLAG_SPEC_ALLOW;
    return 0;
}

/* The path is reported in XML, which cannot contain all Unicode characters. */
static bool
lxcOCIFitsXML(const char *text)
{
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);

        if (c < 0x20 || c == 0x7f || c == 0xfffe || c == 0xffff)
            return false;
    }
    return true;
}

static int
lxcOCIListenerPathCheck(const virLXCJSON *value, GError **error)
{
    const struct sockaddr_un *address = NULL;
    const char *path = virLXCJSONGetString(value, error);

    if (!path)
        return -1;

    if (path[0] == '/' && strlen(path) < sizeof(address->sun_path) &&
        lxcOCIFitsXML(path))
        return 0;

    return virLXCJSONSetError(
        value, error,
        _("invalid value '%1$s': expected an absolute path of "
          "at most %2$zu bytes without control characters"),
        path, sizeof(address->sun_path) - 1);
}

static int
lxcOCIListenerParse(const virLXCJSON *profile, virLXCSeccompRuleset *ruleset,
                    GError **error)
{
    const virLXCJSON *path = virLXCJSONGet(profile, "listenerPath");
    const virLXCJSON *metadata = virLXCJSONGet(profile, "listenerMetadata");

    if ((path && lxcOCIListenerPathCheck(path, error) < 0) ||
        (metadata && !virLXCJSONGetString(metadata, error)))
        return -1;

    if (metadata && !path)
        return virLXCJSONSetError(metadata, error, _("'%1$s' is missing"),
                                  "listenerPath");

    ruleset->listenerPath = path ? g_strdup(path->text) : NULL;
    ruleset->listenerMetadata = metadata ? g_strdup(metadata->text) : NULL;
    return 0;
}

static int
lxcOCIRulesParse(const virLXCJSON *profile, const virLXCSeccompContext *context,
                 virLXCSeccompRuleset *ruleset, GError **error)
{
    const GPtrArray *values;
    size_t i;

    if (virLXCJSONGetList(profile, "syscalls", &values, error) < 0)
        return -1;

    for (i = 0; values && i < values->len; i++) {
        if (virLXCOCIRuleParse(g_ptr_array_index(values, i), context,
                               ruleset->rules, &ruleset->kernel, error) < 0)
            return -1;
    }

    return 0;
}

static virLXCJSON *
lxcOCITextParse(const char *text, size_t length, const char *name,
                GError **error)
{
    g_autofree char *title = g_strdup_printf(_("seccomp profile '%1$s'"), name);

    if (length <= VIR_LXC_PROFILE_FILE_MAX)
        return virLXCJSONParse(text, length, title, error);

    virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                   _("seccomp profile '%1$s' is longer than %2$d bytes"), name,
                   VIR_LXC_PROFILE_FILE_MAX);
    return NULL;
}

virLXCSeccompRuleset *
virLXCOCIProfileParseValue(const virLXCJSON *profile,
                           const virLXCSeccompContext *context, GError **error)
{
    g_autoptr(virLXCSeccompRuleset) ruleset = virLXCSeccompRulesetEmpty();

    if (lxcOCIMembersCheck(profile, error) < 0 ||
        lxcOCIDefaultParse(profile, &ruleset->defaultAction, error) < 0 ||
        virLXCOCIArchsParse(profile, context->native, ruleset->archs, error) <
            0 ||
        lxcOCIFlagsParse(profile, &ruleset->flags, error) < 0 ||
        lxcOCIListenerParse(profile, ruleset, error) < 0 ||
        lxcOCIRulesParse(profile, context, ruleset, error) < 0)
        return NULL;

    ruleset->unknown = lxcOCIUnknown(ruleset->defaultAction);
    ruleset->badArch = lxcOCIBadArch(ruleset->defaultAction);
    return g_steal_pointer(&ruleset);
}

virLXCSeccompRuleset *
virLXCOCIProfileParse(const char *text, size_t length, const char *name,
                      const virLXCSeccompContext *context, GError **error)
{
    g_autoptr(virLXCJSON) profile = lxcOCITextParse(text, length, name, error);

    return profile ? virLXCOCIProfileParseValue(profile, context, error) : NULL;
}
