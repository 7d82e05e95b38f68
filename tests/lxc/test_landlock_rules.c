/*
 * test_landlock_rules.c: which files the targets of <landlock> lead to
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a root, made in a temporary directory, with links of which some are below
 * directories that a rule makes writable. Out: the file of the last rule, or
 * the error.
 */

#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "landlock_rules.h"

static const char *const directories[] = {
    "/data", "/data/app", "/data/real", "/data/real/deep", "/etc", "/other",
};

static const struct {
    const char *name;
    const char *target;
} links[] = {
    {"/srv", "/data"},          {"/other/up", "../data"},
    {"/alias", "/data/escape"}, {"/data/escape", "/"},
    {"/data/near", "real"},     {"/data/dangling", "/nowhere"},
    {"/plain", "/etc"},         {"/loop", "loop"},
    {"/data/loop", "loop"},
};

/* @writable and its rights, and @target, to which the rule that is looked at
 * applies. @reached is the path that it leads to, or a part of the error. */
typedef struct {
    const char *name;
    const char *writable;
    const char *rights;
    const char *target;
    const char *reached;
    bool fails;
} testRow;

#define REFUSED "leads through a symbolic link"

static const testRow rows[] = {
    /* Without another rule, links may lead anywhere. */
    {"only-rule", NULL, "read_dir", "/data/escape", "/", false},
    {"only-rule-inside", NULL, "make_sym", "/data/near", "/data/real", false},
    {"own-entry", "/data", "make_sym", "/srv", "/data", false},
    {"reads", "/data", "read_dir", "/data/escape", "/", false},
    {"writes-files", "/data", "write_file", "/data/escape", "/", false},
    {"elsewhere", "/other", "make_sym", "/data/escape", "/", false},
    {"trusted-link", "/data", "make_sym", "/plain", "/etc", false},
    {"loop", "/data", "make_sym", "/loop", "symbolic links", true},

    /* Below it, only what is not a link. */
    {"directory", "/data", "make_sym", "/data/real/deep", "/data/real/deep",
     false},
    {"slashes", "/data", "make_sym", "//data/./real//deep/", "/data/real/deep",
     false},
    {"link", "/data", "make_sym", "/data/escape", REFUSED, true},
    {"link-slash", "/data", "make_sym", "/data/escape/", REFUSED, true},
    {"link-middle", "/data", "make_sym", "/data/escape/etc", REFUSED, true},
    {"link-inside", "/data", "make_sym", "/data/near/deep", REFUSED, true},
    {"link-dangling", "/data", "make_sym", "/data/dangling", REFUSED, true},
    {"link-loop", "/data", "make_sym", "/data/loop", REFUSED, true},
    {"link-after-up", "/data", "make_sym", "/data/real/../../plain", REFUSED,
     true},
    {"root", "/", "make_sym", "/srv/app", REFUSED, true},

    /* By any name of the writable directory. */
    {"rule-by-link", "/srv", "make_sym", "/data/escape", REFUSED, true},
    {"target-by-link", "/data", "make_sym", "/srv/escape", REFUSED, true},
    {"both-by-link", "/other/up", "make_sym", "/srv/escape", REFUSED, true},
    {"link-into-it", "/data", "make_sym", "/alias", REFUSED, true},
    {"target-by-link-directory", "/data", "make_sym", "/srv/real", "/data/real",
     false},

    /* Every right that changes entries. */
    {"make_reg", "/data", "make_reg", "/data/escape", REFUSED, true},
    {"make_dir", "/data", "make_dir", "/data/escape", REFUSED, true},
    {"make_sock", "/data", "make_sock", "/data/escape", REFUSED, true},
    {"make_fifo", "/data", "make_fifo", "/data/escape", REFUSED, true},
    {"make_char", "/data", "make_char", "/data/escape", REFUSED, true},
    {"make_block", "/data", "make_block", "/data/escape", REFUSED, true},
    {"remove_file", "/data", "remove_file", "/data/escape", REFUSED, true},
    {"remove_dir", "/data", "remove_dir", "/data/escape", REFUSED, true},
    {"refer", "/data", "refer", "/data/escape", REFUSED, true},
};

static void
testAddPath(virLXCLandlockPlan *plan, const char *target, const char *right)
{
    virLXCLandlockPlanPath *path = g_new0(virLXCLandlockPlanPath, 1);

    path->target = (char *)target;
    path->allow = virLXCLandlockRightByName(right)->bit;
    path->skipMissing = true;
    g_ptr_array_add(plan->paths, path);
}

static void
testMakeRoot(const char *root)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(directories); i++) {
        g_autofree char *path = g_strconcat(root, directories[i], NULL);

        g_assert_cmpint(g_mkdir_with_parents(path, 0755), ==, 0);
    }
    for (i = 0; i < G_N_ELEMENTS(links); i++) {
        g_autofree char *path = g_strconcat(root, links[i].name, NULL);

        g_assert_cmpint(symlink(links[i].target, path), ==, 0);
    }
}

static void
testRemoveRoot(const char *root)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(links); i++) {
        g_autofree char *path = g_strconcat(root, links[i].name, NULL);

        g_assert_cmpint(unlink(path), ==, 0);
    }
    for (i = G_N_ELEMENTS(directories); i > 0; i--) {
        g_autofree char *path = g_strconcat(root, directories[i - 1], NULL);

        g_assert_cmpint(rmdir(path), ==, 0);
    }
    g_assert_cmpint(rmdir(root), ==, 0);
}

static bool
testReaches(const GPtrArray *rules, const char *path)
{
    const virLXCLandlockRule *rule = g_ptr_array_index(rules, rules->len - 1);
    struct stat sb;

    return lstat(path, &sb) == 0 && sb.st_dev == rule->device &&
           sb.st_ino == rule->inode;
}

/* Runs in a child, which is in the root. Returns its exit status. */
static int
testResolve(const testRow *row)
{
    virLXCLandlockPlan plan = {.paths = g_ptr_array_new()};
    g_autoptr(GPtrArray) rules = NULL;
    g_autoptr(GError) error = NULL;

    if (row->writable)
        testAddPath(&plan, row->writable, row->rights);
    testAddPath(&plan, row->target, row->writable ? "read_dir" : row->rights);
    rules = virLXCLandlockRulesResolve(&plan, &error);

    if (!row->fails)
        return rules && testReaches(rules, row->reached) ? 0 : 1;
    if (rules || !strstr(error->message, row->reached) ||
        !strstr(error->message, row->target))
        return 1;
    return g_str_equal(row->reached, REFUSED) &&
                   !strstr(error->message, row->writable)
               ? 1
               : 0;
}

static void
testRules(gconstpointer opaque)
{
    const testRow *row = opaque;
    g_autofree char *root = g_dir_make_tmp("landlock-rules-XXXXXX", NULL);
    int status = -1;
    pid_t pid;

    testMakeRoot(root);
    pid = fork();
    if (pid == 0) {
        if (geteuid() != 0 && unshare(CLONE_NEWUSER) < 0)
            _exit(2);
        _exit(chroot(root) == 0 && chdir("/") == 0 ? testResolve(row) : 2);
    }
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    testRemoveRoot(root);
    g_assert_cmpint(status, ==, 0);
}

int
main(int argc, char **argv)
{
    size_t i;

    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();

    for (i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *name =
            g_strdup_printf("/landlock-rules/%s", rows[i].name);

        g_test_add_data_func(name, &rows[i], testRules);
    }
    return g_test_run();
}
