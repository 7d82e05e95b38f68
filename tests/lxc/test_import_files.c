/*
 * test_import_files.c: files that a policy includes
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a directory with files, links, a FIFO. Out: what is read of it, and what
 * is not.
 */

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cases.h"
#include "import_files.h"

typedef struct {
    char *top;
    char *own;
    char *lxc;
    virLXCImportFiles *files;
} testDirectory;

static void
testWrite(const char *directory, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
testSetUp(testDirectory *dir, gconstpointer data G_GNUC_UNUSED)
{
    dir->top = g_dir_make_tmp("import-XXXXXX", NULL);
    dir->own = g_build_filename(dir->top, "own", NULL);
    dir->lxc = g_build_filename(dir->top, "lxc", NULL);
    g_assert_cmpint(g_mkdir(dir->own, 0700), ==, 0);
    g_assert_cmpint(g_mkdir(dir->lxc, 0700), ==, 0);
    testWrite(dir->top, "secret", "secret");
    testWrite(dir->own, "a.conf", "own");
    testWrite(dir->lxc, "common.conf", "common");
    dir->files = virLXCImportFilesNew(dir->own, dir->lxc);
}

static void
testTearDown(testDirectory *dir, gconstpointer data G_GNUC_UNUSED)
{
    const char *const argv[] = {"rm", "-rf", dir->top, NULL};

    virLXCImportFilesFree(dir->files);
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH,
                               NULL, NULL, NULL, NULL, NULL, NULL));
    g_free(dir->top);
    g_free(dir->own);
    g_free(dir->lxc);
}

static void
testReads(testDirectory *dir, const char *path, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = virLXCImportFilesRead(dir->files, path, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, expected);
}

static void
testRefuses(testDirectory *dir, const char *path, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = virLXCImportFilesRead(dir->files, path, &error);

    g_assert_null(text);
    g_assert_nonnull(error);
    g_assert_nonnull(strstr(error->message, expected));
}

static void
testBeneath(testDirectory *dir, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *common = g_build_filename(dir->lxc, "common.conf", NULL);
    g_autofree char *secret = g_build_filename(dir->top, "secret", NULL);
    g_autofree char *beside = g_strconcat(dir->own, "-not", NULL);

    testReads(dir, "a.conf", "own");
    testReads(dir, "./b/../a.conf", "own");
    testReads(dir, common, "common");
    testRefuses(dir, "gone.conf", "No such file or directory");
    testRefuses(dir, secret, "neither below");
    testRefuses(dir, "../secret", "neither below");
    testRefuses(dir, beside, "neither below");
    testRefuses(dir, "/etc/passwd", "neither below");
    testRefuses(dir, ".", "is not a regular file");
}

/* Links are followed as long as they stay beneath the directory. */
static void
testLinks(testDirectory *dir, gconstpointer data G_GNUC_UNUSED)
{
    static const struct {
        const char *name;
        const char *target;
    } links[] = {
        {"in.conf", "a.conf"},
        {"out.conf", "../secret"},
        {"absolute.conf", "/etc/passwd"},
        {"magic.conf", "/proc/self/exe"},
        {"loop.conf", "loop.conf"},
    };
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(links); i++) {
        g_autofree char *path = g_build_filename(dir->own, links[i].name, NULL);

        g_assert_cmpint(symlink(links[i].target, path), ==, 0);
    }

    testReads(dir, "in.conf", "own");
    testRefuses(dir, "out.conf", g_strerror(EXDEV));
    testRefuses(dir, "absolute.conf", g_strerror(EXDEV));
    testRefuses(dir, "magic.conf", g_strerror(EXDEV));
    testRefuses(dir, "loop.conf", g_strerror(ELOOP));
}

/* A FIFO without a writer must not block. */
static void
testFIFO(testDirectory *dir, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *path = g_build_filename(dir->own, "fifo.conf", NULL);

    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    testRefuses(dir, "fifo.conf", "is not a regular file");
}

