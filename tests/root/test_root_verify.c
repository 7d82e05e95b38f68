/*
 * test_root_verify.c: the verification of mounts, and files of containers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "answer.h"
#include "root_file.h"
#include "root_mountinfo.h"
#include "test_root.h"

static char *
testFindsMore(const testPlace *place G_GNUC_UNUSED, virLXCRoot *root,
              gpointer opaque G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;

    if (mount("more", "/etc", "tmpfs", 0, NULL) < 0)
        TEST_WRONG("mount: %s", g_strerror(errno));
    if (virLXCRootVerify(root, &error) == 0 || !strstr(error->message, "/etc"))
        TEST_WRONG("an unplanned mount is not noticed");
    return NULL;
}

static char *
testFindsLess(const testPlace *place G_GNUC_UNUSED, virLXCRoot *root,
              gpointer opaque G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;

    if (umount2("/parent/target", MNT_DETACH) < 0)
        TEST_WRONG("umount: %s", g_strerror(errno));
    if (virLXCRootVerify(root, &error) == 0 ||
        !strstr(error->message, "/parent/target"))
        TEST_WRONG("a mount that has gone is not noticed");
    return NULL;
}

static char *
testFindsMoved(const testPlace *place G_GNUC_UNUSED, virLXCRoot *root,
               gpointer opaque G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;

    if (mkdir("/other", 0755) < 0 ||
        mount("/parent/target", "/other", NULL, MS_MOVE, NULL) < 0)
        TEST_WRONG("mount: %s", g_strerror(errno));
    if (virLXCRootVerify(root, &error) == 0 ||
        !strstr(error->message, "/parent/target"))
        TEST_WRONG("a mount that was moved is not noticed");
    return NULL;
}

static char *
testFindsWritable(const testPlace *place G_GNUC_UNUSED, virLXCRoot *root,
                  gpointer opaque G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;

    if (mount(NULL, "/readonly", NULL, MS_REMOUNT | MS_BIND, NULL) < 0)
        TEST_WRONG("mount: %s", g_strerror(errno));
    if (virLXCRootVerify(root, &error) == 0 ||
        !strstr(error->message, "/readonly"))
        TEST_WRONG("a mount that is writable is not noticed");
    return NULL;
}

static void
testVerify(gconstpointer mapped)
{
    static const testPlaceCheck checks[] = {testFindsMore, testFindsLess,
                                            testFindsMoved, testFindsWritable};
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(checks); i++) {
        g_autoptr(testPlace) place = testPlaceNew(GPOINTER_TO_INT(mapped));
        g_autoptr(virLXCRootPlan) plan = testPlacePlan(place);
        g_autofree char *answer = testPlaceRun(place, plan, checks[i], NULL);

        g_assert_cmpstr(answer, ==, NULL);
    }
}

/* --- files ------------------------------------------------------------------
 */

static const struct {
    const char *what;
    /* Part of the error, or NULL. */
    const char *error;
} testFiles[] = {
    {"file", NULL},
    {"link /etc/passwd", NULL},
    {"link ../../../../../../etc/passwd", NULL},
    {"fifo", "not a regular file"},
    {"socket", "not a regular file"},
    {"device", "not a regular file"},
    {"directory", "not a regular file"},
    {"link /dev/pts/ptmx", "not a regular file"},
    {"link HOST/secret", "cannot open"},
    {"link ../../host/secret", "cannot open"},
    {"link /proc/self/exe", "cannot open"},
    {"link /proc/self/fd/0", "cannot open"},
    {"link /etc/name", "cannot open"},
    {"link /nowhere", "cannot open"},
};

static char *
testReadsFile(const testPlace *place G_GNUC_UNUSED, virLXCRoot *root,
              gpointer opaque)
{
    const char *expected = opaque;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = virLXCRootFileGet(virLXCRootDescriptor(root),
                                              "/etc/name", 100, NULL, &error);

    if (!expected && !text)
        TEST_WRONG("%s", error->message);
    if (expected && (text || !strstr(error->message, expected) ||
                     !strstr(error->message, "/etc/name")))
        TEST_WRONG("'%s' instead of '%s'", text ? text : error->message,
                   expected);
    return NULL;
}

static void
testFile(gconstpointer mapped)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(testFiles); i++) {
        g_autoptr(testPlace) place = testPlaceNew(GPOINTER_TO_INT(mapped));
        g_autoptr(virLXCRootPlan) plan = testPlacePlan(place);
        g_autofree char *answer = NULL;

        testPlaceMake(place, "etc/name", testFiles[i].what);
        answer = testPlaceRun(place, plan, testReadsFile,
                              (char *)testFiles[i].error);
        g_assert_cmpstr(answer, ==, NULL);
    }
}

static void
testFileTooLarge(void)
{
    g_autoptr(testPlace) place = testPlaceNew(false);
    g_autofree char *root = testPlacePath(place, "root");
    int fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    g_autoptr(GError) error = NULL;

    g_assert_null(virLXCRootFileGet(fd, "etc/passwd", 5, NULL, &error));
    g_assert_nonnull(strstr(error->message, "too large"));
    close(fd);
}

/* --- the list of mounts ----------------------------------------------------
 */

static void
testMountinfo(void)
{
    static const char text[] =
        "36 35 98:0 /mnt1 /mnt\\0402\\134x rw,noexec master:1 - ext3 /dev/r "
        "rw\n"
        "37 36 0:5 / /sub ro,nosuid,nodev shared:2 master:1 propagate_from:3 - "
        "tmpfs none rw\n"
        "38 36 0:6 / / rw - fuse.a-b - ro,user_id=0\n";
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) mounts = virLXCRootMountinfoParse(text, &error);
    const virLXCRootMountinfo *mount;

    g_assert_no_error(error);
    g_assert_cmpuint(mounts->len, ==, 3);
    mount = virLXCRootMountinfoFind(mounts, 36);
    g_assert_cmpstr(mount->path, ==, "/mnt 2\\x");
    g_assert_cmpstr(mount->device, ==, "98:0");
    g_assert_cmpuint(mount->attributes, ==, VIR_LXC_ROOT_NOEXEC);
    mount = virLXCRootMountinfoFind(mounts, 37);
    g_assert_cmpuint(mount->parent, ==, 36);
    g_assert_cmpstr(mount->type, ==, "tmpfs");
    g_assert_cmpuint(mount->attributes, ==,
                     VIR_LXC_ROOT_READONLY | VIR_LXC_ROOT_NOSUID |
                         VIR_LXC_ROOT_NODEV);
    mount = virLXCRootMountinfoFind(mounts, 38);
    g_assert_cmpuint(mount->attributes, ==, VIR_LXC_ROOT_READONLY);
    g_assert_null(virLXCRootMountinfoFind(mounts, 39));
    g_assert_null(virLXCRootMountinfoParse("36 35 98:0 / / rw\n", &error));
    g_assert_nonnull(strstr(error->message, "36 35 98:0 / / rw"));
}

void
testAddVerify(void)
{
    testAddBoth("verify", testVerify);
    testAddBoth("file", testFile);
    g_test_add_func("/root/mountinfo", testMountinfo);
    g_test_add_func("/root/file-too-large", testFileTooLarge);
}
