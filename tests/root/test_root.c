/*
 * test_root.c: trees of containers whose file systems are hostile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a row for each thing that can stand at each name that set-up touches.
 * Out: the tree is right, or the error names the path; the host's files are as
 * they were and cannot be reached.
 */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "cases.h"
#include "place.h"
#include "root_file.h"
#include "root_mountinfo.h"
#include "root_node.h"
#include "root_source.h"

/* Answers of a check. */
#define TEST_WRONG(...) return g_strdup_printf(__VA_ARGS__)

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

static char *
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
static char *
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

static char *
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

static char *
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

static char *
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

/* --- the table ----------------------------------------------------------- */

/* What set-up needs at a name. */
typedef enum {
    TEST_HIDDEN,    /* nothing: it is not touched, or something covers it */
    TEST_STRICT,    /* a directory that is not a link */
    TEST_DIRECTORY, /* a directory, or a link to one inside */
    TEST_FILE,      /* anything else than a directory, or a link to it */
    TEST_SOURCE,    /* anything that exists inside */
} testNeed;

static const struct {
    const char *name;
    testNeed need;
    /* The target that needs the name, which an error has to mention. */
    const char *target;
} testNames[] = {
    {".oldroot", TEST_HIDDEN, NULL},
    {".oldroot/proc", TEST_HIDDEN, NULL},
    {"proc", TEST_STRICT, "/proc"},
    {"proc/mounts", TEST_HIDDEN, NULL},
    {"proc/sys", TEST_HIDDEN, NULL},
    {"proc/self", TEST_HIDDEN, NULL},
    {"sys", TEST_STRICT, "/sys"},
    {"sys/fs", TEST_HIDDEN, NULL},
    {"dev", TEST_STRICT, "/dev"},
    {"dev/pts", TEST_HIDDEN, NULL},
    {"dev/shm", TEST_HIDDEN, NULL},
    {"dev/console", TEST_HIDDEN, NULL},
    {"dev/fd", TEST_HIDDEN, NULL},
    {"etc", TEST_SOURCE, "/etc"},
    {"etc/passwd", TEST_HIDDEN, NULL},
    {"etc/group", TEST_HIDDEN, NULL},
    {"parent", TEST_DIRECTORY, "/parent"},
    {"parent/target", TEST_DIRECTORY, "/parent/target"},
    {"parent/file", TEST_FILE, "/parent/file"},
    {"readonly", TEST_DIRECTORY, "/readonly"},
    {"inner", TEST_DIRECTORY, "/inner"},
};

static const struct {
    const char *what;
    bool directory;
    bool link;
} testThings[] = {
    {"directory", true, false},
    {"file", false, false},
    {"fifo", false, false},
    {"socket", false, false},
    {"device", false, false},
    {"link /", true, true},
    {"link HOST", false, true},
    {"link HOST/directory", false, true},
    {"link HOST/secret", false, true},
    {"link ../../../../../..", true, true},
    {"link ../../../../../../HOST/directory", false, true},
    {"link ../../host/directory", false, true},
    {"link ../host", false, true},
    {"link /proc", true, true},
    {"link /proc/self/root", false, true},
    {"link /proc/1/cwd", false, true},
    {"link /proc/self/fd/3", false, true},
    {"link /.oldroot", false, true},
    {"link /.oldroot/etc", false, true},
    {"link /nowhere/at/all", false, true},
    {"link /loop", false, true},
    {"link /sys", true, true},
    {"link /dev", true, true},
    {"link /elsewhere", true, true},
    {"link elsewhere", false, true},
};

/* Some things are refused in any case, some are fine in any case, and of the
 * rest only the result is judged: right, or with an error that names the path.
 */
typedef enum {
    TEST_EITHER,
    TEST_REFUSED,
    TEST_RIGHT,
} testExpected;

