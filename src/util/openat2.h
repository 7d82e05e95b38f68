/*
 * openat2.h: opens a path within limits
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>

/**
 * virLXCOpenat2:
 * @dirfd: directory that @path is relative to, or AT_FDCWD
 * @path: a path
 * @flags: of open(2); O_CLOEXEC is added
 * @resolve: RESOLVE_* of openat2(2); RESOLVE_NO_MAGICLINKS is added
 *
 * Opens @path by openat2(2), for which the C library does not have a function.
 * With RESOLVE_BENEATH and RESOLVE_IN_ROOT, the kernel fails with EAGAIN if
 * there is ".." in the path while anything is renamed or mounted on the host.
 * This is tried again, but not for ever.
 *
 * Returns a descriptor, or -1 with errno set.
 */
int
virLXCOpenat2(int dirfd, const char *path, uint64_t flags, uint64_t resolve);
