/*
 * test_host_info.c: what is found out about a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the running kernel, files and directories made up here. Out: properties.
 */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases.h"
#include "error.h"
#include "host_info.h"
#include "lsm_probe.h"
#include "lsm_table.h"
#include "profile_directory.h"

/* syscall_table.c; the same on all architectures except alpha */
#define LSM_LIST_MODULES 461

static char *root;

static char *
testFile(const char *name, gssize size)
{
    char *path = g_build_filename(root, name, NULL);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(ftruncate(fd, size), ==, 0);
    close(fd);
    return path;
}

static void
testProfiles(void)
{
    static const char *const expected[] = {"a", "b-1.x", "z", NULL};
    g_autofree char *z = testFile("z.json", 0);
    g_autofree char *a = testFile("a.json", 1);
    g_autofree char *b = testFile("b-1.x.json", 1048576);
    g_autofree char *large = testFile("large.json", 1048577);
    g_autofree char *text = testFile("text.txt", 1);
    g_autofree char *bare = testFile("bare", 1);
    g_autofree char *hidden = testFile(".json", 1);
    g_autofree char *invalid = testFile("-x.json", 1);
    g_autofree char *space = testFile("a b.json", 1);
    g_autofree char *link = g_build_filename(root, "link.json", NULL);
    g_autofree char *dir = g_build_filename(root, "dir.json", NULL);
    g_autofree char *fifo = g_build_filename(root, "fifo.json", NULL);
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = NULL;

    g_assert_cmpint(symlink("a.json", link), ==, 0);
    g_assert_cmpint(g_mkdir(dir, 0755), ==, 0);
    g_assert_cmpint(mkfifo(fifo, 0644), ==, 0);

    names = virLXCProfileDirectoryList(root, &error);
    g_assert_no_error(error);
    g_assert_cmpstrv(names, expected);
}

static void
testProfilesWithoutDirectory(void)
{
    static const char *const none[] = {NULL};
    g_autofree char *missing = g_build_filename(root, "missing", NULL);
    g_autofree char *file = testFile("file", 1);
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = virLXCProfileDirectoryList(missing, &error);

    g_assert_no_error(error);
    g_assert_cmpstrv(names, none);

    g_assert_null(virLXCProfileDirectoryList(file, &error));
    g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                   VIR_LXC_CONFINEMENT_ERROR_SYSTEM);
    g_assert_nonnull(strstr(error->message, file));
}

static void
testLSMFile(void)
{
    static const char *const expected[] = {"lockdown", "capability", "novel",
                                           NULL};
    g_autofree char *file = g_build_filename(root, "lsm", NULL);
    g_auto(GStrv) names = NULL;

    g_assert_null(virLXCLSMRead(file));
    g_assert_true(
        g_file_set_contents(file, "lockdown,capability,novel", -1, NULL));
    names = virLXCLSMRead(file);
    g_assert_cmpstrv(names, expected);
}

/* As on a kernel before 6.8: whether the names are those of the file. */
static int
testOldKernel(const char *file)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, LSM_LIST_MODULES, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {G_N_ELEMENTS(code), code};
    g_auto(GStrv) names = NULL;

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
        return 2;

    names = virLXCLSMProbe(file);
    return !names || !g_str_equal(names[0], "old") || names[1];
}