static testExpected
testExpect(size_t name, size_t thing)
{
    const char *what = testThings[thing].what;

    switch (testNames[name].need) {
    case TEST_HIDDEN:
        return TEST_RIGHT;
    case TEST_STRICT:
        return g_str_equal(what, "directory") ? TEST_RIGHT : TEST_REFUSED;
    case TEST_FILE:
        return testThings[thing].link        ? TEST_EITHER
               : testThings[thing].directory ? TEST_REFUSED
                                             : TEST_RIGHT;
    case TEST_DIRECTORY:
        if (g_str_equal(what, "directory") ||
            g_str_equal(what, "link /elsewhere"))
            return TEST_RIGHT;
        return testThings[thing].link ? TEST_EITHER : TEST_REFUSED;
    case TEST_SOURCE:
        return testThings[thing].link ? TEST_EITHER : TEST_RIGHT;
    }
    g_assert_not_reached();
}

static void
testJudge(size_t name, size_t thing, const char *answer)
{
    const char *target = testNames[name].target;

    switch (testExpect(name, thing)) {
    case TEST_RIGHT:
        g_assert_cmpstr(answer, ==, NULL);
        break;
    case TEST_REFUSED:
        g_assert_nonnull(answer);
        break;
    case TEST_EITHER:
        break;
    }
    if (!answer)
        return;
    g_assert_false(g_str_has_prefix(answer, "check: "));
    if (!strstr(answer, target))
        g_error("'%s' does not name '%s'", answer, target);
}

static void
testHostile(gconstpointer opaque)
{
    size_t index = GPOINTER_TO_SIZE(opaque);
    size_t name = index / 2;
    bool mapped = index % 2;
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(testThings); i++) {
        g_autoptr(testPlace) place = testPlaceNew(mapped);
        g_autoptr(virLXCRootPlan) plan = testPlacePlan(place);
        g_autofree char *before = NULL;
        g_autofree char *after = NULL;
        g_autofree char *answer = NULL;

        testPlaceMake(place, "elsewhere", "directory");
        testPlaceMake(place, "loop", "link /loop");
        testPlaceMake(place, testNames[name].name, testThings[i].what);
        before = testPlaceHost(place);
        answer = testPlaceRun(place, plan, testTreeIsRight, NULL);
        after = testPlaceHost(place);

        g_test_message("%s as %s: %s", testNames[name].name, testThings[i].what,
                       answer ? answer : "right");
        testJudge(name, i, answer);
        g_assert_cmpstr(before, ==, after);
    }
}

/* --- what is right, in particular --------------------------------------- */

static void
testPlain(gconstpointer mapped)
{
    g_autoptr(testPlace) place = testPlaceNew(GPOINTER_TO_INT(mapped));
    g_autoptr(virLXCRootPlan) plan = testPlacePlan(place);
    g_autofree char *answer = testPlaceRun(place, plan, testTreeIsRight, NULL);

    g_assert_cmpstr(answer, ==, NULL);
}

/* --- settings ------------------------------------------------------------ */

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

