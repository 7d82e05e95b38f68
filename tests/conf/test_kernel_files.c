/*
 * test_kernel_files.c: the table of kernel files, and what becomes of
 * <kernel-files> after it is parsed
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: tables, completion, warnings, ABI stability. In: the table, rows of
 * this file, docs/lxc-kernel-files.rst. Out: verdicts.
 */

#include "cases.h"

#include <string.h>

static const virLXCKernelFileRow *
testFindRow(const char *path)
{
    size_t nrows = 0;
    const virLXCKernelFileRow *rows = virLXCKernelFileTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (g_str_equal(rows[i].path, path))
            return &rows[i];
    }

    return NULL;
}

static void
testTable(void)
{
    size_t nrows = 0;
    const virLXCKernelFileRow *rows = virLXCKernelFileTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        g_test_message("%s", rows[i].path);
        g_assert_true(virLXCKernelFilePathIsValid(rows[i].path));
        g_assert_false(virLXCKernelFilePathIsReserved(rows[i].path));
        g_assert_cmpint(rows[i].access, !=, VIR_LXC_KERNEL_FILE_WRITABLE);
        g_assert_true(g_str_has_suffix(rows[i].reason, "."));
        if (rows[i].unlessKept)
            g_assert_nonnull(virLXCCapabilityByName(rows[i].unlessKept));
        if (i > 0)
            g_assert_cmpstr(rows[i - 1].path, <, rows[i].path);
    }
}

/* No row hides another one: it would be without effect. */
static void
testTableMasks(void)
{
    size_t nrows = 0;
    const virLXCKernelFileRow *rows = virLXCKernelFileTable(&nrows);
    g_autoptr(GHashTable) masks = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (rows[i].access == VIR_LXC_KERNEL_FILE_MASKED)
            g_hash_table_add(masks, (char *)rows[i].path);
    }
    for (i = 0; i < nrows; i++)
        g_assert_null(virLXCKernelFilePathFindAbove(masks, rows[i].path));
}

/* Paths that others restrict, and how: M masked, R read-only. Ours must be as
 * strict. */
static const struct {
    const char *path;
    char access;
    const char *origin;
} othersRows[] = {
    {"/proc/acpi", 'M', "OCI runtimes"},
    {"/proc/asound", 'M', "OCI runtimes"},
    {"/proc/kcore", 'M', "OCI runtimes"},
    {"/proc/keys", 'M', "OCI runtimes"},
    {"/proc/latency_stats", 'M', "OCI runtimes"},
    {"/proc/sched_debug", 'M', "OCI runtimes"},
    {"/proc/scsi", 'M', "OCI runtimes"},
    {"/proc/timer_list", 'M', "OCI runtimes"},
    {"/proc/timer_stats", 'M', "OCI runtimes"},
    {"/sys/firmware", 'M', "OCI runtimes"},
    {"/proc/bus", 'R', "OCI runtimes"},
    {"/proc/fs", 'R', "OCI runtimes"},
    {"/proc/irq", 'R', "OCI runtimes"},
    {"/proc/sys", 'R', "OCI runtimes"},
    {"/proc/sysrq-trigger", 'R', "OCI runtimes"},
    {"/proc/interrupts", 'M', "docker"},
    {"/sys/devices/virtual/powercap", 'M', "docker"},
    {"/sys/devices/system/cpu/cpu*/thermal_throttle", 'M', "docker"},
    {"/sys/dev/block", 'M', "podman"},
    {"/sys/devices/virtual/powercap", 'M', "podman"},
    {"/sys/fs/selinux", 'M', "podman"},
    {"/sys/devices/virtual/tpm", 'M', "runc"},
    {"/proc/acpi", 'R', "systemd"},
    {"/proc/apm", 'R', "systemd"},
    {"/proc/asound", 'R', "systemd"},
    {"/proc/bus", 'R', "systemd"},
    {"/proc/fs", 'R', "systemd"},
    {"/proc/irq", 'R', "systemd"},
    {"/proc/kallsyms", 'M', "systemd"},
    {"/proc/kcore", 'M', "systemd"},
    {"/proc/kmsg", 'M', "systemd"},
    {"/proc/latency_stats", 'R', "systemd"},
    {"/proc/mtrr", 'R', "systemd"},
    {"/proc/scsi", 'R', "systemd"},
    {"/proc/sys", 'R', "systemd"},
    {"/proc/sysrq-trigger", 'R', "systemd"},
    {"/proc/timer_stats", 'R', "systemd"},
};

