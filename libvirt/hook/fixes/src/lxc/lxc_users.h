/*
 * lxc_users.h: look up users of a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/**
 * virLXCUsersFromFilesOnly:
 *
 * Restricts lookups of users and groups to /etc/passwd and /etc/group, whatever
 * the container's nsswitch.conf(5) says. The services named there are
 * libraries, whose code would run with the privileges of the caller. Must be
 * called before any lookup by a process whose root directory is the
 * container's.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCUsersFromFilesOnly(void);