static virLXCRootMount *
testMountAt(const virLXCRootPlan *plan, const char *target)
{
    size_t i;

    for (i = 0; i < plan->mounts->len; i++) {
        virLXCRootMount *mount = g_ptr_array_index(plan->mounts, i);

        if (g_str_equal(mount->target, target))
            return mount;
    }
    g_assert_not_reached();
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

        testMountAt(plan, "/parent/target")->attributes = row.planned;
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

/* --- sources ---------------------------------------------------------------
 */

static char *
testSourceIsInside(const testPlace *place G_GNUC_UNUSED,
                   virLXCRoot *root G_GNUC_UNUSED,
                   gpointer opaque G_GNUC_UNUSED)
{
    return testHasText("/parent/target/passwd", "root:x:0:0::/:/bin/false\n");
}

/* A source below the container's root is the container's, too. */
static void
testSourceBelowRoot(gconstpointer mapped)
{
    size_t i;

    static const struct {
        const char *what;
        bool refused;
    } rows[] = {
        {"link ../etc", false},        {"link HOST/directory", true},
        {"link ../../host", true},     {"link /etc", true},
        {"link /proc/self/cwd", true},
    };

    for (i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(testPlace) place = testPlaceNew(GPOINTER_TO_INT(mapped));
        g_autoptr(virLXCRootPlan) plan = testPlacePlan(place);
        virLXCRootMount *mount = testMountAt(plan, "/parent/target");
        g_autofree char *answer = NULL;

        testPlaceMake(place, "sub/volume", rows[i].what);
        g_free(mount->source);
        mount->source = testPlacePath(place, "root/sub/volume");
        answer = testPlaceRun(place, plan, testSourceIsInside, NULL);
        if (!rows[i].refused)
            g_assert_cmpstr(answer, ==, NULL);
        else
            g_assert_nonnull(strstr(answer ? answer : "", mount->source));
    }
}

/* Other ways to write the paths of the container's root and of a source below
 * it, from the place's directory. */
static const struct {
    const char *outer;
    const char *inner;
    bool refused;
} testSpellings[] = {
    {"/root/", "/root/sub/volume", false},
    {"/root///", "/root/sub/volume", false},
    {"/root/.", "/root/sub/volume", false},
    {"/./root", "/root/sub/volume", false},
    {"//root", "/root/sub/volume", false},
    {"/other/../root", "/root/sub/volume", false},
    {"/alias", "/root/sub/volume", false},
    {"/alias/", "/root/sub/volume", false},
    {"/bound", "/root/sub/volume", false},
    {"/root", "//root//sub//volume", false},
    {"/root", "/root/./sub/./volume", false},
    {"/root", "/root/sub/volume/", false},
    {"/root", "/root/sub/volume/.", false},
    {"/root", "/other/../root/sub/volume", false},
    {"/root", "/alias/sub/volume", false},
    {"/root", "/relative/sub/volume", false},
    {"/root", "/twice/sub/volume", false},
    {"/root", "/nested/volume", false},
    {"/root", "/last", false},
    {"/root", "/bound/sub/volume", false},
    {"/root", "/root/sub/../sub/volume", true},
    {"/root", "/root/../root/sub/volume", true},
    {"/root", "/dots/sub/volume", true},
};

static void
testHostLink(const testPlace *place, const char *name, const char *format)
{
    g_autofree char *path = testPlacePath(place, name);
    g_auto(GStrv) parts = g_strsplit(format, "TOP", -1);
    g_autofree char *text = g_strjoinv(place->top, parts);

    g_assert_cmpint(symlink(text, path), ==, 0);
}

/* Returns the container's root, mounted a second time. */
static char *
testMakeAliases(const testPlace *place)
{
    g_autofree char *root = testPlacePath(place, "root");
    g_autofree char *other = testPlacePath(place, "other");
    char *bound = testPlacePath(place, "bound");

    g_assert_cmpint(mkdir(other, 0755), ==, 0);
    testHostLink(place, "alias", "TOP/root");
    testHostLink(place, "relative", "host/../root");
    testHostLink(place, "twice", "alias");
    testHostLink(place, "nested", "TOP//root/sub");
    testHostLink(place, "last", "root/sub/volume");
    testHostLink(place, "dots", "root/sub/..");
    g_assert_cmpint(mkdir(bound, 0755), ==, 0);
    g_assert_cmpint(mount(root, bound, NULL, MS_BIND, NULL), ==, 0);
    return bound;
}

static void
testSpelling(size_t i, const char *what, bool mapped, bool refused)
{
    g_autoptr(testPlace) place = testPlaceNew(mapped);
    g_autoptr(virLXCRootPlan) plan = testPlacePlan(place);
    virLXCRootMount *top = testMountAt(plan, "/");
    virLXCRootMount *mount = testMountAt(plan, "/parent/target");
    g_autofree char *bound = NULL;
    g_autofree char *answer = NULL;

    testPlaceMake(place, "sub/volume", what);
    bound = testMakeAliases(place);
    g_free(top->source);
    top->source = g_strconcat(place->top, testSpellings[i].outer, NULL);
    g_free(mount->source);
    mount->source = g_strconcat(place->top, testSpellings[i].inner, NULL);
    answer = testPlaceRun(place, plan, testSourceIsInside, NULL);
    g_assert_cmpint(umount2(bound, MNT_DETACH), ==, 0);

    g_test_message("%s, %s, %s: %s", testSpellings[i].outer,
                   testSpellings[i].inner, what, answer ? answer : "right");
    if (!refused)
        g_assert_cmpstr(answer, ==, NULL);
    else if (!answer || !strstr(answer, mount->source) ||
             !strstr(answer, g_strerror(EXDEV)))
        g_error("'%s' is not refused: %s", mount->source, answer);
}

static void
testSourceSpellings(gconstpointer opaque)
{
    bool mapped = GPOINTER_TO_INT(opaque);
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(testSpellings); i++) {
        testSpelling(i, "link ../etc", mapped, testSpellings[i].refused);
        testSpelling(i, "link HOST/directory", mapped, true);
        testSpelling(i, "link ../../host", mapped, true);
    }
}