static void
testNUL(testDirectory *dir, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *path = g_build_filename(dir->own, "nul.conf", NULL);

    g_assert_true(g_file_set_contents(path, "a\0b", 3, NULL));
    testRefuses(dir, "nul.conf", "contains a NUL byte");
}

static void
testNumber(testDirectory *dir, gconstpointer data G_GNUC_UNUSED)
{
    size_t i;

    for (i = 0; i < VIR_LXC_IMPORT_FILES_MAX; i++)
        testReads(dir, "a.conf", "own");
    testRefuses(dir, "a.conf", "includes more than 64 files");
}

/* All files together. */
static void
testSize(testDirectory *dir, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *half = g_strnfill(VIR_LXC_IMPORT_BYTES_MAX / 2, '#');

    testWrite(dir->own, "half.conf", half);
    testReads(dir, "half.conf", half);
    testReads(dir, "half.conf", half);
    testRefuses(dir, "a.conf", "is longer than 0 bytes");
}

static char *
testList(testDirectory *dir, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) paths =
        virLXCImportFilesList(dir->files, path, ".conf", &error);

    return paths ? g_strjoinv(" ", paths) : g_strdup(error->message);
}

static void
testDirectories(testDirectory *dir, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *sub = g_build_filename(dir->own, "d.d", NULL);
    g_autofree char *all = NULL;
    g_autofree char *file = NULL;
    g_autofree char *missing = NULL;
    g_autofree char *gone = NULL;
    g_autofree char *outside = NULL;
    g_autofree char *many = NULL;
    size_t i;

    g_assert_cmpint(g_mkdir(sub, 0700), ==, 0);
    testWrite(sub, "20-b.conf", "");
    testWrite(sub, "10-a.conf", "");
    testWrite(sub, "README", "");
    testWrite(sub, ".conf", "");

    all = testList(dir, "d.d");
    g_assert_cmpstr(all, ==, "d.d/10-a.conf d.d/20-b.conf");
    file = testList(dir, "a.conf");
    g_assert_cmpstr(file, ==, "a.conf");
    missing = testList(dir, "e.d/");
    g_assert_cmpstr(missing, ==, "");
    gone = testList(dir, "e.d");
    g_assert_cmpstr(gone, ==, "cannot read 'e.d': No such file or directory");
    outside = testList(dir, "../");
    g_assert_nonnull(strstr(outside, "neither below"));

    for (i = 0; i < VIR_LXC_IMPORT_FILES_MAX; i++) {
        g_autofree char *name = g_strdup_printf("%zu.conf", i);

        testWrite(sub, name, "");
    }
    many = testList(dir, "d.d");
    g_assert_cmpstr(many, ==, "'d.d' has more than 64 files");
}

/* Text that a client of the daemon sends has no directory. */
static void
testNoDirectory(testDirectory *dir, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *common = g_build_filename(dir->lxc, "common.conf", NULL);
    g_autofree char *own = g_build_filename(dir->own, "a.conf", NULL);

    virLXCImportFilesFree(dir->files);
    dir->files = virLXCImportFilesNew(NULL, dir->lxc);
    testReads(dir, common, "common");
    testRefuses(dir, "a.conf", "is not an absolute path");
    testRefuses(dir, own, "is not below");
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*func)(testDirectory *, gconstpointer);
    } tests[] = {
        {"/import-files/beneath", testBeneath},
        {"/import-files/links", testLinks},
        {"/import-files/fifo", testFIFO},
        {"/import-files/nul", testNUL},
        {"/import-files/number", testNumber},
        {"/import-files/size", testSize},
        {"/import-files/directories", testDirectories},
        {"/import-files/no-directory", testNoDirectory},
    };
    size_t i;

    g_test_init(&argc, &argv, NULL);
    for (i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, testDirectory, NULL, testSetUp, tests[i].func,
                   testTearDown);

    return g_test_run();
}
