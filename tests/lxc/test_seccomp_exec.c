/*
 * test_seccomp_exec.c: init executed under a filter
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <errno.h>
#include <locale.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases.h"
#include "seccomp_start.h"

#define NOT_LOADED(why) \
    "cannot load the seccomp filter: " why ", 1 thread||exit 3|test"

#define FLAGS_SEEN NOT_LOADED("Exchange full")

static const testRow testRows[] = {
    {
        .name = "allow",
        .answer = ALLOW,
        .init = {"/bin/sh", "-c", "echo hello; exit 7"},
        .outcome = "|hello|exit 7|sh",
    },
    {
        .name = "no-program",
        .answer = ALLOW,
        .init = {"/nonexistent"},
        .outcome = "not executed: No such file or directory||exit 1|test",
    },
    {
        .name = "no-program/everything-refused",
        .answer = FAIL(EPERM),
        .exceptions = {{SYS_execve, ALLOW}},
        .init = {"/nonexistent"},
        .outcome = "not executed: No such file or directory||exit 1|test",
    },
    {
        .name = "no-program/everything-kills-the-process",
        .answer = SECCOMP_RET_KILL_PROCESS,
        .exceptions = {{SYS_execve, ALLOW}},
        .init = {"/nonexistent"},
        .outcome = "not executed: No such file or directory||exit 1|test",
    },
    {
        .name = "no-program/everything-kills-the-thread",
        .answer = SECCOMP_RET_KILL_THREAD,
        .exceptions = {{SYS_execve, ALLOW}},
        .init = {"/nonexistent"},
        .outcome = "not executed: No such file or directory||exit 1|test",
    },
    {
        .name = "no-program/everything-notified",
        .answer = NOTIFY,
        .notifies = true,
        .init = {"/nonexistent"},
        .outcome = "not executed: No such file or directory||exit 1|test",
    },
    {
        .name = "no-program/pid-1",
        .answer = SECCOMP_RET_KILL_PROCESS,
        .exceptions = {{SYS_execve, ALLOW}},
        .namespaces = CLONE_NEWUSER | CLONE_NEWPID,
        .init = {"/nonexistent"},
        .outcome = "not executed: No such file or directory||exit 1|test",
    },
    {
        .name = "no-format",
        .answer = SECCOMP_RET_KILL_PROCESS,
        .exceptions = {{SYS_execve, ALLOW}},
        .init = {"/"},
        .outcome = "not executed: Permission denied||exit 1|test",
    },
    {
        .name = "everything-kills/what-is-executed",
        .answer = SECCOMP_RET_KILL_PROCESS,
        .exceptions = {{SYS_execve, ALLOW}},
        .init = {"/bin/true"},
        .outcome = "||signal 31|true",
    },
    {
        .name = "execve-kills-the-process",
        .answer = SECCOMP_RET_KILL_PROCESS,
        .init = {"/bin/true"},
        .outcome = "||signal 31|test",
    },
    {
        .name = "execve-kills-the-thread",
        .answer = SECCOMP_RET_KILL_THREAD,
        .init = {"/bin/true"},
        .outcome = "||exit 1|test",
    },
    {
        .name = "execve-traps",
        .answer = SECCOMP_RET_TRAP,
        .init = {"/bin/true"},
        .outcome = "||signal 31|test",
    },
    {
        .name = "execve-traps/pid-1",
        .answer = SECCOMP_RET_TRAP,
        .namespaces = CLONE_NEWUSER | CLONE_NEWPID,
        .init = {"/bin/true"},
        .outcome = "||signal 31|test",
    },
    {
        .name = "execve-traced-by-nobody",
        .answer = SECCOMP_RET_TRACE,
        .init = {"/bin/true"},
        .outcome = "not executed: Function not implemented||exit 1|test",
    },
    {
        .name = "execve-refused",
        .answer = FAIL(EXDEV),
        .init = {"/bin/true"},
        .outcome = "not executed: Invalid cross-device link||exit 1|test",
    },
    {
        .name = "notify/everything",
        .answer = NOTIFY,
        .notifies = true,
        .init = {"/bin/sh", "-c", "echo $PPID"},
        .outcome = "|" PARENT "|exit 0|sh",
    },
    {
        .name = "notify/everything-to-pid-1",
        .answer = NOTIFY,
        .notifies = true,
        .namespaces = CLONE_NEWUSER | CLONE_NEWPID,
        .flags = VIR_LXC_SECCOMP_FLAG_WAIT_KILLABLE_RECV,
        .init = {"/bin/sh", "-c", "echo $$ $PPID"},
        .outcome = "|1 " PARENT "|exit 0|sh",
    },
    {
        .name = "notify/one",
        .answer = ALLOW,
        .exceptions = {{SYS_getppid, NOTIFY}},
        .notifies = true,
        .init = {"/bin/sh", "-c", "echo $PPID; ls /proc/self/fd"},
        .outcome = "|" PARENT "\n0\n1\n2\n3|exit 0|sh",
    },
    {
        .name = "notify/agent-refuses",
        .answer = NOTIFY,
        .notifies = true,
        .agent = AGENT_REFUSES,
        .init = {"/bin/true"},
        .outcome = "not executed: No space left on device||exit 1|test",
    },
    {
        .name = "notify/agent-dies",
        .answer = NOTIFY,
        .notifies = true,
        .agent = AGENT_DIES,
        .init = {"/bin/true"},
        .outcome = "not executed: Function not implemented||exit 1|test",
    },
    {
        .name = "notify/agent-reads-not",
        .answer = NOTIFY,
        .notifies = true,
        .agent = AGENT_READS_NOT,
        .init = {"/bin/true"},
        .outcome = "not executed: Function not implemented||exit 1|test",
    },
    {
        .name = "notify/agent-reads-not-what-init-calls",
        .answer = ALLOW,
        .exceptions = {{SYS_getdents64, NOTIFY}},
        .notifies = true,
        .agent = AGENT_READS_NOT,
        /* Some versions of ls print argv[0], others its last component */
        .init = {"/bin/sh", "-c", "exec ls /"},
        .outcome =
            "|ls: reading directory '/': Function not implemented|exit 2|ls",
    },
    {
        .name = "notify/controller-goes",
        .answer = NOTIFY,
        .notifies = true,
        .controller = CONTROLLER_GOES,
        .init = {"/bin/true"},
        .outcome = "||exit 1|test",
    },
    {
        .name = "notify/controller-answers-wrong",
        .answer = NOTIFY,
        .notifies = true,
        .controller = CONTROLLER_ANSWERS_WRONG,
        .init = {"/bin/true"},
        .outcome = "||exit 1|test",
    },
    {
        .name = "notify/signal",
        .answer = NOTIFY,
        .notifies = true,
        .agent = AGENT_INTERRUPTS,
        .init = {"/bin/true"},
        .outcome = "||signal 10|test",
    },
    {
        .name = "notify/killed",
        .answer = NOTIFY,
        .notifies = true,
        .agent = AGENT_KILLS,
        .init = {"/bin/true"},
        .outcome = "||signal 9|test",
    },
    {
        .name = "notify/killed-pid-1",
        .answer = NOTIFY,
        .notifies = true,
        .flags = VIR_LXC_SECCOMP_FLAG_WAIT_KILLABLE_RECV,
        .namespaces = CLONE_NEWUSER | CLONE_NEWPID,
        .agent = AGENT_KILLS,
        .init = {"/bin/true"},
        .outcome = "||signal 9|test",
    },
    {
        .name = "flags/log",
        .answer = ALLOW,
        .flags = VIR_LXC_SECCOMP_FLAG_LOG,
        .kernelFlags = SECCOMP_FILTER_FLAG_LOG,
        .init = {"/bin/true"},
        .outcome = FLAGS_SEEN,
    },
    {
        .name = "flags/spec-allow",
        .answer = ALLOW,
        .flags = VIR_LXC_SECCOMP_FLAG_SPEC_ALLOW,
        .kernelFlags = SECCOMP_FILTER_FLAG_SPEC_ALLOW,
        .init = {"/bin/true"},
        .outcome = FLAGS_SEEN,
    },
    {
        .name = "flags/wait-killable",
        .answer = ALLOW,
        .flags = VIR_LXC_SECCOMP_FLAG_WAIT_KILLABLE_RECV,
        .kernelFlags = SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV |
                       SECCOMP_FILTER_FLAG_NEW_LISTENER,
        .notifies = true,
        .init = {"/bin/true"},
        .outcome = FLAGS_SEEN,
    },
    {
        .name = "flags/listener",
        .answer = ALLOW,
        .kernelFlags = SECCOMP_FILTER_FLAG_NEW_LISTENER,
        .notifies = true,
        .init = {"/bin/true"},
        .outcome = FLAGS_SEEN,
    },
    {
        .name = "flags/log-and-spec-allow",
        .answer = ALLOW,
        .flags = VIR_LXC_SECCOMP_FLAG_LOG | VIR_LXC_SECCOMP_FLAG_SPEC_ALLOW,
        .init = {"/bin/true"},
        .outcome = "||exit 0|true",
    },
    {
        .name = "flags/none-is-dropped",
        .answer = ALLOW,
        .flags = VIR_LXC_SECCOMP_FLAG_WAIT_KILLABLE_RECV,
        .init = {"/bin/true"},
        .outcome = NOT_LOADED("Invalid argument"),
    },
    {
        .name = "bad-program",
        .isBad = true,
        .init = {"/bin/true"},
        .outcome = NOT_LOADED("Invalid argument"),
    },
    {
        .name = "power/absent",
        .answer = ALLOW,
        .power = POWER_ABSENT,
        .init = {"/bin/true"},
        .outcome = NOT_LOADED("Permission denied"),
    },
};

