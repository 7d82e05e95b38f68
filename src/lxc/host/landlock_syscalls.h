/*
 * landlock_syscalls.h: the system calls of Landlock
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * No C library has wrappers, and Debian 12's linux/landlock.h knows ABI 2 only,
 * hence structures and numbers of our own: Documentation/userspace-api/
 * landlock.rst. Each function returns as the system call does, with errno.
 */

#pragma once

#include <glib.h>

/**
 * virLXCLandlockGetABI:
 *
 * Returns the kernel's Landlock ABI, 1 or more; -1 with errno ENOSYS when it
 * was not built in, or EOPNOTSUPP when it was disabled at boot.
 */
int virLXCLandlockGetABI(void);

/**
 * virLXCLandlockGetErrata:
 *
 * Returns bit N - 1 for each erratum N that the kernel has fixed; 0 when it
 * does not say.
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
 * @fd: a file or directory, O_PATH will do
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