static void
testLSMOldKernel(void)
{
    g_autofree char *file = g_build_filename(root, "lsm-old", NULL);
    int status = 0;
    pid_t child;

    g_assert_true(g_file_set_contents(file, "old\n", -1, NULL));
    child = fork();
    if (child == 0)
        _exit(testOldKernel(file));

    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

static void
testLSMTable(void)
{
    size_t nrows = 0;
    const virLXCLSM *rows = virLXCLSMTable(&nrows);
    g_autofree char *unknown = virLXCLSMLabel(99);
    size_t i;

    g_assert_cmpuint(nrows, >, 0);
    for (i = 0; i < nrows; i++) {
        g_autofree char *label = virLXCLSMLabel(rows[i].id);

        g_assert_cmpstr(label, ==, rows[i].name);
        g_assert_cmpuint(rows[i].id, ==, 100 + i);
    }
    g_assert_cmpstr(unknown, ==, "99");
}

static const struct {
    const char *mountinfo;
    unsigned int versions;
} mounts[] = {
    {"", 0},
    {"22 1 0:21 / /proc rw - proc proc rw\n", 0},
    {"30 24 0:26 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw\n",
     VIR_LXC_CGROUP_VERSION_2},
    {"31 24 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n",
     VIR_LXC_CGROUP_VERSION_1},
    {"31 24 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
     "32 24 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup rw\n",
     VIR_LXC_CGROUP_VERSION_1 | VIR_LXC_CGROUP_VERSION_2},
    {"33 24 0:29 / /mnt/\\040-\\040cgroup\\040 rw - tmpfs cgroup2 rw\n", 0},
};

static void
testCgroups(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(mounts); i++)
        g_assert_cmpuint(virLXCCgroupVersionsOf(mounts[i].mountinfo), ==,
                         mounts[i].versions);
}

/* The kernel that runs this test */
static void
testKernel(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCHostInfo) info = virLXCHostInfoProbe(root, &error);
    virLXCHost host;

    g_assert_no_error(error);
    g_assert_nonnull(info);
    g_assert_cmpint(virLXCHostProbe(&host, false, &error), ==, 0);
    g_assert_cmpmem(&info->host, sizeof(host), &host, sizeof(host));
    g_assert_nonnull(info->profiles);
    if (info->lsms)
        g_assert_true(
            g_strv_contains((const char *const *)info->lsms, "capability"));
}

#define NO_NAMESPACE 2
#define ERROR 3

/* In a user namespace whose limit is 0, whether another one is possible. */
static int
testChild(void)
{
    g_autoptr(virLXCHostInfo) info = NULL;
    int fd;

    if (unshare(CLONE_NEWUSER) < 0)
        return NO_NAMESPACE;

    fd = open("/proc/sys/user/max_user_namespaces", O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, "0", 1) != 1)
        return ERROR;

    info = virLXCHostInfoProbe(root, NULL);
    return info ? info->userNamespaces : ERROR;
}

static void
testUserNamespaces(void)
{
    g_autoptr(virLXCHostInfo) info = virLXCHostInfoProbe(root, NULL);
    int status = 0;
    pid_t child;

    g_assert_nonnull(info);
    child = fork();
    if (child == 0)
        _exit(testChild());

    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == NO_NAMESPACE) {
        g_assert_false(info->userNamespaces);
        testSkip("user namespaces cannot be created");
        return;
    }
    g_assert_true(info->userNamespaces);
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

static void
testRemove(void)
{
    g_autoptr(GDir) files = g_dir_open(root, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(files))) {
        g_autofree char *path = g_build_filename(root, name, NULL);

        g_remove(path);
    }
    g_rmdir(root);
    g_free(root);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    int rc;

    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    root = g_dir_make_tmp("host-info-XXXXXX", &error);
    g_assert_no_error(error);

    g_test_add_func("/host-info/profiles", testProfiles);
    g_test_add_func("/host-info/profiles-without-directory",
                    testProfilesWithoutDirectory);
    g_test_add_func("/host-info/lsm-file", testLSMFile);
    g_test_add_func("/host-info/lsm-old-kernel", testLSMOldKernel);
    g_test_add_func("/host-info/lsm-table", testLSMTable);
    g_test_add_func("/host-info/cgroups", testCgroups);
    g_test_add_func("/host-info/kernel", testKernel);
    g_test_add_func("/host-info/user-namespaces", testUserNamespaces);

    rc = g_test_run();
    testRemove();
    return rc;
}
