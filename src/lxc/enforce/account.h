/*
 * account.h: the user and groups that init runs as
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The container's passwd and group files are data of the container. They are
 * read as text by this code alone: the C library's functions would read
 * nsswitch.conf and load what it names.
 */

#pragma once

#include <glib.h>
#include <sys/types.h>

/** Size limit of a container's passwd or group file in bytes. */
#define VIR_LXC_ACCOUNT_FILE_MAX (1024 * 1024)

/**
 * virLXCAccount: a user and groups by number.
 *
 * @uid: user ID, or (uid_t)-1 when none was asked for
 * @gid: group ID, or (gid_t)-1 when none was asked for
 * @groups: gid_t, the supplementary groups, @gid among them; never NULL
 */
typedef struct {
    uid_t uid;
    gid_t gid;
    GArray *groups;
} virLXCAccount;

/**
 * virLXCAccountNew:
 * @user: name or number of a user, or NULL
 * @group: name or number of a group, or NULL
 * @passwd: text of the container's passwd file (passwd(5)), or NULL when it has
 *     none
 * @groups: text of its group file (group(5)), likewise
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID if the user or group does
 *     not exist
 *
 * Digits, with or without a leading "+", are always a number, even if the
 * container has a user of that name. Lines that are malformed are skipped, as
 * the C library does.
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
