/*
 * answer.c: checks inside a container's tree
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "answer.h"

static char *
testIsFilesystem(const char *path, long magic)
{
    struct statfs found;

    if (statfs(path, &found) < 0)
        TEST_WRONG("%s: %s", path, g_strerror(errno));
    if (found.f_type != magic)
        TEST_WRONG("%s has the file system %#lx", path, (long)found.f_type);
    return NULL;
}

char *
testHasText(const char *path, const char *expected)
{
    g_autofree char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        TEST_WRONG("%s cannot be read: %s", path, g_strerror(errno));
    if (!g_str_equal(text, expected))
        TEST_WRONG("%s has '%s'", path, text);
    return NULL;
}

/* No path leads to the host's files, not even one of procfs. */
char *
testHostIsAway(const testPlace *place)
{
    static const char *const tops[] = {
        "",
        "/..",
        "/../../../..",
        "/.oldroot",
        "/dev/..",
        "/proc/self/root",
        "/proc/1/root/..",
        "/proc/1/cwd/..",
        "/parent/target/..",
    };
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(tops); i++) {
        g_autofree char *path =
            g_strconcat(tops[i], place->top, "/host/secret", NULL);
        g_autofree char *near = g_strconcat(tops[i], "/host/secret", NULL);

        if (access(path, F_OK) == 0 || access(near, F_OK) == 0)
            TEST_WRONG("the host can be reached at '%s'", path);
    }
    return NULL;
}

char *
testIsReadonly(const char *path)
{
    g_autofree char *file = g_build_filename(path, "made", NULL);

    if (mkdir(file, 0755) == 0 || errno != EROFS)
        TEST_WRONG("%s is writable: %s", path, g_strerror(errno));
    return NULL;
}

/* What is behind a masked file, and nothing can be written to. */
static char *
testMasksHold(bool mapped)
{
    g_autoptr(GDir) dir = g_dir_open("/proc/bus", 0, NULL);
    struct stat found;

    if (stat("/proc/kallsyms", &found) < 0 || !S_ISCHR(found.st_mode) ||
        found.st_rdev != makedev(1, 3))
        TEST_WRONG("/proc/kallsyms is not masked");
    if (!dir || g_dir_read_name(dir))
        TEST_WRONG("/proc/bus is not masked");
    if (!mapped && (open("/proc/irq/default_smp_affinity", O_WRONLY) >= 0 ||
                    errno != EROFS))
        TEST_WRONG("/proc/irq is writable");
    if (open("/proc/sys/kernel/core_pattern", O_WRONLY) >= 0)
        TEST_WRONG("/proc/sys is writable");
    /* It was a writable mount below what is read-only now. */
    if (open("/proc/sys/net/ipv4/ip_forward", O_WRONLY) >= 0)
        TEST_WRONG("/proc/sys/net is writable");
    if (!mapped && open("/proc/sys/vm/overcommit_memory", O_WRONLY) < 0)
        TEST_WRONG("/proc/sys/vm is not writable: %s", g_strerror(errno));
    return NULL;
}

char *
testFirst(char *const *answers, size_t count)
{
    char *first = NULL;
    size_t i;

    for (i = 0; i < count; i++) {
        if (!first)
            first = answers[i];
        else
            g_free(answers[i]);
    }
    return first;
}

char *
testTreeIsRight(const testPlace *place, virLXCRoot *root G_GNUC_UNUSED,
                gpointer opaque G_GNUC_UNUSED)
{
    char *answers[] = {
        testHostIsAway(place),
        testIsFilesystem("/proc", PROC_SUPER_MAGIC),
        testIsFilesystem("/sys", place->mapped ? TMPFS_MAGIC : SYSFS_MAGIC),
        testIsFilesystem("/dev/pts", DEVPTS_SUPER_MAGIC),
        testIsFilesystem("/dev/shm", TMPFS_MAGIC),
        testHasText("/dev/null", "of the place\n"),
        testHasText("/dev/console", "of the file\n"),
        testHasText("/parent/target/in-volume", "of the volume\n"),
        testHasText("/parent/file", "of the file\n"),
        testHasText("/readonly/in-volume", "of the volume\n"),
        testIsReadonly("/readonly"),
        testMasksHold(place->mapped),
    };

    return testFirst(answers, G_N_ELEMENTS(answers));
}
