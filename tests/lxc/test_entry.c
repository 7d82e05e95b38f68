/*
 * test_entry.c: what a process that enters a container brings along
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Its executable, its locale, its session keyring and its stack. Run with the
 * argument "sealed" it is the program of one of the tests.
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <locale.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child_stack.h"
#include "keyring.h"
#include "locale_leave.h"
#include "sealed_exec.h"

#define SELF "/proc/self/exe"

/* --- executable ---------------------------------------------------------- */

static const char *testProgram;

/* In the copy: 0 when the executable cannot be written to by any means. */
static int
testSealedCheck(const char *program)
{
    struct stat file;
    struct stat self;
    char name[16] = "";
    int fd;

    if (stat(program, &file) < 0 || stat(SELF, &self) < 0)
        return 10;
    if (file.st_dev == self.st_dev && file.st_ino == self.st_ino)
        return 11;
    if (file.st_size != self.st_size)
        return 12;

    /* ETXTBSY while it is executed; a mapping is another way in. */
    if (open(SELF, O_RDWR) >= 0)
        return 13;
    fd = open(SELF, O_RDONLY);
    if (fd < 0 || ftruncate(fd, 0) == 0 || write(fd, "x", 1) >= 0)
        return 14;
    if (fcntl(fd, F_ADD_SEALS, 0) == 0)
        return 15;

    /* Of no consequence for the host's file. */
    fchmod(fd, 04755);
    if (stat(program, &file) < 0 || (file.st_mode & S_ISUID))
        return 16;

    if (!virLXCSealedExecIsSealed())
        return 17;
    fd = open("/proc/self/comm", O_RDONLY);
    if (read(fd, name, sizeof(name)) < 0 || strncmp(name, "renamed\n", 8) != 0)
        return 18;
    return g_strcmp0(g_getenv("TEST_SEALED"), "kept") == 0 ? 0 : 19;
}

static int
testSealedMain(char **argv)
{
    g_autoptr(GError) error = NULL;

    if (virLXCSealedExec(argv, &error) < 0) {
        g_printerr("%s\n", error->message);
        return 9;
    }
    return testSealedCheck(argv[2]);
}

static void
testSealed(void)
{
    const char *argv[] = {"/some/where/renamed", "sealed", testProgram, NULL};
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        g_setenv("TEST_SEALED", "kept", TRUE);
        execv(testProgram, (char **)argv);
        _exit(1);
    }
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
    g_assert_false(virLXCSealedExecIsSealed());
}

/* --- locale -------------------------------------------------------------- */

static void
testLocale(void)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        g_setenv("LC_ALL", "C.UTF-8", TRUE);
        g_setenv("LANGUAGE", "de", TRUE);
        setlocale(LC_ALL, "");
        if (virLXCLocaleLeave() < 0)
            _exit(1);
        if (g_strcmp0(setlocale(LC_MESSAGES, NULL), "C") != 0)
            _exit(2);
        _exit(g_get_charset(NULL) ? 0 : 3);
    }
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_cmpint(status, ==, 0);
}

/* --- keyring ------------------------------------------------------------- */

static long
testKeyctl(int what, unsigned long argument)
{
    return syscall(SYS_keyctl, what, argument, 0);
}

static int
testKeyringChild(void)
{
    long old;
    long key;
    long now;

    if (testKeyctl(KEYCTL_JOIN_SESSION_KEYRING, 0) < 0)
        return 1;
    old = testKeyctl(KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING);
    key = syscall(SYS_add_key, "user", "test", "secret", 6,
                  KEY_SPEC_SESSION_KEYRING);
    if (old < 0 || key < 0)
        return 2;

    if (virLXCKeyringJoinNew(NULL) < 0)
        return 3;
    now = testKeyctl(KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING);
    if (now < 0 || now == old)
        return 4;
    return syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user",
                   "test", 0) < 0
               ? 0
               : 5;
}

static void
testKeyring(void)
{
    int status = 0;
    pid_t pid;

    if (testKeyctl(KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING) < 0 &&
        errno == ENOSYS) {
        g_test_skip("the kernel has no keyrings");
        return;
    }

    if ((pid = fork()) == 0)
        _exit(testKeyringChild());
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_cmpint(status, ==, 0);
}

/* --- stack --------------------------------------------------------------- */

static int
testUseStack(void *size)
{
    volatile char *use = g_alloca(GPOINTER_TO_SIZE(size));
    gssize i;

    for (i = GPOINTER_TO_SIZE(size) - 1; i >= 0; i -= 512)
        use[i] = 1;
    _exit(0);
}

static int
testStackStatus(size_t size)
{
    g_auto(virLXCChildStack) stack = {0};
    g_autoptr(GError) error = NULL;
    int status = 0;
    pid_t pid;

    g_assert_cmpint(virLXCChildStackMap(&stack, &error), ==, 0);
    pid = clone(testUseStack, stack.top, SIGCHLD, GSIZE_TO_POINTER(size));
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    return status;
}

static void
testStack(void)
{
    virLXCChildStack none = {0};
    int status;

    g_assert_cmpint(testStackStatus(VIR_LXC_CHILD_STACK_SIZE - 65536), ==, 0);
    status = testStackStatus(VIR_LXC_CHILD_STACK_SIZE + 1024);
    g_assert_true(WIFSIGNALED(status) ||
                  (WIFEXITED(status) && WEXITSTATUS(status) != 0));
    virLXCChildStackUnmap(&none);
}

int
main(int argc, char **argv)
{
    if (argc == 3 && g_str_equal(argv[1], "sealed"))
        return testSealedMain(argv);

    g_test_init(&argc, &argv, NULL);
    testProgram = argv[0];
    g_test_add_func("/entry/sealed", testSealed);
    g_test_add_func("/entry/locale", testLocale);
    g_test_add_func("/entry/keyring", testKeyring);
    g_test_add_func("/entry/stack", testStack);
    return g_test_run();
}
