/*
 * exec_program.h: find a program of a container, and make its environment
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

#include "account.h"

/**
 * virLXCExecFindAccount:
 * @user: name or number of a user, or NULL for root
 * @group: name or number of a group, or NULL for those of @user
 * @groups: names or numbers of all other groups, NULL-terminated, or NULL for
 *     those of @user
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID if there is no such user or
 *     group, or to VIR_LXC_CONFINEMENT_ERROR_SYSTEM if the container's files
 *     cannot be read
 *
 * Looks up a user in the files of the container whose root directory is that of
 * the caller. A user that these files do not list needs a group. Only explicit
 * users and groups depend on these files: a container cannot lock out root.
 *
 * Returns an account, which the caller frees, or NULL.
 */
virLXCAccount *virLXCExecFindAccount(const char *user, const char *group,
                                     char *const *groups, GError **error);

/**
 * virLXCExecEnvironment:
 * @account: the user
 * @uuid: UUID of the domain
 * @extra: "NAME=value" strings, which override others of the same name, or
 *     NULL
 *
 * Returns the environment of a program: PATH, HOME, USER, LOGNAME and SHELL,
 * the variables that identify the container (container, container_uuid), and
 * @extra. The caller frees it with g_strfreev().
 */
char **virLXCExecEnvironment(const virLXCAccount *account, const char *uuid,
                             char *const *extra);

/**
 * virLXCExecFindProgram:
 * @name: absolute path of a program, a path relative to the working directory,
 *     or a name without slashes that is looked up in PATH
 * @env: environment of the program
 * @errnum: filled on failure, as execve(2) would fail: ENOENT, EACCES or
 *     another errno value
 *
 * Finds a program of the container whose root directory is that of the caller.
 *
 * Returns an absolute path, which the caller frees, or NULL.
 */
char *virLXCExecFindProgram(const char *name, char **env, int *errnum);
