/*
 * test_account.c: users and groups of a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "account.h"
#include "error.h"

#define NONE G_MAXUINT32

static const char testPasswd[] = "root:x:0:0::/:/bin/sh\n"
                                 "broken\n"
                                 ":x:77:77::/:\n"
                                 "odd:x:1x:5::/:\n"
                                 "negative:x:-5:5::/:\n"
                                 "huge:x:4294967295:5::/:\n"
                                 "alice:x:1000:1001::/:/bin/sh\n"
                                 "1000:x:0:0::/:/bin/sh\n"
                                 "+alice::0:0:::\n"
                                 "twin:x:1000:9::/:";
static const char testGroup[] = "root:x:0:\n"
                                "alice:x:1001:\n"
                                "wheel:x:10:bob,alice\n"
                                "users:x:100:alicex,bob\n"
                                "1001:x:0:\n"
                                "bad:x:ten:alice\n"
                                "adm:x:4:alice";

typedef struct {
    const char *user;
    const char *group;
    guint32 uid;
    guint32 gid;
    const char *groups;
} testRow;

static const testRow testRows[] = {
    {NULL, NULL, NONE, NONE, ""},
    {"root", NULL, 0, NONE, "0 "},
    {"alice", NULL, 1000, NONE, "1001 10 4 "},
    {"alice", "alice", 1000, 1001, "1001 10 4 "},
    {"alice", "users", 1000, 100, "1001 10 4 100 "},
    /* A number is a number, whatever the container calls its users. */
    {"1000", NULL, 1000, NONE, "1001 10 4 "},
    {"+1000", NULL, 1000, NONE, "1001 10 4 "},
    {"1000", "1001", 1000, 1001, "1001 10 4 "},
    {"12345", NULL, 12345, NONE, ""},
    {"12345", "7", 12345, 7, "7 "},
    {NULL, "wheel", NONE, 10, "10 "},
    {"4294967294", NULL, 4294967294, NONE, ""},
};

static char *
testGroups(const virLXCAccount *account)
{
    GString *out = g_string_new(NULL);
    size_t i;

    for (i = 0; i < account->groups->len; i++)
        g_string_append_printf(out, "%u ",
                               g_array_index(account->groups, gid_t, i));
    return g_string_free(out, FALSE);
}

static void
testRowRun(const void *opaque)
{
    const testRow *row = opaque;
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCAccount) account = NULL;
    g_autofree char *groups = NULL;

    account =
        virLXCAccountNew(row->user, row->group, testPasswd, testGroup, &error);
    g_assert_no_error(error);
    groups = testGroups(account);
    g_assert_cmpuint(account->uid, ==, row->uid);
    g_assert_cmpuint(account->gid, ==, row->gid);
    g_assert_cmpstr(groups, ==, row->groups);
}

static void
testRefused(void)
{
    static const char *const users[] = {
        "bob",    "",    "odd", "negative", "huge",    "4294967295", "-1",
        "broken", "1 0", "0x0", "++1",      "alice:x", "root ",      NULL};
    size_t i;

    for (i = 0; users[i]; i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *quoted = g_strdup_printf("'%s'", users[i]);

        g_test_message("%s", users[i]);
        g_assert_null(
            virLXCAccountNew(users[i], NULL, testPasswd, testGroup, &error));
        g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                       VIR_LXC_CONFINEMENT_ERROR_INVALID);
        g_assert_nonnull(strstr(error->message, quoted));
        g_clear_error(&error);
        g_assert_null(
            virLXCAccountNew(NULL, users[i], testPasswd, testGroup, &error));
        g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                       VIR_LXC_CONFINEMENT_ERROR_INVALID);
    }
}

static void
testWithoutFiles(void)
{
    g_autoptr(virLXCAccount) account =
        virLXCAccountNew("5", "6", NULL, NULL, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_cmpuint(account->uid, ==, 5);
    g_assert_cmpuint(account->groups->len, ==, 1);
    g_assert_null(virLXCAccountNew("root", NULL, NULL, NULL, &error));
    g_assert_nonnull(error);
    virLXCAccountFree(NULL);
}

static void
testManyGroups(void)
{
    g_autoptr(GString) groups = g_string_new(NULL);
    g_autoptr(virLXCAccount) account = NULL;
    g_autoptr(GError) error = NULL;
    size_t i;

    for (i = 0; i < 65000; i++)
        g_string_append_printf(groups, "g:x:%zu:alice\ng:x:%zu:alice\n", i, i);
    account = virLXCAccountNew("alice", NULL, testPasswd, groups->str, NULL);
    g_assert_cmpuint(account->groups->len, ==, 65000);

    for (; i < 66000; i++)
        g_string_append_printf(groups, "g:x:%zu:alice\n", i);
    g_assert_null(
        virLXCAccountNew("alice", NULL, testPasswd, groups->str, &error));
    g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                   VIR_LXC_CONFINEMENT_ERROR_INVALID);
}

int
main(int argc, char **argv)
{
    size_t i;

    g_test_init(&argc, &argv, NULL);
    for (i = 0; i < G_N_ELEMENTS(testRows); i++) {
        g_autofree char *path = g_strdup_printf(
            "/account/row/%s:%s", testRows[i].user ? testRows[i].user : "",
            testRows[i].group ? testRows[i].group : "");

        g_test_add_data_func(path, &testRows[i], testRowRun);
    }
    g_test_add_func("/account/refused", testRefused);
    g_test_add_func("/account/many-groups", testManyGroups);
    g_test_add_func("/account/without-files", testWithoutFiles);
    return g_test_run();
}
