/*
 * lxc_users.c: look up users of a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <nss.h>

#include "internal.h"
#include "lxc_users.h"
#include "virerror.h"

#define VIR_FROM_THIS VIR_FROM_LXC


int
virLXCUsersFromFilesOnly(void)
{
    static const char *const databases[] = { "passwd", "group", "initgroups" };
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(databases); i++) {
        if (__nss_configure_lookup(databases[i], "files") < 0) {
            virReportSystemError(errno,
                                 _("cannot restrict lookups in '%1$s' to files"),
                                 databases[i]);
            return -1;
        }
    }

    return 0;
}
