/*
 * test_profile_file.c: files of seccomp profiles
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: files of each kind in a temporary directory. Out: their text, or why it
 * is not read.
 */

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "profile_file.h"

static char *root;

static char *
testPath(const char *file)
{
    return g_build_filename(root, "d", file, NULL);
}

static void
testWrite(const char *file, const char *text, gssize length)
{
    g_autofree char *path = testPath(file);
    g_autoptr(GError) error = NULL;

    g_file_set_contents(path, text, length, &error);
    g_assert_no_error(error);
}

/* "%s" in @message stands for the directory. */
static void
testExpectError(const char *name, int code, const char *message)
{
    g_autofree char *dir = g_build_filename(root, "d", NULL);
    g_auto(GStrv) parts = g_strsplit(message, "%s", 2);
    g_autofree char *expected = g_strjoinv(dir, parts);
    g_autoptr(GError) error = NULL;

    g_assert_null(virLXCProfileFileRead(dir, name, &error));
    g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR, code);
    g_assert_cmpstr(error->message, ==, expected);
}

static void
testExpectInvalid(const char *name, const char *message)
{
    testExpectError(name, VIR_LXC_CONFINEMENT_ERROR_INVALID, message);
}

static void
testText(void)
{
    g_autofree char *dir = g_build_filename(root, "d", NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    testWrite("web.json", "{}\n", -1);
    text = virLXCProfileFileRead(dir, "web", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, "{}\n");
}

static void
testEmpty(void)
{
    g_autofree char *dir = g_build_filename(root, "d", NULL);
    g_autofree char *text = NULL;

    testWrite("empty.json", "", 0);
    text = virLXCProfileFileRead(dir, "empty", NULL);
    g_assert_cmpstr(text, ==, "");
}

static void
testName(void)
{
    testExpectInvalid("../d/web",
                      "'../d/web' is not a valid name of a seccomp profile");
    testExpectInvalid("", "'' is not a valid name of a seccomp profile");
    testExpectInvalid(".web",
                      "'.web' is not a valid name of a seccomp profile");
}

static void
testMissing(void)
{
    testExpectError("missing", VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
                    "cannot read seccomp profile '%s/missing.json': No such "
                    "file or directory");
}

static void
testNoDirectory(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(virLXCProfileFileRead("/nonexistent", "web", &error));
    g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                   VIR_LXC_CONFINEMENT_ERROR_SYSTEM);
    g_assert_cmpstr(error->message, ==,
                    "cannot read seccomp profile '/nonexistent/web.json': No "
                    "such file or directory");
}

static void
testLink(void)
{
    g_autofree char *path = testPath("link.json");

    testWrite("target.json", "{}", -1);
    g_assert_cmpint(symlink("target.json", path), ==, 0);
    testExpectInvalid("link",
                      "seccomp profile '%s/link.json' is a symbolic link");
}

/* Nobody writes to it. */
static void
testFIFO(void)
{
    g_autofree char *path = testPath("fifo.json");

    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    testExpectInvalid("fifo",
                      "seccomp profile '%s/fifo.json' is not a regular file");
}

static void
testDirectory(void)
{
    g_autofree char *path = testPath("dir.json");

    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    testExpectInvalid("dir",
                      "seccomp profile '%s/dir.json' is not a regular file");
}

static void
testLong(void)
{
    g_autofree char *dir = g_build_filename(root, "d", NULL);
    g_autofree char *text = g_strnfill(VIR_LXC_PROFILE_FILE_MAX + 1, ' ');
    g_autofree char *read = NULL;

    testWrite("longest.json", text, VIR_LXC_PROFILE_FILE_MAX);
    read = virLXCProfileFileRead(dir, "longest", NULL);
    g_assert_cmpuint(strlen(read), ==, VIR_LXC_PROFILE_FILE_MAX);

    testWrite("longer.json", text, VIR_LXC_PROFILE_FILE_MAX + 1);
    testExpectInvalid("longer", "seccomp profile '%s/longer.json' is longer "
                                "than 1048576 bytes");
}

/* Behind a NUL there would be what nobody looks at. */
static void
testNUL(void)
{
    testWrite("nul.json", "{}\0{}", 5);
    testExpectInvalid("nul",
                      "seccomp profile '%s/nul.json' contains a NUL byte");
}

static void
testRemove(void)
{
    g_autofree char *dir = g_build_filename(root, "d", NULL);
    g_autoptr(GDir) files = g_dir_open(dir, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(files))) {
        g_autofree char *path = testPath(name);

        g_remove(path);
    }
    g_rmdir(dir);
    g_rmdir(root);
    g_free(root);
}

int
main(int argc, char **argv)
{
    g_autofree char *dir = NULL;
    int rc;

    g_test_init(&argc, &argv, NULL);
    root = g_dir_make_tmp("oci-profile-XXXXXX", NULL);
    g_assert_nonnull(root);
    dir = g_build_filename(root, "d", NULL);
    g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);

    g_test_add_func("/oci-profile-read/text", testText);
    g_test_add_func("/oci-profile-read/empty", testEmpty);
    g_test_add_func("/oci-profile-read/name", testName);
    g_test_add_func("/oci-profile-read/missing", testMissing);
    g_test_add_func("/oci-profile-read/no-directory", testNoDirectory);
    g_test_add_func("/oci-profile-read/link", testLink);
    g_test_add_func("/oci-profile-read/fifo", testFIFO);
    g_test_add_func("/oci-profile-read/directory", testDirectory);
    g_test_add_func("/oci-profile-read/long", testLong);
    g_test_add_func("/oci-profile-read/nul", testNUL);
    rc = g_test_run();

    testRemove();
    return rc;
}
