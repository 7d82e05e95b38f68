/*
 * openat2.c: opens a path within limits
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "openat2.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The same on every architecture except alpha, whose headers have it. */
#ifndef SYS_openat2
#define SYS_openat2 437
#endif

#define LXC_OPENAT2_TRIES 1000

int
virLXCOpenat2(int dirfd, const char *path, uint64_t flags, uint64_t resolve)
{
    struct open_how how = {
        .flags = flags | O_CLOEXEC,
        .resolve = resolve | RESOLVE_NO_MAGICLINKS,
    };
    int fd = -1;
    int tries;

    for (tries = 0; tries < LXC_OPENAT2_TRIES; tries++) {
        fd = (int)syscall(SYS_openat2, dirfd, path, &how, sizeof(how));
        if (fd >= 0 || errno != EAGAIN)
            return fd;
    }
    return fd;
}
