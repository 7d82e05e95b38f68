/*
 * stability.c: definitions compared
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "stability.h"

#include "i18n.h"

int
virLXCStabilityCompare(const char *what, const char *src, const char *dst,
                       GError **error)
{
    if (g_strcmp0(src, dst) == 0)
        return 0;

    g_set_error(error, VIR_LXC_CONFINEMENT_ERROR,
                VIR_LXC_CONFINEMENT_ERROR_INVALID,
                _("%1$s differs: source '%2$s', destination '%3$s'"), what,
                src ? src : "absent", dst ? dst : "absent");
    return -1;
}

const char *
virLXCStabilityPresence(bool present)
{
    return present ? "present" : NULL;
}
