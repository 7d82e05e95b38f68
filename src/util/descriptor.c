/*
 * descriptor.c: descriptors that close themselves
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "descriptor.h"

#include <errno.h>
#include <unistd.h>

void
virLXCDescriptorClose(int *fd)
{
    int errnum = errno;

    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    errno = errnum;
}

int
virLXCDescriptorSteal(int *fd)
{
    int stolen = *fd;

    *fd = -1;
    return stolen;
}
