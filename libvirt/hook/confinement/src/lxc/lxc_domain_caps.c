/*
 * lxc_domain_caps.c: domain capabilities of the LXC driver
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "lxc_domain_caps.h"

#include "domain_conf.h"
#include "virerror.h"
#include "virlxcconfinementhost.h"

#include "virlxcconfinementcompat.h"

#define VIR_FROM_THIS VIR_FROM_LXC


char *
lxcDomainCapsGet(virLXCDriver *driver,
                 const char *emulator,
                 const char *arch,
                 const char *machine,
                 const char *virttype)
{
    g_autoptr(virCaps) caps = NULL;
    g_autofree virCapsDomainData *data = NULL;
    int type = VIR_DOMAIN_VIRT_LXC;
    virArch archID = VIR_ARCH_NONE;

    if (virttype &&
        (type = virDomainVirtTypeFromString(virttype)) < 0) {
        virReportError(VIR_ERR_INVALID_ARG,
                       _("unknown virttype: %1$s"), virttype);
        return NULL;
    }

    if (arch &&
        (archID = virArchFromString(arch)) == VIR_ARCH_NONE) {
        virReportError(VIR_ERR_INVALID_ARG,
                       _("unknown architecture: %1$s"), arch);
        return NULL;
    }

    if (!(caps = virLXCDriverGetCapabilities(driver, false)))
        return NULL;

    if (!(data = virCapabilitiesDomainDataLookup(caps, VIR_DOMAIN_OSTYPE_EXE,
                                                 archID, type,
                                                 emulator, NULL, true)))
        return NULL;

    if (machine) {
        virReportError(VIR_ERR_INVALID_ARG,
                       _("the machine '%1$s' is not supported by emulator '%2$s'"),
                       machine, data->emulator);
        return NULL;
    }

    return virLXCConfinementDomainCaps(data->emulator, data->arch);
}