/* A link of the container cannot choose the device of a file system. */
static void
testDeviceBelowRoot(void)
{
    g_autoptr(testPlace) place = testPlaceNew(false);
    g_autoptr(virLXCRootPlan) plan = testPlacePlan(place);
    g_autofree char *device = g_strconcat(place->top, "/root//device", NULL);
    g_autofree char *answer = NULL;

    testPlaceMake(place, "device", "link HOST/secret");
    virLXCRootPlanAdd(plan, VIR_LXC_ROOT_FILESYSTEM, device, "/other")->types =
        g_strsplit("ext4", " ", -1);
    answer = testPlaceRun(place, plan, NULL, NULL);
    g_assert_nonnull(strstr(answer ? answer : "", device));
    g_assert_nonnull(strstr(answer, "leads out of it"));
}

/* Paths of images and devices below the container's root, and links in the
 * host's directory next to it. */
static const struct {
    const char *what;
    const char *path;
    virLXCRootSourceKind kind;
    bool inside;
    const char *wrong;
} testImages[] = {
    {"file", "root/image", VIR_LXC_ROOT_SOURCE_IMAGE, true, NULL},
    {"link etc/passwd", "root/image", VIR_LXC_ROOT_SOURCE_IMAGE, true, NULL},
    {"file", "host/secret", VIR_LXC_ROOT_SOURCE_IMAGE, false, NULL},
    {"file", "outer", VIR_LXC_ROOT_SOURCE_IMAGE, false, NULL},
    {"file", "inner", VIR_LXC_ROOT_SOURCE_IMAGE, true, NULL},
    {"file", "file", VIR_LXC_ROOT_SOURCE_IMAGE, true, NULL},
    {"file", "host/secret", VIR_LXC_ROOT_SOURCE_DEVICE, false, NULL},
    {"link HOST/secret", "root/image", VIR_LXC_ROOT_SOURCE_IMAGE, true,
     "leads out of it"},
    {"link HOST/secret", "inner", VIR_LXC_ROOT_SOURCE_IMAGE, true,
     "leads out of it"},
    {"link ../host/secret", "root/image", VIR_LXC_ROOT_SOURCE_DEVICE, true,
     "leads out of it"},
    {"file", "root/../host/secret", VIR_LXC_ROOT_SOURCE_IMAGE, true,
     "leads out of it"},
    {"fifo", "root/image", VIR_LXC_ROOT_SOURCE_IMAGE, true, "regular file"},
    {"socket", "root/image", VIR_LXC_ROOT_SOURCE_IMAGE, true, "regular file"},
    {"device", "root/image", VIR_LXC_ROOT_SOURCE_IMAGE, true, "regular file"},
    {"directory", "root/image", VIR_LXC_ROOT_SOURCE_IMAGE, true,
     "regular file"},
    {"file", "host/directory", VIR_LXC_ROOT_SOURCE_IMAGE, false,
     "neither a regular file nor a block device"},
    {"device", "root/image", VIR_LXC_ROOT_SOURCE_DEVICE, true, "another one"},
    {"file", "inner", VIR_LXC_ROOT_SOURCE_DEVICE, true, "another one"},
    {"file", "nowhere", VIR_LXC_ROOT_SOURCE_IMAGE, false, "No such file"},
};

