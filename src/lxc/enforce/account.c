/*
 * account.c: look up the user and groups of init
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: names or numbers from the XML, and the text of the container's passwd and
 * group files. Out: numeric IDs.
 */

#include "account.h"

#include <limits.h>
#include <stdbool.h>

#include "error.h"
#include "i18n.h"

/* 2^32 - 1 means "no change" to setresuid(2) and chown(2). */
#define LXC_ID_MAX (G_MAXUINT32 - 1)

/* Fields of a line in both files. */
enum {
    LXC_NAME = 0,
    LXC_NUMBER = 2,
    LXC_PRIMARY = 3,
    LXC_MEMBERS = 3,
    LXC_HOME = 5,
    LXC_SHELL = 6,
};

static bool
lxcAccountNumber(const char *text, guint32 *number)
{
    guint64 n;

    return g_ascii_string_to_unsigned(text, 10, 0, LXC_ID_MAX, &n, NULL) &&
           ((*number = n), true);
}

/* Parses a number from the XML. Like coreutils and libvirt, accepts a leading
 * "+". */
static bool
lxcAccountIsNumber(const char *text, guint32 *number)
{
    return lxcAccountNumber(text[0] == '+' ? text + 1 : text, number);
}

/* Returns the fields of the first line whose @field is @value, or NULL. */
static char **
lxcAccountFind(const char *text, guint field, const char *value)
{
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", 0);
    size_t i;

    for (i = 0; lines[i]; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], ":", 0);
        guint32 number;

        if (g_strv_length(fields) > LXC_PRIMARY && fields[LXC_NAME][0] &&
            lxcAccountNumber(fields[LXC_NUMBER], &number) &&
            g_str_equal(fields[field], value))
            return g_steal_pointer(&fields);
    }

    return NULL;
}

static bool
lxcAccountFindNumber(const char *text, const char *name, guint32 *number)
{
    g_auto(GStrv) fields = lxcAccountFind(text, LXC_NAME, name);

    return fields && lxcAccountNumber(fields[LXC_NUMBER], number);
}

static int
lxcAccountSetUser(virLXCAccount *account, const char *user, const char *passwd,
                  GError **error)
{
    if (!user || lxcAccountIsNumber(user, &account->uid) ||
        lxcAccountFindNumber(passwd, user, &account->uid))
        return 0;

    return virLXCSetError(
        error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
        _("user '%1$s' does not exist in the container's /etc/passwd"), user);
}

static int
lxcAccountSetGroup(virLXCAccount *account, const char *group,
                   const char *groups, GError **error)
{
    if (!group || lxcAccountIsNumber(group, &account->gid) ||
        lxcAccountFindNumber(groups, group, &account->gid))
        return 0;

    return virLXCSetError(
        error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
        _("group '%1$s' does not exist in the container's /etc/group"), group);
}

/* The groups are data of the container: there may be many, each of them often.
 */
static void
lxcAccountAdd(virLXCAccount *account, GHashTable *seen, gid_t gid)
{
    g_autofree gid_t *key = g_new(gid_t, 1);

    *key = gid;
    if (g_hash_table_add(seen, g_steal_pointer(&key)))
        g_array_append_val(account->groups, gid);
}

/* Adds the groups of which @name is a member. */
static void
lxcAccountAddMemberships(virLXCAccount *account, GHashTable *seen,
                         const char *name, const char *groups)
{
    g_auto(GStrv) lines = g_strsplit(groups ? groups : "", "\n", 0);
    size_t i;

    for (i = 0; lines[i]; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], ":", 0);
        g_auto(GStrv) members = NULL;
        guint32 number;

        if (g_strv_length(fields) <= LXC_MEMBERS ||
            !lxcAccountNumber(fields[LXC_NUMBER], &number))
            continue;

        members = g_strsplit(fields[LXC_MEMBERS], ",", 0);
        if (g_strv_contains((const char *const *)members, name))
            lxcAccountAdd(account, seen, number);
    }
}

static char *
lxcAccountPath(char **fields, guint field)
{
    if (g_strv_length(fields) <= field || !g_path_is_absolute(fields[field]))
        return NULL;
    return g_strdup(fields[field]);
}

static void
lxcAccountAddGroups(virLXCAccount *account, const char *passwd,
                    const char *groups)
{
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_int_hash, g_int_equal, g_free, NULL);

    if (account->uid != (uid_t)-1) {
        g_autofree char *uid = g_strdup_printf("%u", account->uid);
        g_auto(GStrv) fields = lxcAccountFind(passwd, LXC_NUMBER, uid);
        guint32 primary;

        if (fields) {
            account->name = g_strdup(fields[LXC_NAME]);
            account->home = lxcAccountPath(fields, LXC_HOME);
            account->shell = lxcAccountPath(fields, LXC_SHELL);
        }
        if (fields && lxcAccountNumber(fields[LXC_PRIMARY], &primary)) {
            account->primary = primary;
            lxcAccountAdd(account, seen, primary);
            lxcAccountAddMemberships(account, seen, fields[LXC_NAME], groups);
        }
    }

    if (account->gid != (gid_t)-1)
        lxcAccountAdd(account, seen, account->gid);
}

virLXCAccount *
virLXCAccountNew(const char *user, const char *group, const char *passwd,
                 const char *groups, GError **error)
{
    g_autoptr(virLXCAccount) account = g_new0(virLXCAccount, 1);

    account->uid = (uid_t)-1;
    account->gid = (gid_t)-1;
    account->primary = (gid_t)-1;
    account->groups = g_array_new(FALSE, FALSE, sizeof(gid_t));

    if (lxcAccountSetUser(account, user, passwd, error) < 0 ||
        lxcAccountSetGroup(account, group, groups, error) < 0)
        return NULL;

    lxcAccountAddGroups(account, passwd, groups);
    if (account->groups->len > NGROUPS_MAX) {
        virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                       _("the container's /etc/group lists more than %1$d "
                         "groups for the user"),
                       NGROUPS_MAX);
        return NULL;
    }
    return g_steal_pointer(&account);
}

void
virLXCAccountFree(virLXCAccount *account)
{
    if (!account)
        return;

    g_array_unref(account->groups);
    g_free(account->name);
    g_free(account->home);
    g_free(account->shell);
    g_free(account);
}
