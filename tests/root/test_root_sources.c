/*
 * test_root_sources.c: sources, images and nodes that a container can influence
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
#include "root_node.h"
#include "root_source.h"
#include "test_root.h"

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
        virLXCRootMount *mount = testPlaceMountAt(plan, "/parent/target");
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
    virLXCRootMount *top = testPlaceMountAt(plan, "/");
    virLXCRootMount *mount = testPlaceMountAt(plan, "/parent/target");
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

void
testAddSources(void)
{
    testAddBoth("source-below-root", testSourceBelowRoot);
    testAddBoth("source-spellings", testSourceSpellings);
    g_test_add_func("/root/device-below-root", testDeviceBelowRoot);
    g_test_add_func("/root/images", testImagesOpen);
    g_test_add_func("/root/nodes", testNodesMade);
}
