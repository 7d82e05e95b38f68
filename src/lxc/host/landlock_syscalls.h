/*
 * landlock_syscalls.h: the system calls of Landlock
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * C libraries do not have wrappers, and linux/landlock.h of Debian 12 covers
 * only ABI 2. We therefore define structures and constants ourselves, from
 * Documentation/userspace-api/landlock.rst. Each function returns the result of
 * the system call, and sets errno.
 */

#pragma once

#include <glib.h>

/**
 * virLXCLandlockGetABI:
 *
 * Returns the Landlock ABI of the kernel, 1 or higher; or -1 with errno ENOSYS
 * if Landlock is not built in, or EOPNOTSUPP if it was disabled at boot.
 */
int virLXCLandlockGetABI(void);

/**
 * virLXCLandlockGetErrata:
 *
 * Returns bit N - 1 for each erratum N that the kernel has fixed; 0 if the
 * kernel cannot report errata.
 */
unsigned int virLXCLandlockGetErrata(void);

/**
 * virLXCLandlockCreateRuleset:
 * @fs: handled_access_fs
 * @net: handled_access_net, 0 before ABI 4
 * @scope: scoped, 0 before ABI 6
 *
 * Returns a descriptor, or -1.
 */
int virLXCLandlockCreateRuleset(guint64 fs, guint64 net, guint64 scope);

/**
 * virLXCLandlockAddPath:
 * @ruleset: a ruleset
 * @fd: descriptor of a file or directory, which may be O_PATH
 * @allow: bits of kind FS
 *
 * Returns 0 or -1.
 */
int virLXCLandlockAddPath(int ruleset, int fd, guint64 allow);

/**
 * virLXCLandlockAddPort:
 * @ruleset: a ruleset
 * @port: port number
 * @allow: bits of kind NET
 *
 * Returns 0 or -1.
 */
int virLXCLandlockAddPort(int ruleset, unsigned int port, guint64 allow);

/**
 * virLXCLandlockRestrictSelf:
 * @ruleset: a ruleset
 * @flags: bits of kind RESTRICT
 *
 * Returns 0 or -1.
 */
int virLXCLandlockRestrictSelf(int ruleset, guint64 flags);
