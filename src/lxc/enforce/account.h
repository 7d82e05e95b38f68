/*
 * account.h: user and groups of init
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The container controls its passwd and group files. Only this code parses
 * them: the functions of the C library would read the container's nsswitch.conf
 * and load the libraries that it names.
 */

#pragma once

#include <glib.h>
#include <sys/types.h>

/** Maximum size of a container's passwd or group file, in bytes. */
#define VIR_LXC_ACCOUNT_FILE_MAX ((size_t)1024 * 1024)

/**
 * virLXCAccount: a user and its groups.
 *
 * @uid: user ID, or (uid_t)-1 if no user was given
 * @gid: group ID, or (gid_t)-1 if no group was given
 * @groups: array of gid_t: the supplementary groups, including @gid; never NULL
 * @primary: group ID in the passwd file, or (gid_t)-1 if it does not list @uid
 * @name: name in the passwd file, or NULL
 * @home: home directory in the passwd file, an absolute path, or NULL
 * @shell: shell in the passwd file, an absolute path, or NULL
 */
typedef struct {
    uid_t uid;
    gid_t gid;
    GArray *groups;
    gid_t primary;
    char *name;
    char *home;
    char *shell;
} virLXCAccount;

/**
 * virLXCAccountNew:
 * @user: name or number of a user, or NULL
 * @group: name or number of a group, or NULL
 * @passwd: text of the container's passwd file (passwd(5)), or NULL if it does
 *     not have one
 * @groups: text of the container's group file (group(5)), or NULL
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID if the user or group does
 *     not exist
 *
 * A string of digits, with or without a leading "+", is always a number, even
 * if the container has a user of that name. Malformed lines are skipped, as in
 * the C library.
 *
 * Returns an account that the caller frees with virLXCAccountFree(), or NULL.
 */
virLXCAccount *
virLXCAccountNew(const char *user, const char *group, const char *passwd,
                 const char *groups, GError **error);

/**
 * virLXCAccountFree:
 * @account: an account, or NULL
 */
void virLXCAccountFree(virLXCAccount *account);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCAccount, virLXCAccountFree)
