/*
 * test_syscall_groups.c: the groups of system calls
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: table. In: the tables of groups and calls. Out: verdicts, and the list
 * in docs/lxc-seccomp.rst, from which no call may disappear: stored policies
 * depend on the members of groups.
 */

#include <string.h>

#include "cases.h"
#include "syscall_table.h"

#define TEST_WIDTH 80

static void
testTable(void)
{
    size_t nrows = 0;
    const virLXCSyscallGroupRow *rows = virLXCSyscallGroupTable(&nrows);
    size_t i;

    g_assert_cmpuint(nrows, ==, VIR_LXC_SYSCALL_GROUPS - 1);
    for (i = 0; i < nrows; i++) {
        g_test_message("%s", rows[i].name);
        g_assert_true(
            g_regex_match_simple("^[a-z]+(-[a-z]+)*$", rows[i].name, 0, 0));
        g_assert_cmpstr(rows[i].purpose, !=, NULL);
        g_assert_cmpuint(rows[i].group, ==, i + 1);
        g_assert_true(i == 0 || strcmp(rows[i - 1].name, rows[i].name) < 0);
        g_assert_true(virLXCSyscallGroupByName(rows[i].name) == &rows[i]);
    }

    g_assert_null(virLXCSyscallGroupByName(""));
    g_assert_null(virLXCSyscallGroupByName("file"));
    g_assert_null(virLXCSyscallGroupByName("File-System"));
}

/* Each call has a group, and each group a call. */
static void
testComplete(void)
{
    guint calls[VIR_LXC_SYSCALL_GROUPS] = {0};
    size_t nrows = 0;
    const virLXCSyscall *rows = virLXCSyscallTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        g_test_message("%s", rows[i].name);
        g_assert_cmpuint(rows[i].group, >, VIR_LXC_SYSCALL_GROUP_NONE);
        g_assert_cmpuint(rows[i].group, <, VIR_LXC_SYSCALL_GROUPS);
        if (rows[i].group < VIR_LXC_SYSCALL_GROUPS)
            calls[rows[i].group]++;
    }

    for (i = 1; i < VIR_LXC_SYSCALL_GROUPS; i++)
        g_assert_cmpuint(calls[i], >, 0);
}

/* The calls of a group, as lines of words. */
static void
testAppendCalls(GString *out, virLXCSyscallGroup group)
{
    size_t nrows = 0;
    const virLXCSyscall *rows = virLXCSyscallTable(&nrows);
    size_t column = 2;
    size_t i;

    g_string_append(out, "  ");
    for (i = 0; i < nrows; i++) {
        size_t length = strlen(rows[i].name);

        if (rows[i].group != group)
            continue;
        if (column > 2 && column + 1 + length > TEST_WIDTH) {
            g_string_append(out, "\n  ");
            column = 2;
        }
        g_string_append_printf(out, " %s", rows[i].name);
        column += 1 + length;
    }
    g_string_append(out, "\n");
}

static char *
testGroupsText(void)
{
    GString *out = g_string_new(NULL);
    size_t nrows = 0;
    const virLXCSyscallGroupRow *rows = virLXCSyscallGroupTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        g_string_append_printf(out, "\n``%s``\n   *%s*\n\n", rows[i].name,
                               rows[i].purpose);
        testAppendCalls(out, rows[i].group);
    }
    return g_string_free(out, FALSE);
}

/* What the reference has below its headline GROUPS is what the tables say. */
static void
testDocumented(void)
{
    static const char begin[] = "\nGROUPS\n======\n";
    g_autofree char *root = g_test_build_filename(G_TEST_DIST, "docs", NULL);
    g_autofree char *text = testCaseRead(root, "lxc-seccomp.rst");
    g_autofree char *groups = testGroupsText();
    g_autofree char *expected = NULL;
    char *start = strstr(text, begin);
    g_autofree char *end =
        start ? g_strdup(strstr(start, "\nLIVE XML\n")) : NULL;

    if (!end)
        g_error("lxc-seccomp.rst has no section GROUPS before LIVE XML");
    start[strlen(begin)] = 0;
    expected = g_strconcat(text, groups, end, NULL);
    testCaseCompare(root, "lxc-seccomp.rst", expected);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/syscall-groups/table", testTable);
    g_test_add_func("/syscall-groups/complete", testComplete);
    g_test_add_func("/syscall-groups/documented", testDocumented);
    return g_test_run();
}
