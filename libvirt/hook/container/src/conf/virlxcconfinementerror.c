/*
 * virlxcconfinementerror.c: errors of the confinement libraries
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "virlxcconfinementerror.h"

#include "error.h"

#include "virerror.h"

#define VIR_FROM_THIS VIR_FROM_LXC


void
virLXCConfinementReportError(const GError *error)
{
    int code = VIR_ERR_INTERNAL_ERROR;

    switch ((virLXCConfinementErrorCode) error->code) {
    case VIR_LXC_CONFINEMENT_ERROR_XML:
        code = VIR_ERR_XML_ERROR;
        break;
    case VIR_LXC_CONFINEMENT_ERROR_INVALID:
    case VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED:
    case VIR_LXC_CONFINEMENT_ERROR_NOT_EXECUTABLE:
        code = VIR_ERR_CONFIG_UNSUPPORTED;
        break;
    case VIR_LXC_CONFINEMENT_ERROR_SYSTEM:
        code = VIR_ERR_SYSTEM_ERROR;
        break;
    }

    virReportError(code, "%s", error->message);
    if (virLXCErrorGetLine(error) > 0)
        virGetLastError()->int1 = virLXCErrorGetLine(error);
}
