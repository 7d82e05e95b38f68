/*
 * virlxcconfinementhost.c: what this host offers to confinement
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "configmake.h"
#include "virlxcconfinementhost.h"

#include "domain_caps.h"
#include "lsm_probe.h"
#include "profile_check.h"
#include "profile_file.h"

#include "virlxcconfinementerror.h"

#define VIR_FROM_THIS VIR_FROM_LXC


static virLXCHostInfo *
virLXCConfinementHostProbe(void)
{
    g_autoptr(GError) error = NULL;
    virLXCHostInfo *info = virLXCHostInfoProbe(VIR_LXC_CONFINEMENT_PROFILE_DIR,
                                               &error);

    if (!info)
        virLXCConfinementReportError(error);

    return info;
}


char *
virLXCConfinementDomainCaps(const char *path,
                            virArch arch)
{
    g_autoptr(virLXCHostInfo) info = virLXCConfinementHostProbe();

    if (!info)
        return NULL;

    return virLXCDomainCapsFormat(info, path, virArchToString(arch));
}


char **
virLXCConfinementHostLSMs(void)
{
    return virLXCLSMProbe(VIR_LXC_LSM_FILE);
}


GPtrArray *
virLXCConfinementHostChecks(void)
{
    g_autoptr(virLXCHostInfo) info = virLXCConfinementHostProbe();
    GPtrArray *checks = NULL;
    size_t i;

    if (!info)
        return NULL;

    checks = virLXCHostChecks(info);
    for (i = 0; info->profiles[i]; i++) {
        const char *name = info->profiles[i];
        g_autoptr(GError) error = NULL;
        g_autofree char *text = virLXCProfileFileRead(VIR_LXC_CONFINEMENT_PROFILE_DIR,
                                                      name, &error);

        g_ptr_array_add(checks, virLXCProfileCheckNew(&info->host, name,
                                                      text, error));
    }

    return checks;
}
