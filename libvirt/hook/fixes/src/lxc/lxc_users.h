/*
 * lxc_users.h: lookups of a container's users
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/**
 * virLXCUsersFromFilesOnly:
 *
 * To be called by a process whose root directory is the container's, before it
 * looks up users or groups: only /etc/passwd and /etc/group are read, whatever
 * the container's nsswitch.conf(5) says. A service named there is a library,
 * whose code would run with the privileges of the caller.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCUsersFromFilesOnly(void);
