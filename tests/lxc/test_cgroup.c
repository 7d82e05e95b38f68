/*
 * test_cgroup.c: cgroup hierarchies as hosts have them
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the files mountinfo and cgroup of tests/data/cgroup. Out: the hierarchies
 * that are found, compared with the layout.txt beside them.
 */

#include "cases.h"
#include "cgroup_layout.h"

static void
testLayout(gconstpointer dir)
{
    g_autofree char *mountinfo = testCaseRead(dir, "mountinfo");
    g_autofree char *cgroup = testCaseRead(dir, "cgroup");
    g_autoptr(GPtrArray) layout = virLXCPayloadLayoutParse(mountinfo, cgroup);
    g_autoptr(GString) out = g_string_new(NULL);
    size_t i;

    for (i = 0; i < layout->len; i++) {
        const virLXCPayloadHierarchy *hierarchy = g_ptr_array_index(layout, i);
        g_autofree char *directory = NULL;

        if (!hierarchy->mountPoint) {
            g_string_append_printf(out, "%s is not mounted\n",
                                   *hierarchy->controllers
                                       ? hierarchy->controllers
                                       : "(version 2)");
            continue;
        }

        directory = virLXCPayloadHierarchyDirectory(hierarchy);

        g_string_append_printf(out, "%s at %s: %s\n",
                               virLXCPayloadHierarchyIsUnified(hierarchy)
                                   ? "(version 2)"
                                   : hierarchy->controllers,
                               hierarchy->mountPoint, directory);
    }

    testCaseCompare(dir, "layout.txt", out->str);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testCasesAdd("/cgroup", "cgroup", testLayout);
    return g_test_run();
}
