/*
 * profile_check.c: whether the administrator's profiles are valid
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the text of a profile, and a host. Out: a virLXCHostCheck.
 */

#include "profile_check.h"

#include <string.h>

#include "i18n.h"
#include "oci_profile.h"

/* Rules that depend on capabilities are checked as if a domain had all. */
static char *
lxcProfileHint(const virLXCHost *host, const char *name, const char *text)
{
    const virLXCSeccompContext context = {
        .native = host->seccompArch,
        .capabilities = G_MAXUINT64,
        .kernel = host->kernel,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCSeccompRuleset) ruleset =
        virLXCOCIProfileParse(text, strlen(text), name, &context, &error);

    return ruleset ? NULL : g_strdup(error->message);
}

virLXCHostCheck *
virLXCProfileCheckNew(const virLXCHost *host, const char *name,
                      const char *text, const GError *cause)
{
    virLXCHostCheck *check = g_new0(virLXCHostCheck, 1);

    check->what =
        g_strdup_printf(_("if seccomp profile '%1$s' is valid"), name);
    if (!text)
        check->hint = g_strdup(cause->message);
    else if (!host->seccompArch)
        check->hint = g_strdup(_("seccomp filters are not supported on this "
                                 "architecture"));
    else
        check->hint = lxcProfileHint(host, name, text);

    check->result =
        check->hint ? VIR_LXC_HOST_CHECK_WARN : VIR_LXC_HOST_CHECK_PASS;
    return check;
}