static void
testOthers(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(othersRows); i++) {
        const virLXCKernelFileRow *row = testFindRow(othersRows[i].path);
        virLXCKernelFileAccess access = othersRows[i].access == 'M'
                                            ? VIR_LXC_KERNEL_FILE_MASKED
                                            : VIR_LXC_KERNEL_FILE_READONLY;

        g_test_message("%s", othersRows[i].path);
        g_assert_nonnull(row);
        g_assert_cmpint(row->access, <=, access);
        g_assert_nonnull(strstr(row->origin, othersRows[i].origin));
    }
}

static const struct {
    const char *path;
    const char *top;
    gboolean below;
} belowRows[] = {
    {"/proc/irq/24", "/proc/irq", TRUE}, {"/proc/irq/24/x", "/proc/irq", TRUE},
    {"/proc/irq", "/proc/irq", FALSE},   {"/proc/irq2", "/proc/irq", FALSE},
    {"/proc", "/proc/irq", FALSE},       {"/sys/irq", "/proc/irq", FALSE},
};

static void
testBelow(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(belowRows); i++) {
        g_autoptr(GHashTable) top = g_hash_table_new(g_str_hash, g_str_equal);

        g_hash_table_add(top, (char *)belowRows[i].top);
        g_assert_cmpstr(virLXCKernelFilePathFindAbove(top, belowRows[i].path),
                        ==, belowRows[i].below ? belowRows[i].top : NULL);
    }
}

/* What a domain has when it is defined, and what <kernel-files> it has then. */
static const struct {
    const char *elements;
    const char *completed;
} completeRows[] = {
    {"<seccomp/>", "<kernel-files policy='default'/>\n"},
    {"<seccomp policy='allow'/>", "<kernel-files policy='default'/>\n"},
    {"<landlock><scope/></landlock>", "<kernel-files policy='default'/>\n"},
    {"<no-new-privs/>", "<kernel-files policy='default'/>\n"},
    {"<no-new-privs state='off'/>", "<kernel-files policy='default'/>\n"},
    {"<kernel-files/>", "<kernel-files policy='default'/>\n"},
    {"<kernel-files policy='none'/><seccomp/>",
     "<kernel-files policy='none'/>\n"},
    {"<capabilities policy='deny'/>", NULL},
    {"<capabilities policy='allow'/>", NULL},
    {"", NULL},
};

static void
testComplete(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(completeRows); i++) {
        g_autoptr(virLXCConfinementDef) def =
            testDefFromElements(completeRows[i].elements);
        g_autoptr(GError) error = NULL;
        g_autofree char *text = NULL;
        const char *found = NULL;

        g_test_message("%s", completeRows[i].elements);
        virLXCConfinementDefComplete(def, VIR_LXC_LANDLOCK_ABI_MAX, &error);
        g_assert_no_error(error);
        text = virLXCConfinementDefFormat(def, 0);
        found = strstr(text, "<kernel-files");
        g_assert_cmpstr(found, ==, completeRows[i].completed);
    }
}

/* With a filter, so that nothing is to be said of user namespaces. */
#define DENY "<capabilities policy='deny'/>"
#define SECCOMP "<seccomp/>"

static const struct {
    const char *elements;
    gboolean hasIdmap;
    guint warnings;
} warningRows[] = {
    {DENY SECCOMP, FALSE, 1},
    {"<capabilities policy='deny'><chown/></capabilities>" SECCOMP, FALSE, 1},
    {DENY SECCOMP, TRUE, 0},
    {DENY SECCOMP "<kernel-files/>", FALSE, 0},
    {DENY SECCOMP "<kernel-files policy='none'/>", FALSE, 0},
    {"<capabilities policy='default'><chown state='off'/></capabilities>",
     FALSE, 0},
    {"<capabilities policy='allow'/>", FALSE, 0},
    {"", FALSE, 0},
};

static void
testWarnings(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(warningRows); i++) {
        g_autoptr(virLXCConfinementDef) def =
            testDefFromElements(warningRows[i].elements);
        g_auto(GStrv) warnings = virLXCConfinementDefWarnings(
            def, "/sbin/init", warningRows[i].hasIdmap);

        g_test_message("%s", warningRows[i].elements);
        g_assert_cmpuint(g_strv_length(warnings), ==, warningRows[i].warnings);
        if (warnings[0])
            g_assert_nonnull(strstr(warnings[0], "<kernel-files/>"));
    }
}

