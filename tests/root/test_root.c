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
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#include "answer.h"
#include "test_root.h"

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

void
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
    testAddAttributes();
    testAddSources();
    testAddVerify();
    testAddHostile();
    g_test_add_data_func("/root/race/target", "parent/target", testRace);
    g_test_add_data_func("/root/race/parent", "parent", testRace);
    g_test_add_data_func("/root/race/proc", "proc", testRace);
    g_test_add_data_func("/root/race/dev", "dev", testRace);
    return g_test_run();
}
