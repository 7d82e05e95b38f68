/*
 * lxc_child.c: descriptors that a container's process does not need
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <unistd.h>

#include "lxc_child.h"
#include "virfile.h"

static int parentOnly[8] = { -1, -1, -1, -1, -1, -1, -1, -1 };


void
virLXCChildAddParentOnly(int fd)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(parentOnly); i++) {
        if (parentOnly[i] < 0) {
            parentOnly[i] = fd;
            return;
        }
    }
    g_assert_not_reached();
}


void
virLXCChildCloseParentOnly(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(parentOnly); i++)
        VIR_FORCE_CLOSE(parentOnly[i]);
}