static bool
testHasUserNamespaces(void)
{
    pid_t pid = fork();
    int status = -1;

    if (pid == 0)
        _exit(unshare(CLONE_NEWUSER) == 0 ? 0 : 1);
    return waitpid(pid, &status, 0) == pid && status == 0;
}

static bool
testIsPossible(const testRow *row)
{
    bool isPrivileged = row->power == POWER_EFFECTIVE ||
                        row->power == POWER_PERMITTED ||
                        row->power == POWER_USER;

    if (isPrivileged && geteuid() != 0) {
        testSkip("not root");
        return false;
    }
    if (row->namespaces & CLONE_NEWUSER && !testHasUserNamespaces()) {
        testSkip("no user namespaces");
        return false;
    }
    return true;
}

/* Seconds that a test may take. */
#define PATIENCE 20

static void
testRun(const void *opaque)
{
    const testRow *row = opaque;
    g_autofree char *outcome = NULL;

    if (!testIsPossible(row))
        return;

    alarm(PATIENCE);
    outcome = testStart(row, false);
    g_assert_cmpstr(outcome, ==, row->outcome);
}

#define STATUS "^(Threads|Uid|Gid|Groups|Sig[PBIC]|Shd|Cap|NoNew)"

/* What init is, with the filter and without it. */
static const testRow testSameRows[] = {
    {.name = "no-new-privs", .power = POWER_NONE},
    {.name = "effective", .power = POWER_EFFECTIVE},
    {.name = "permitted", .power = POWER_PERMITTED},
    {.name = "user", .power = POWER_USER},
};

