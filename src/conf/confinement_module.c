/*
 * confinement_module.c: the confinement elements of <features>
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse and format. One row for each element: its name, and the
 * functions that read, write and compare it.
 */

#include "confinement_module.h"

#include "stability.h"

static int
lxcConfinementParseCapabilities(virLXCConfinementDef *def, struct _xmlNode *node,
                                bool live, GError **error)
{
    return virLXCCapabilitiesDefParse(&def->capabilities, node, live, error);
}

static void
lxcConfinementFormatCapabilities(const virLXCConfinementDef *def, GString *out,
                                 unsigned int indent)
{
    virLXCCapabilitiesDefFormat(&def->capabilities, out, indent);
}

static int
lxcConfinementCheckCapabilities(const virLXCConfinementDef *src,
                                const virLXCConfinementDef *dst, GError **error)
{
    return virLXCCapabilitiesDefCheckABIStability(&src->capabilities,
                                                  &dst->capabilities, error);
}

static int
lxcConfinementParseNoNewPrivs(virLXCConfinementDef *def, struct _xmlNode *node,
                              bool live, GError **error)
{
    return virLXCNoNewPrivsParse(&def->noNewPrivs, &def->noNewPrivsEffective,
                                 node, live, error);
}

static void
lxcConfinementFormatNoNewPrivs(const virLXCConfinementDef *def, GString *out,
                               unsigned int indent)
{
    virLXCNoNewPrivsFormat(def->noNewPrivs, def->noNewPrivsEffective, out,
                           indent);
}

/* Not said is off, but where <landlock> turns it on. */
static virLXCSwitch
lxcConfinementNoNewPrivs(const virLXCConfinementDef *def)
{
    if (def->noNewPrivs != VIR_LXC_SWITCH_ABSENT)
        return def->noNewPrivs;

    return def->landlock ? VIR_LXC_SWITCH_ON : VIR_LXC_SWITCH_OFF;
}

static int
lxcConfinementCheckNoNewPrivs(const virLXCConfinementDef *src,
                              const virLXCConfinementDef *dst, GError **error)
{
    return virLXCStabilityCompare(
        "<no-new-privs>", virLXCSwitchName(lxcConfinementNoNewPrivs(src)),
        virLXCSwitchName(lxcConfinementNoNewPrivs(dst)), error);
}

static int
lxcConfinementParseLandlock(virLXCConfinementDef *def, struct _xmlNode *node, bool live,
                            GError **error)
{
    def->landlock = virLXCLandlockDefParse(node, live, error);
    return def->landlock ? 0 : -1;
}

static void
lxcConfinementFormatLandlock(const virLXCConfinementDef *def, GString *out,
                             unsigned int indent)
{
    if (def->landlock)
        virLXCLandlockDefFormat(def->landlock, out, indent);
}

static int
lxcConfinementCheckLandlock(const virLXCConfinementDef *src,
                            const virLXCConfinementDef *dst, GError **error)
{
    return virLXCLandlockDefCheckABIStability(src->landlock, dst->landlock,
                                              error);
}

static int
lxcConfinementParseSeccomp(virLXCConfinementDef *def, struct _xmlNode *node, bool live,
                           GError **error)
{
    def->seccomp = virLXCSeccompDefParse(node, live, error);
    return def->seccomp ? 0 : -1;
}

static void
lxcConfinementFormatSeccomp(const virLXCConfinementDef *def, GString *out,
                            unsigned int indent)
{
    if (def->seccomp)
        virLXCSeccompDefFormat(def->seccomp, out, indent);
}

static int
lxcConfinementCheckSeccomp(const virLXCConfinementDef *src,
                           const virLXCConfinementDef *dst, GError **error)
{
    return virLXCSeccompDefCheckABIStability(src->seccomp, dst->seccomp, error);
}

/* In the order in which dumpxml shows them. */
static const virLXCConfinementModule lxcConfinementModules[] = {
    {
        .name = "capabilities",
        .parse = lxcConfinementParseCapabilities,
        .format = lxcConfinementFormatCapabilities,
        .checkABI = lxcConfinementCheckCapabilities,
    },
    {
        .name = "no-new-privs",
        .parse = lxcConfinementParseNoNewPrivs,
        .format = lxcConfinementFormatNoNewPrivs,
        .checkABI = lxcConfinementCheckNoNewPrivs,
    },
    {
        .name = "landlock",
        .parse = lxcConfinementParseLandlock,
        .format = lxcConfinementFormatLandlock,
        .checkABI = lxcConfinementCheckLandlock,
    },
    {
        .name = "seccomp",
        .parse = lxcConfinementParseSeccomp,
        .format = lxcConfinementFormatSeccomp,
        .checkABI = lxcConfinementCheckSeccomp,
    },
};

const virLXCConfinementModule *
virLXCConfinementModules(size_t *nrows)
{
    *nrows = G_N_ELEMENTS(lxcConfinementModules);
    return lxcConfinementModules;
}

bool
virLXCConfinementIsElement(const char *name)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcConfinementModules); i++) {
        if (g_str_equal(lxcConfinementModules[i].name, name))
            return true;
    }

    return false;
}
