/*
 * confinement_stability.c: whether two definitions request the same
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: validate. In: two definitions. Out: the first line of their XML that
 * differs.
 */

#include "confinement_conf.h"

#include "i18n.h"

/* An omitted value means the same as its default, and so must have the same
 * text. */
static virLXCSwitch
lxcStabilityNoNewPrivs(const virLXCConfinementDef *def)
{
    if (def->noNewPrivs != VIR_LXC_SWITCH_ABSENT)
        return def->noNewPrivs;

    return def->landlock ? VIR_LXC_SWITCH_ON : VIR_LXC_SWITCH_OFF;
}

/* The lines of a <features> element with what a definition requests, as opposed
 * to what is in effect. */
static char **
lxcStabilityLines(const virLXCConfinementDef *def)
{
    virLXCConfinementDef asked = def ? *def : (virLXCConfinementDef){0};
    virLXCKernelFilesDef kernelFiles = {0};
    virLXCLandlockDef landlock = {0};
    virLXCSeccompDef seccomp = {0};
    g_autofree char *xml = NULL;
    g_autofree char *features = NULL;

    asked.noNewPrivs = lxcStabilityNoNewPrivs(&asked);
    asked.noNewPrivsEffective = VIR_LXC_SWITCH_ABSENT;
    asked.capabilities.hasEffective = false;
    if (asked.kernelFiles) {
        kernelFiles = *asked.kernelFiles;
        kernelFiles.effective = NULL;
        asked.kernelFiles = &kernelFiles;
    }
    if (asked.landlock) {
        landlock = *asked.landlock;
        landlock.effective = NULL;
        asked.landlock = &landlock;
    }
    if (asked.seccomp) {
        seccomp = *asked.seccomp;
        seccomp.effective = NULL;
        asked.seccomp = &seccomp;
    }

    xml = virLXCConfinementDefFormat(&asked, 0);
    features = g_strconcat("<features>\n", xml, "</features>", NULL);
    return g_strsplit(features, "\n", 0);
}

int
virLXCConfinementDefCheckABIStability(const virLXCConfinementDef *src,
                                      const virLXCConfinementDef *dst,
                                      GError **error)
{
    g_auto(GStrv) a = lxcStabilityLines(src);
    g_auto(GStrv) b = lxcStabilityLines(dst);
    size_t i = 0;

    while (a[i] && g_strcmp0(a[i], b[i]) == 0)
        i++;

    /* Neither is the beginning of the other: both end with </features>. */
    if (!a[i])
        return 0;

    return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                          _("confinement differs: the source has %1$s where "
                            "the destination has %2$s"),
                          g_strstrip(a[i]), g_strstrip(b[i]));
}
