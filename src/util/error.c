/*
 * error.c: the error domain of the confinement libraries
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: all of them. In: a failure. Out: a GError.
 */

#include "error.h"

/* What GLib keeps with an error of this domain. */
typedef struct {
    int line;
} lxcErrorPrivate;

static void
lxcError_private_init(lxcErrorPrivate *priv)
{
    priv->line = 0;
}

static void
lxcError_private_copy(const lxcErrorPrivate *source, lxcErrorPrivate *copy)
{
    *copy = *source;
}

static void
lxcError_private_clear(lxcErrorPrivate *priv)
{
    priv->line = 0;
}

static GQuark lxcError_quark(void);

/* GLib's macro casts a number to a pointer. NOLINTNEXTLINE */
G_DEFINE_EXTENDED_ERROR(lxcError, lxcError)

GQuark
virLXCConfinementErrorQuark(void)
{
    return lxcError_quark();
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
virLXCSetErrorAtLine(GError **error, virLXCConfinementErrorCode code, long line,
                     const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (error) {
        *error =
            g_error_new_valist(VIR_LXC_CONFINEMENT_ERROR, code, format, args);
        lxcError_get_private(*error)->line = (int)line;
    }
    va_end(args);
    return -1;
}

int
virLXCErrorGetLine(const GError *error)
{
    return error->domain == VIR_LXC_CONFINEMENT_ERROR
               ? lxcError_get_private(error)->line
               : 0;
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