static void
testImage(const testPlace *place, size_t i)
{
    g_autoptr(virLXCRootSources) sources = virLXCRootSourcesNew();
    g_autofree char *root = testPlacePath(place, "root");
    g_autofree char *file = testPlacePath(place, "file");
    g_autofree char *path = testPlacePath(place, testImages[i].path);
    g_autoptr(GError) error = NULL;
    bool inside = !testImages[i].inside;
    int fd;

    g_assert_cmpint(virLXCRootSourcesAdd(sources, "/", NULL), ==, 0);
    g_assert_cmpint(virLXCRootSourcesAdd(sources, root, NULL), ==, 0);
    g_assert_cmpint(virLXCRootSourcesAdd(sources, file, NULL), ==, 0);
    fd = virLXCRootSourcesOpen(sources, path, testImages[i].kind, &inside,
                               &error);
    g_test_message("%s, %s: %s", testImages[i].path, testImages[i].what,
                   error ? error->message : "right");
    if (testImages[i].wrong) {
        g_assert_cmpint(fd, ==, -1);
        g_assert_nonnull(strstr(error->message, path));
        g_assert_nonnull(strstr(error->message, testImages[i].wrong));
        return;
    }
    g_assert_no_error(error);
    g_assert_cmpint(inside, ==, testImages[i].inside);
    g_assert_cmpint(close(fd), ==, 0);
}

static void
testImagesOpen(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(testImages); i++) {
        g_autoptr(testPlace) place = testPlaceNew(false);

        testPlaceMake(place, "image", testImages[i].what);
        testHostLink(place, "inner", "TOP/root/image");
        testHostLink(place, "outer", "host/secret");
        testImage(place, i);
    }
}

/* --- nodes --------------------------------------------------------------- */

static const struct {
    const char *made; /* what the container has made, or NULL */
    const char *at;
    const char *node;
    const char *wrong;
} testNodes[] = {
    {NULL, NULL, "/dev/node", NULL},
    {NULL, NULL, "/dev/new/deep/node", NULL},
    {"directory", "dev/net", "/dev/net/node", NULL},
    {"link HOST/directory", "dev/net", "/dev/net/node", "'/dev/net'"},
    {"link ../etc", "dev/net", "/dev/net/node", "'/dev/net'"},
    {"link /nowhere", "dev/net", "/dev/net/node", "'/dev/net'"},
    {"file", "dev/net", "/dev/net/node", "'/dev/net'"},
    {"link HOST/secret", "dev/node", "/dev/node", "'/dev/node'"},
    {"file", "dev/node", "/dev/node", "'/dev/node'"},
    {NULL, NULL, "/dev/../node", "'/dev/..'"},
};

static void
testNodeIsMade(const char *path)
{
    struct stat found;

    g_assert_cmpint(lstat(path, &found), ==, 0);
    g_assert_cmpuint(found.st_mode, ==, S_IFCHR | 0700);
    g_assert_cmpuint(found.st_rdev, ==, makedev(1, 5));
    g_assert_cmpuint(found.st_uid, ==, 1000);
    g_assert_cmpuint(found.st_gid, ==, 100);
}

static void
testNode(size_t i)
{
    g_autoptr(testPlace) place = testPlaceNew(false);
    g_autofree char *root = testPlacePath(place, "root");
    g_autofree char *node = g_strconcat(root, testNodes[i].node, NULL);
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    g_autoptr(GError) error = NULL;
    int top = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int rc;

    if (testNodes[i].made)
        testPlaceMake(place, testNodes[i].at, testNodes[i].made);
    before = testPlaceHost(place);
    rc = virLXCRootMakeNode(top, testNodes[i].node, S_IFCHR | 0700,
                            makedev(1, 5), 1000, 100, &error);
    after = testPlaceHost(place);
    g_assert_cmpint(close(top), ==, 0);
    g_assert_cmpstr(before, ==, after);
    if (!testNodes[i].wrong) {
        g_assert_no_error(error);
        testNodeIsMade(node);
        return;
    }
    g_assert_cmpint(rc, ==, -1);
    g_assert_nonnull(strstr(error->message, testNodes[i].wrong));
}

static void
testNodesMade(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(testNodes); i++)
        testNode(i);
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

/* --- verification ----------------------------------------------------------
 */

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