static const struct {
    const char *src;
    const char *dst;
    gboolean same;
} stabilityRows[] = {
    {"", "", TRUE},
    {"<kernel-files/>", "<kernel-files policy='default'/>", TRUE},
    {"<kernel-files/>", "", FALSE},
    {"<kernel-files/>", "<kernel-files policy='none'/>", FALSE},
    {"<kernel-files/>",
     "<kernel-files><path target='/proc/irq' access='masked'/></kernel-files>",
     FALSE},
    {"<kernel-files><path target='/proc/irq' access='masked'/></kernel-files>",
     "<kernel-files><path target='/proc/irq' access='readonly'/>"
     "</kernel-files>",
     FALSE},
    {"<kernel-files><path target='/proc/irq' access='masked'/></kernel-files>",
     "<kernel-files><path target='/proc/bus' access='masked'/></kernel-files>",
     FALSE},
};

static void
testStability(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(stabilityRows); i++) {
        g_autoptr(virLXCConfinementDef) src =
            testDefFromElements(stabilityRows[i].src);
        g_autoptr(virLXCConfinementDef) dst =
            testDefFromElements(stabilityRows[i].dst);
        g_autoptr(GError) error = NULL;
        int rc = virLXCConfinementDefCheckABIStability(src, dst, &error);

        g_assert_cmpint(rc == 0, ==, stabilityRows[i].same);
        if (rc < 0)
            g_assert_nonnull(strstr(error->message, "confinement differs"));
    }
}

/* What is in effect on a host does not count. */
static void
testStabilityEffective(void)
{
    g_autoptr(virLXCConfinementDef) src =
        testDefFromElements("<kernel-files/>");
    g_autoptr(virLXCConfinementDef) dst =
        testDefFromElements("<kernel-files/>");
    g_autoptr(GError) error = NULL;

    src->kernelFiles->effective = g_new0(virLXCKernelFilesEffective, 1);
    virLXCConfinementDefCheckABIStability(src, dst, &error);
    g_assert_no_error(error);
}

static void
testAppendRow(GString *out, const virLXCKernelFileRow *row)
{
    g_string_append_printf(
        out, "\n``%s``: %s", row->path,
        row->access == VIR_LXC_KERNEL_FILE_MASKED ? "masked" : "read-only");
    if (row->byDriver)
        g_string_append(out, " in every LXC container");
    if (row->unlessKept)
        g_string_append_printf(out, " unless ``%s`` is kept", row->unlessKept);
    g_string_append_printf(out, "\n   %s\n", row->reason);
    if (row->origin)
        g_string_append_printf(out, "   Also restricted by %s.\n", row->origin);
}

/* What the reference has between its headlines PATHS and NOTES is what the
 * table says. */
static void
testDocumented(void)
{
    static const char begin[] = "\nPATHS\n=====\n";
    g_autofree char *root = g_test_build_filename(G_TEST_DIST, "docs", NULL);
    g_autofree char *text = testCaseRead(root, "lxc-kernel-files.rst");
    g_autofree char *expected = NULL;
    g_autoptr(GString) paths = g_string_new(NULL);
    const char *start = strstr(text, begin);
    const char *end = start ? strstr(start, "\nNOTES\n") : NULL;
    g_autofree char *head = NULL;
    size_t nrows = 0;
    const virLXCKernelFileRow *rows = virLXCKernelFileTable(&nrows);
    size_t i;

    g_assert_nonnull(end);
    for (i = 0; i < nrows; i++)
        testAppendRow(paths, &rows[i]);
    head = g_strndup(text, start + strlen(begin) - text);
    expected = g_strconcat(head, paths->str, end, NULL);
    testCaseCompare(root, "lxc-kernel-files.rst", expected);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();

    g_test_add_func("/kernel-files/table", testTable);
    g_test_add_func("/kernel-files/table-masks", testTableMasks);
    g_test_add_func("/kernel-files/others", testOthers);
    g_test_add_func("/kernel-files/below", testBelow);
    g_test_add_func("/kernel-files/complete", testComplete);
    g_test_add_func("/kernel-files/warnings", testWarnings);
    g_test_add_func("/kernel-files/stability", testStability);
    g_test_add_func("/kernel-files/stability-effective",
                    testStabilityEffective);
    g_test_add_func("/kernel-files/documented", testDocumented);

    return g_test_run();
}
