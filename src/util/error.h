/*
 * error.h: the error domain of the confinement libraries
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Fallible functions return 0/-1 or a pointer/NULL and set one GError of this
 * domain; on failure their outputs are untouched. The libraries never log.
 */

#pragma once

#include <glib.h>

/**
 * VIR_LXC_CONFINEMENT_ERROR: GError domain of src/conf and src/lxc.
 */
#define VIR_LXC_CONFINEMENT_ERROR (virLXCConfinementErrorQuark())

/**
 * virLXCConfinementErrorCode: the kind of failure that a GError reports.
 * Callers may act on it, so the meaning of a code never changes.
 *
 * @VIR_LXC_CONFINEMENT_ERROR_XML: the document is malformed: an unknown,
 *     missing or repeated element or attribute, or a value that is not one of
 *     those that the attribute takes
 * @VIR_LXC_CONFINEMENT_ERROR_INVALID: well formed, but contradictory
 * @VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED: this host cannot enforce the policy
 * @VIR_LXC_CONFINEMENT_ERROR_SYSTEM: a system call failed
 * @VIR_LXC_CONFINEMENT_ERROR_NOT_EXECUTABLE: the policy does not allow the
 *     execution of the program
 */
typedef enum {
    VIR_LXC_CONFINEMENT_ERROR_XML,
    VIR_LXC_CONFINEMENT_ERROR_INVALID,
    VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
    VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
    VIR_LXC_CONFINEMENT_ERROR_NOT_EXECUTABLE,
} virLXCConfinementErrorCode;

/**
 * virLXCConfinementErrorQuark:
 *
 * Returns the quark behind VIR_LXC_CONFINEMENT_ERROR.
 */
GQuark virLXCConfinementErrorQuark(void);

/**
 * virLXCSetError:
 * @error: where to store the error, or NULL
 * @code: the kind of failure
 * @format: printf format of a complete sentence
 *
 * Returns -1.
 */
int virLXCSetError(GError **error, virLXCConfinementErrorCode code,
                   const char *format, ...) G_GNUC_PRINTF(3, 4);

/**
 * virLXCSetErrorAtLine:
 * @error: where to store the error, or NULL
 * @code: the kind of failure
 * @line: line of the domain's XML that is at fault, which the text should name
 *     as well; 0 when unknown
 * @format: printf format of a complete sentence
 *
 * Returns -1.
 */
int
virLXCSetErrorAtLine(GError **error, virLXCConfinementErrorCode code, long line,
                     const char *format, ...) G_GNUC_PRINTF(4, 5);

/**
 * virLXCErrorGetLine:
 * @error: an error
 *
 * Returns the line of the domain's XML that is at fault, or 0 when there is
 * none or it is unknown.
 */
int virLXCErrorGetLine(const GError *error);

/**
 * virLXCSetSystemError:
 * @error: where to store the error, or NULL
 * @errnum: an errno value
 * @format: printf format of what was attempted
 *
 * Sets an error of code VIR_LXC_CONFINEMENT_ERROR_SYSTEM whose text is
 * "WHAT: STRERROR".
 *
 * Returns -1.
 */
int virLXCSetSystemError(GError **error, int errnum, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
