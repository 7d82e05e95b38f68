/*
 * test_schema_kernel_files.c: schema, table and parser agree about kernel files
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse. In: a grammar of <domain>, the table of kernel files, and paths
 * made of components that mean something. Out: verdicts.
 */

#include "grammar.h"

static void
testPath(const char *target, const char *access, gboolean good)
{
    g_autofree char *xml =
        g_strdup_printf("<kernel-files policy='none'><path target='%s' "
                        "access='%s'/></kernel-files>",
                        target, access);

    grammarExpect(xml, good);
}

static void
testAccess(void)
{
    const char *const *names = virLXCKernelFileAccessNames();
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    size_t i;

    for (i = 0; names[i]; i++) {
        g_ptr_array_add(all, (gpointer)names[i]);
        testPath("/proc/irq", names[i], TRUE);
    }
    grammarExpectNames(
        "define[@name='lxcKernelFiles']//attribute[@name='access']//value",
        all);
    testPath("/proc/irq", "none", FALSE);
}

static void
testTable(void)
{
    size_t nrows = 0;
    const virLXCKernelFileRow *rows = virLXCKernelFileTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++)
        testPath(rows[i].path, "writable", TRUE);
}

/* Every path of up to four of these components. Whether it is good is what both
 * functions of the table say. */
static const char *const components[] = {
    "", ".", "..", "proc", "sys", "irq", "self", "net", "meminfo", "42", "4x",
};

static void
testPaths(const char *path, unsigned int depth)
{
    size_t i;

    if (depth == 0)
        return;

    for (i = 0; i < G_N_ELEMENTS(components); i++) {
        g_autofree char *longer = g_strdup_printf("%s/%s", path, components[i]);

        testPath(longer, "masked",
                 virLXCKernelFilePathIsValid(longer) &&
                     !virLXCKernelFilePathIsReserved(longer));
        testPaths(longer, depth - 1);
    }
}

static void
testComponents(void)
{
    testPaths("", 3);
    testPaths("/proc/irq", 1);
    testPaths("/sys/irq/sys", 1);
    testPaths("proc", 2);
}

int
main(int argc, char **argv)
{
    grammarInit(&argc, &argv);
    g_test_add_func("/schema/kernel-files/access", testAccess);
    g_test_add_func("/schema/kernel-files/table", testTable);
    g_test_add_func("/schema/kernel-files/paths", testComponents);
    return grammarRun();
}
