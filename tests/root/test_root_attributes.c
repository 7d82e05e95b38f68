/*
 * test_root_attributes.c: attributes and settings of containers' mounts
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
#include "test_root.h"

static char *
testUserNamespaceFails(const testPlace *place G_GNUC_UNUSED,
                       virLXCRoot *root G_GNUC_UNUSED, gpointer opaque)
{
    int expected = GPOINTER_TO_INT(opaque);
    int errnum = unshare(CLONE_NEWUSER) < 0 ? errno : 0;

    if (errnum != expected)
        TEST_WRONG("unshare: %s instead of %s", g_strerror(errnum),
                   g_strerror(expected));
    return NULL;
}

static void
testSettingRow(const char *path, const char *value, int errnum,
               const char *error)
{
    g_autoptr(testPlace) place = testPlaceNew(true);
    g_autoptr(virLXCRootPlan) plan = testPlacePlan(place);
    g_autofree char *answer = NULL;

    if (path)
        virLXCRootPlanSet(plan, path, value);
    answer = testPlaceRun(place, plan, testUserNamespaceFails,
                          GINT_TO_POINTER(errnum));
    g_assert_cmpstr(answer, ==, error);
}

static void
testSetting(void)
{
    testSettingRow(NULL, NULL, 0, NULL);
    testSettingRow("sys/user/max_user_namespaces", "0", ENOSPC, NULL);
    testSettingRow("sys/user/nothing", "1", 0,
                   "cannot set '/proc/sys/user/nothing' to '1': "
                   "No such file or directory");
}

/* --- attributes ---------------------------------------------------------- */

typedef struct {
    unsigned int source;
    unsigned int planned;
} testAttributes;

static char *
testHasAttributes(const testPlace *place G_GNUC_UNUSED,
                  virLXCRoot *root G_GNUC_UNUSED, gpointer opaque)
{
    const testAttributes *row = opaque;
    unsigned int expected = row->source | row->planned;
    struct statfs found;

    if (statfs("/parent/target", &found) < 0)
        TEST_WRONG("statfs: %s", g_strerror(errno));
    if ((found.f_flags & 15) != expected)
        TEST_WRONG("attributes %#lx instead of %#x", (long)found.f_flags & 15,
                   expected);
    return expected & VIR_LXC_ROOT_READONLY ? testIsReadonly("/parent/target")
                                            : NULL;
}

/* The values are those of MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, too. */
static void
testBindAgain(const char *path, unsigned int attributes)
{
    g_assert_cmpint(mount(path, path, NULL, MS_BIND, NULL), ==, 0);
    g_assert_cmpint(
        mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | attributes, NULL), ==,
        0);
}

/* What a source has stays, whatever the plan adds. */
static void
testAttributesStay(gconstpointer mapped)
{
    size_t i;

    for (i = 0; i < 32; i++) {
        g_autoptr(testPlace) place = testPlaceNew(GPOINTER_TO_INT(mapped));
        g_autoptr(virLXCRootPlan) plan = testPlacePlan(place);
        g_autofree char *volume = testPlacePath(place, "volume");
        g_autofree char *answer = NULL;
        testAttributes row = {i & 15, i & 16 ? VIR_LXC_ROOT_READONLY : 0};

        testPlaceMountAt(plan, "/parent/target")->attributes = row.planned;
        testBindAgain(volume, row.source);
        answer = testPlaceRun(place, plan, testHasAttributes, &row);
        g_assert_cmpint(umount2(volume, MNT_DETACH), ==, 0);
        g_assert_cmpstr(answer, ==, NULL);
    }
}

static char *
testAllIsReadonly(const testPlace *place G_GNUC_UNUSED,
                  virLXCRoot *root G_GNUC_UNUSED, gpointer opaque G_GNUC_UNUSED)
{
    char *answers[] = {testIsReadonly("/"), testIsReadonly("/etc"),
                       testIsReadonly("/etc/deeper")};

    return testFirst(answers, G_N_ELEMENTS(answers));
}

/* A read-only root with mounts below it. */
static void
testRecursiveReadonly(gconstpointer mapped)
{
    g_autoptr(testPlace) place = testPlaceNew(GPOINTER_TO_INT(mapped));
    g_autoptr(virLXCRootPlan) plan = virLXCRootPlanNew();
    g_autofree char *root = testPlacePath(place, "root");
    g_autofree char *etc = testPlacePath(place, "root/etc");
    g_autofree char *deeper = testPlacePath(place, "root/etc/deeper");
    g_autofree char *answer = NULL;
    virLXCRootMount *top =
        virLXCRootPlanAdd(plan, VIR_LXC_ROOT_BIND, root, "/");

    top->flags = VIR_LXC_ROOT_RECURSIVE;
    top->attributes = VIR_LXC_ROOT_READONLY;
    testBindAgain(root, 0);
    g_assert_cmpint(mount("tmpfs", etc, "tmpfs", 0, NULL), ==, 0);
    g_assert_cmpint(mkdir(deeper, 0755), ==, 0);
    g_assert_cmpint(mount("tmpfs", deeper, "tmpfs", 0, NULL), ==, 0);
    answer = testPlaceRun(place, plan, testAllIsReadonly, NULL);
    g_assert_cmpint(umount2(root, MNT_DETACH), ==, 0);
    g_assert_cmpstr(answer, ==, NULL);
}

/* The host's own root, as libvirt allows it. */
static char *
testHasOneProc(const testPlace *place G_GNUC_UNUSED,
               virLXCRoot *root G_GNUC_UNUSED, gpointer opaque G_GNUC_UNUSED)
{
    g_autofree char *text = NULL;
    size_t count = 0;

    if (!g_file_get_contents("/proc/self/mountinfo", &text, NULL, NULL))
        TEST_WRONG("no list of mounts");
    for (char *at = text; (at = strstr(at, " /proc ")); at++)
        count++;
    if (count != 1)
        TEST_WRONG("%zu mounts on /proc", count);
    if (strstr(text, " /sys/fs/cgroup"))
        TEST_WRONG("the host's mounts below /sys");
    return NULL;
}

static void
testSharedRoot(void)
{
    g_autoptr(testPlace) place = testPlaceNew(false);
    g_autoptr(virLXCRootPlan) plan = virLXCRootPlanNew();
    g_autofree char *answer = NULL;

    virLXCRootPlanAdd(plan, VIR_LXC_ROOT_BIND, "/", "/")->flags =
        VIR_LXC_ROOT_RECURSIVE;
    virLXCRootPlanAddFilesystem(plan, "proc", NULL, "/proc", 0);
    virLXCRootPlanAddFilesystem(plan, "sysfs", NULL, "/sys",
                                VIR_LXC_ROOT_READONLY);
    virLXCRootPlanDetach(plan, "/sys");
    virLXCRootPlanDetach(plan, "/dev");
    virLXCRootPlanDetach(plan, "/proc");
    virLXCRootPlanDetach(plan, "/nowhere");
    answer = testPlaceRun(place, plan, testHasOneProc, NULL);
    g_assert_cmpstr(answer, ==, NULL);
}

void
testAddAttributes(void)
{
    g_test_add_func("/root/setting", testSetting);
    testAddBoth("attributes", testAttributesStay);
    testAddBoth("recursive-readonly", testRecursiveReadonly);
    g_test_add_func("/root/shared-root", testSharedRoot);
}
