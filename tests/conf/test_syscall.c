/*
 * test_syscall.c: the table of system calls, and versions of kernels
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: table, parse. In: rows of this file. Out: verdicts.
 */

#include <string.h>

#include "cases.h"
#include "syscall_table.h"

/* What libseccomp 2.5.4 as its authors released it ends before. */
#define TEST_FIRST_NUMBER 451

static void
testRow(const virLXCSyscall *row)
{
    const virLXCKernelVersion oldest = {1, 0};
    const virLXCKernelVersion newest = {VIR_LXC_SYSCALL_KERNEL_MAJOR,
                                        VIR_LXC_SYSCALL_KERNEL_MINOR};

    g_test_message("%s", row->name);
    g_assert_true(g_regex_match_simple("^[a-z_][a-z0-9_]*$", row->name, 0, 0));
    g_assert_cmpint(virLXCKernelVersionCompare(row->since, oldest), >=, 0);
    g_assert_cmpint(virLXCKernelVersionCompare(row->since, newest), <=, 0);

    if (row->number == VIR_LXC_SYSCALL_NUMBER_KNOWN)
        g_assert_null(row->arch);
    else if (!row->arch)
        g_assert_cmpint(row->number, >=, TEST_FIRST_NUMBER);
    else
        g_assert_cmpint(row->number, >=, 0);
}

static void
testTable(void)
{
    size_t nrows = 0;
    const virLXCSyscall *rows = virLXCSyscallTable(&nrows);
    size_t i;

    g_assert_cmpuint(nrows, >, 500);
    for (i = 0; i < nrows; i++) {
        testRow(&rows[i]);
        g_assert_true(i == 0 || strcmp(rows[i - 1].name, rows[i].name) < 0);
        g_assert_true(virLXCSyscallByName(rows[i].name) == &rows[i]);
    }

    g_assert_null(virLXCSyscallByName(""));
    g_assert_null(virLXCSyscallByName("READ"));
    g_assert_null(virLXCSyscallByName("rea"));
    g_assert_null(virLXCSyscallByName("__NR_read"));
}

/* Without a gap, each number one call's, and none goes back in time. */
static void
testNumbers(void)
{
    g_autoptr(GPtrArray) byNumber = g_ptr_array_new();
    size_t nrows = 0;
    const virLXCSyscall *rows = virLXCSyscallTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        const virLXCSyscall *row = &rows[i];
        guint at = row->number;

        if (row->number == VIR_LXC_SYSCALL_NUMBER_KNOWN || row->arch)
            continue;
        if (byNumber->len <= at)
            g_ptr_array_set_size(byNumber, at + 1);
        g_assert_null(byNumber->pdata[at]);
        byNumber->pdata[at] = (gpointer)row;
    }

    for (i = TEST_FIRST_NUMBER + 1; i < byNumber->len; i++) {
        const virLXCSyscall *last = byNumber->pdata[i - 1];
        const virLXCSyscall *row = byNumber->pdata[i];

        g_assert_true(last && row);
        if (last && row)
            g_assert_cmpint(virLXCKernelVersionCompare(last->since, row->since),
                            <=, 0);
    }
}

static const struct {
    const char *name;
    virLXCKernelVersion since;
} sinceRows[] = {
    {"read", {1, 0}},         {"accept4", {2, 6}},     {"clone3", {5, 3}},
    {"futex_time64", {5, 1}}, {"fchmodat2", {6, 6}},   {"mseal", {6, 10}},
    {"uretprobe", {6, 11}},   {"setxattrat", {6, 13}}, {"fchroot", {7, 3}},
};

static void
testSince(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(sinceRows); i++) {
        const virLXCSyscall *row = virLXCSyscallByName(sinceRows[i].name);

        g_assert_nonnull(row);
        g_assert_cmpint(
            virLXCKernelVersionCompare(row->since, sinceRows[i].since), ==, 0);
    }
}

/* Text and its version; major 0 stands for text that is not a version. */
static const struct {
    const char *text;
    virLXCKernelVersion version;
} versionRows[] = {
    {"6.18", {6, 18}}, {"2.6", {2, 6}},
    {"7.0", {7, 0}},   {"255.255", {255, 255}},
    {"", {0, 0}},      {".", {0, 0}},
    {"6", {0, 0}},     {"6.", {0, 0}},
    {".6", {0, 0}},    {"6.1.2", {0, 0}},
    {"6.1.", {0, 0}},  {"06.1", {0, 0}},
    {"6.01", {0, 0}},  {"6.256", {0, 0}},
    {"256.6", {0, 0}}, {" 6.1", {0, 0}},
    {"6.1 ", {0, 0}},  {"+6.1", {0, 0}},
    {"-6.1", {0, 0}},  {"6.1-rc1", {0, 0}},
    {"6,1", {0, 0}},   {"6.99999999999", {0, 0}},
    {"0x6.1", {0, 0}},
};

static void
testVersionFromString(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(versionRows); i++) {
        const virLXCKernelVersion *expected = &versionRows[i].version;
        virLXCKernelVersion version = {0, 0};

        g_test_message("'%s'", versionRows[i].text);
        g_assert_cmpint(
            virLXCKernelVersionFromString(versionRows[i].text, &version), ==,
            expected->major != 0);
        g_assert_cmpuint(version.major, ==, expected->major);
        g_assert_cmpuint(version.minor, ==, expected->minor);
    }
}

/* From old to new. */
static void
testVersionCompare(void)
{
    static const virLXCKernelVersion ordered[] = {
        {2, 6}, {3, 0}, {4, 20}, {5, 1}, {5, 2}, {5, 10}, {6, 0}, {6, 9},
    };
    size_t i, j;

    for (i = 0; i < G_N_ELEMENTS(ordered); i++) {
        for (j = 0; j < G_N_ELEMENTS(ordered); j++) {
            int order = virLXCKernelVersionCompare(ordered[i], ordered[j]);

            g_assert_cmpint((order > 0) - (order < 0), ==, (i > j) - (i < j));
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/syscall/table", testTable);
    g_test_add_func("/syscall/numbers", testNumbers);
    g_test_add_func("/syscall/since", testSince);
    g_test_add_func("/syscall/version-from-string", testVersionFromString);
    g_test_add_func("/syscall/version-compare", testVersionCompare);
    return g_test_run();
}
