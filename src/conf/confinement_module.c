/*
 * confinement_module.c: the confinement elements of <features>
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse and format. One row for each element: its name, and the
 * functions that read and write it.
 */

#include "confinement_module.h"

static int
lxcConfinementParseCapabilities(virLXCConfinementDef *def,
                                struct _xmlNode *node, bool live,
                                GError **error)
{
    return virLXCCapabilitiesDefParse(&def->capabilities, node, live, error);
}

static void
lxcConfinementFormatCapabilities(const virLXCConfinementDef *def, GString *out,
                                 unsigned int indent, bool status)
{
    virLXCCapabilitiesDefFormat(&def->capabilities, out, indent, status);
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
                               unsigned int indent, bool status G_GNUC_UNUSED)
{
    virLXCNoNewPrivsFormat(def->noNewPrivs, def->noNewPrivsEffective, out,
                           indent);
}

static int
lxcConfinementParseLandlock(virLXCConfinementDef *def, struct _xmlNode *node,
                            bool live, GError **error)
{
    def->landlock = virLXCLandlockDefParse(node, live, error);
    return def->landlock ? 0 : -1;
}

static void
lxcConfinementFormatLandlock(const virLXCConfinementDef *def, GString *out,
                             unsigned int indent, bool status G_GNUC_UNUSED)
{
    if (def->landlock)
        virLXCLandlockDefFormat(def->landlock, out, indent);
}

static int
lxcConfinementParseSeccomp(virLXCConfinementDef *def, struct _xmlNode *node,
                           bool live, GError **error)
{
    def->seccomp = virLXCSeccompDefParse(node, live, error);
    return def->seccomp ? 0 : -1;
}

static void
lxcConfinementFormatSeccomp(const virLXCConfinementDef *def, GString *out,
                            unsigned int indent, bool status G_GNUC_UNUSED)
{
    if (def->seccomp)
        virLXCSeccompDefFormat(def->seccomp, out, indent);
}

static int
lxcConfinementParseKernelFiles(virLXCConfinementDef *def, struct _xmlNode *node,
                               bool live, GError **error)
{
    def->kernelFiles = virLXCKernelFilesDefParse(node, live, error);
    return def->kernelFiles ? 0 : -1;
}

static void
lxcConfinementFormatKernelFiles(const virLXCConfinementDef *def, GString *out,
                                unsigned int indent, bool status G_GNUC_UNUSED)
{
    if (def->kernelFiles)
        virLXCKernelFilesDefFormat(def->kernelFiles, out, indent);
}

/* In the order in which dumpxml shows them. */
static const virLXCConfinementModule lxcConfinementModules[] = {
    {
        .name = "capabilities",
        .parse = lxcConfinementParseCapabilities,
        .format = lxcConfinementFormatCapabilities,
    },
    {
        .name = "no-new-privs",
        .parse = lxcConfinementParseNoNewPrivs,
        .format = lxcConfinementFormatNoNewPrivs,
    },
    {
        .name = "landlock",
        .parse = lxcConfinementParseLandlock,
        .format = lxcConfinementFormatLandlock,
    },
    {
        .name = "seccomp",
        .parse = lxcConfinementParseSeccomp,
        .format = lxcConfinementFormatSeccomp,
    },
    {
        .name = "kernel-files",
        .parse = lxcConfinementParseKernelFiles,
        .format = lxcConfinementFormatKernelFiles,
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