static void
testSame(const void *opaque)
{
    testRow row = *(const testRow *)opaque;
    g_autofree char *plain = NULL;
    g_autofree char *filtered = NULL;
    g_autofree char *notified = NULL;

    row.answer = ALLOW;
    row.init[0] = "/bin/grep";
    row.init[1] = "-E";
    row.init[2] = STATUS;
    row.init[3] = "/proc/self/status";
    if (!testIsPossible(&row))
        return;

    alarm(PATIENCE);
    plain = testStart(&row, true);
    filtered = testStart(&row, false);
    g_assert_cmpstr(filtered, ==, plain);
    g_assert_nonnull(strstr(plain, "SigBlk:\t0000000000000001"));

    row.notifies = true;
    row.answer = NOTIFY;
    notified = testStart(&row, false);
    g_assert_cmpstr(notified, ==, plain);
}

int
main(int argc, char **argv)
{
    size_t i;

    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    setlocale(LC_ALL, "C");
    signal(SIGPIPE, SIG_IGN);

    for (i = 0; i < G_N_ELEMENTS(testRows); i++) {
        g_autofree char *path =
            g_strconcat("/seccomp/exec/", testRows[i].name, NULL);

        g_test_add_data_func(path, &testRows[i], testRun);
    }
    for (i = 0; i < G_N_ELEMENTS(testSameRows); i++) {
        g_autofree char *path =
            g_strconcat("/seccomp/exec/same/", testSameRows[i].name, NULL);

        g_test_add_data_func(path, &testSameRows[i], testSame);
    }
    return g_test_run();
}