/* --- races -------------------------------------------------------------------
 */

typedef struct {
    char *one;
    char *other;
    int stop;
} testSwap;

static gpointer
testSwapLoop(gpointer opaque)
{
    testSwap *swap = opaque;

    while (!g_atomic_int_get(&swap->stop))
        renameat2(AT_FDCWD, swap->one, AT_FDCWD, swap->other, RENAME_EXCHANGE);
    return NULL;
}

static char *
testNothingOfHost(const testPlace *place, virLXCRoot *root G_GNUC_UNUSED,
                  gpointer opaque G_GNUC_UNUSED)
{
    return testHostIsAway(place);
}

/* As many for the one that matters most as the issue asks for. */
static size_t
testRaceRuns(const char *name)
{
    return g_str_equal(name, "parent/target") ? 200 : 50;
}

/* Somebody on the host swaps a directory and a link while the tree is made. */
static void
testRace(gconstpointer name)
{
    g_autoptr(testPlace) place = testPlaceNew(false);
    g_autoptr(virLXCRootPlan) plan = testPlacePlan(place);
    g_autofree char *inside = g_strconcat("root/", name, NULL);
    testSwap swap = {
        testPlacePath(place, inside),
        testPlacePath(place, "root/swapped"),
        0,
    };
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    GThread *thread;
    size_t i;

    testPlaceMake(place, name, "directory");
    testPlaceMake(place, "swapped", "link HOST/directory");
    before = testPlaceHost(place);
    thread = g_thread_new("swap", testSwapLoop, &swap);
    for (i = 0; i < testRaceRuns(name); i++) {
        g_autofree char *answer =
            testPlaceRun(place, plan, testNothingOfHost, NULL);

        if (answer)
            g_assert_false(g_str_has_prefix(answer, "check: "));
    }
    g_atomic_int_set(&swap.stop, 1);
    g_thread_join(thread);
    after = testPlaceHost(place);
    g_assert_cmpstr(before, ==, after);
    g_free(swap.one);
    g_free(swap.other);
}

static void
testAddBoth(const char *name, GTestDataFunc func)
{
    g_autofree char *plain = g_strdup_printf("/root/%s", name);
    g_autofree char *mapped = g_strdup_printf("/root/%s-mapped", name);

    g_test_add_data_func(plain, GINT_TO_POINTER(FALSE), func);
    g_test_add_data_func(mapped, GINT_TO_POINTER(TRUE), func);
}

static void
testAddHostile(void)
{
    size_t i;

    for (i = 0; i < 2 * G_N_ELEMENTS(testNames); i++) {
        g_autofree char *name =
            g_strdup_printf("/root/hostile%s/%s", i % 2 ? "-mapped" : "",
                            testNames[i / 2].name);

        g_test_add_data_func(name, GSIZE_TO_POINTER(i), testHostile);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (unshare(CLONE_NEWNS) < 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        g_error("the tests need root: %s", g_strerror(errno));

    testAddBoth("plain", testPlain);
    g_test_add_func("/root/setting", testSetting);
    testAddBoth("attributes", testAttributesStay);
    testAddBoth("recursive-readonly", testRecursiveReadonly);
    testAddBoth("source-below-root", testSourceBelowRoot);
    testAddBoth("source-spellings", testSourceSpellings);
    g_test_add_func("/root/device-below-root", testDeviceBelowRoot);
    g_test_add_func("/root/images", testImagesOpen);
    g_test_add_func("/root/nodes", testNodesMade);
    testAddBoth("verify", testVerify);
    testAddBoth("file", testFile);
    g_test_add_func("/root/mountinfo", testMountinfo);
    g_test_add_func("/root/shared-root", testSharedRoot);
    g_test_add_func("/root/file-too-large", testFileTooLarge);
    testAddHostile();
    g_test_add_data_func("/root/race/target", "parent/target", testRace);
    g_test_add_data_func("/root/race/parent", "parent", testRace);
    g_test_add_data_func("/root/race/proc", "proc", testRace);
    g_test_add_data_func("/root/race/dev", "dev", testRace);
    return g_test_run();
}
