/*
 * error.c: the error domain of the confinement libraries
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: all of them. In: a failure. Out: a GError.
 */

#include "error.h"

GQuark
virLXCConfinementErrorQuark(void)
{
    return g_quark_from_static_string("vir-lxc-confinement-error-quark");
}

int
virLXCSetError(GError **error, virLXCConfinementErrorCode code,
               const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (error)
        *error =
            g_error_new_valist(VIR_LXC_CONFINEMENT_ERROR, code, format, args);
    va_end(args);
    return -1;
}

int
virLXCSetSystemError(GError **error, int errnum, const char *format, ...)
{
    g_autofree char *what = NULL;
    va_list args;

    va_start(args, format);
    what = g_strdup_vprintf(format, args);
    va_end(args);

    return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM, "%s: %s",
                          what, g_strerror(errnum));
}
