/*
 * seccomp_start.c: an init started under a filter, with all that takes part
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * This process is the controller, and init and the agent are its children.
 */

#include "seccomp_start.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "seccomp_listener.h"

/* What init is made with. */
typedef struct {
    const testRow *row;
    bool isPlain; /* executed without a filter, to compare with */
    int handshake;
    int out;
} testInit;

static size_t
testFilterMake(const testRow *row, struct sock_filter *program)
{
    size_t n = 0;

    program[n++] = (struct sock_filter)BPF_STMT(
        BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (const testException *e = row->exceptions; e->answer; e++) {
        program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                                                    e->number, 0, 1);
        program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, e->answer);
    }
    program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, row->answer);
    return n;
}

static void
testDo(bool done, const char *what)
{
    if (!done) {
        fprintf(stderr, "%s: %s\n", what, g_strerror(errno));
        _exit(99);
    }
}

/* --- init ---------------------------------------------------------------- */

static void
testSetEffective(bool isEffective, bool isPermitted)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2];
    size_t i;

    testDo(syscall(SYS_capget, &header, sets) == 0, "capget");
    for (i = 0; i < 2; i++) {
        sets[i].permitted = isPermitted ? sets[i].permitted : 0;
        sets[i].effective = isEffective ? sets[i].permitted : 0;
        sets[i].inheritable = i == 0 ? sets[i].permitted & 0x3 : 0;
    }
    testDo(syscall(SYS_capset, &header, sets) == 0, "capset");
}

static void
testBecomeUser(void)
{
    testDo(setgroups(0, NULL) == 0 && setresgid(1000, 1000, 1000) == 0 &&
               prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 &&
               setresuid(1000, 1000, 1000) == 0,
           "cannot become a user");
    testSetEffective(false, true);
    testDo(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN, 0, 0) == 0,
           "ambient capability");
}

/* So that seccomp(2) fails with EXFULL when it is called with those flags. */
static void
testExpectFlags(unsigned int flags)
{
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                 offsetof(struct seccomp_data, args[1])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, flags, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, FAIL(EXFULL)),
        BPF_STMT(BPF_RET | BPF_K, ALLOW),
    };
    struct sock_fprog filter = {G_N_ELEMENTS(program), program};

    testDo(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0,
           "seccomp");
}

static void
testHandler(G_GNUC_UNUSED int number)
{
}

static void
testPrepareSignals(void)
{
    sigset_t blocked;

    sigemptyset(&blocked);
    sigaddset(&blocked, SIGHUP);
    testDo(sigprocmask(SIG_SETMASK, &blocked, NULL) == 0 &&
               signal(SIGUSR1, testHandler) != SIG_ERR &&
               signal(SIGUSR2, SIG_IGN) != SIG_ERR,
           "signals");
}

static void
testPreparePower(testPower power)
{
    switch (power) {
    case POWER_NONE:
        testDo(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no_new_privs");
        break;
    case POWER_EFFECTIVE:
        testSetEffective(true, true);
        break;
    case POWER_PERMITTED:
        testSetEffective(false, true);
        break;
    case POWER_USER:
        testBecomeUser();
        break;
    case POWER_ABSENT:
        testSetEffective(false, false);
        break;
    }
}

/* As libvirt_lxc does; so nobody but the other ends holds the other ends. */
static void
testPrepareDescriptors(const testInit *init)
{
    int fd;

    testDo(dup2(init->out, STDOUT_FILENO) >= 0 &&
               dup2(init->out, STDERR_FILENO) >= 0,
           "output");
    for (fd = STDERR_FILENO + 1; fd < 256; fd++) {
        if (fd != init->handshake)
            close(fd);
    }
    testDo(fcntl(init->handshake, F_SETFD, FD_CLOEXEC) == 0, "handshake");
}

static void
testSay(int fd, const char *text)
{
    testDo(write(fd, text, strlen(text)) == (ssize_t)strlen(text), "write");
}

static unsigned int
testThreads(void)
{
    g_autoptr(GDir) dir = g_dir_open("/proc/self/task", 0, NULL);
    unsigned int n = 0;

    while (dir && g_dir_read_name(dir))
        n++;
    return n;
}

/* A thread that one has seen the end of is listed for a moment. */
static unsigned int
testThreadsInTheEnd(void)
{
    int i;

    for (i = 0; i < 2000 && testThreads() > 1; i++)
        g_usleep(1000);
    return testThreads();
}

static int
testBeInit(void *opaque)
{
    const testInit *init = opaque;
    const testRow *row = init->row;
    char *environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", NULL};
    struct sock_filter program[16];
    size_t length = testFilterMake(row, program);
    virLXCSeccompFilter filter = {program, row->isBad ? 0 : length, NULL};
    virLXCSeccompRuleset ruleset = {.flags = row->flags};
    virLXCSeccompPlan plan = {1, &ruleset, row->notifies};
    virLXCPreparedSeccomp prepared = {&plan, &filter};
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    testPrepareDescriptors(init);
    testPrepareSignals();
    testPreparePower(row->power);
    testDo(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0, "prctl");

    if (row->kernelFlags)
        testExpectFlags(row->kernelFlags);

    if (init->isPlain) {
        execve(row->init[0], (char *const *)row->init, environment);
        testDo(false, row->init[0]);
    }

    if (virLXCSeccompExec(&prepared, init->handshake,
                          "not executed: ", row->init[0],
                          (char *const *)row->init, environment, &error) == 0)
        testDo(false, "returned 0");

    text =
        g_strdup_printf("%s, %u thread", error->message, testThreadsInTheEnd());
    testSay(init->handshake, text);
    return 3;
}

/* --- agent --------------------------------------------------------------- */

static int
testAgentReceive(int server)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {0};
    char text[4096];
    struct iovec data = {text, sizeof(text)};
    struct msghdr message = {
        .msg_iov = &data,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof(control),
    };
    int connection = accept(server, NULL, NULL);
    int listener;

    testDo(connection >= 0, "accept");
    testDo(recvmsg(connection, &message, 0) > 0, "recvmsg");
    memcpy(&listener, CMSG_DATA(&control.header), sizeof(int));
    close(connection);
    return listener;
}

static void
testAgentAnswer(testAgent agent, const struct seccomp_notif *call,
                struct seccomp_notif_resp *answer)
{
    answer->id = call->id;
    switch (agent) {
    case AGENT_CONTINUES:
        if (call->data.nr == SYS_getppid)
            answer->val = atoi(PARENT);
        else
            answer->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
        return;
    case AGENT_REFUSES:
        answer->error = -ENOSPC;
        return;
    case AGENT_INTERRUPTS:
        testDo(kill((pid_t)call->pid, SIGUSR1) == 0, "kill");
        pause();
        return;
    case AGENT_KILLS:
        testDo(kill((pid_t)call->pid, SIGKILL) == 0, "kill");
        pause();
        return;
    case AGENT_DIES:
    case AGENT_READS_NOT:
        _exit(0);
    }
}

static void
testBeAgent(testAgent agent, int server)
{
    int listener;

    testDo(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0, "prctl");
    if (agent == AGENT_READS_NOT) {
        testDo(accept(server, NULL, NULL) >= 0, "accept");
        _exit(0);
    }

    listener = testAgentReceive(server);
    for (;;) {
        union {
            struct seccomp_notif call;
            char space[1024];
        } in = {0};
        union {
            struct seccomp_notif_resp answer;
            char space[1024];
        } out = {0};

        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &in) < 0)
            continue;
        testAgentAnswer(agent, &in.call, &out.answer);
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &out);
    }
}

static pid_t
testAgentStart(testAgent agent, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    pid_t pid;

    g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
    g_assert_cmpint(bind(server, (void *)&address, sizeof(address)), ==, 0);
    g_assert_cmpint(listen(server, 4), ==, 0);

    pid = fork();
    g_assert_cmpint(pid, >=, 0);
    if (pid == 0)
        testBeAgent(agent, server);
    close(server);
    return pid;
}

/* --- controller ---------------------------------------------------------- */

static pid_t
testInitStart(testInit *init)
{
    g_autofree char *stack = g_malloc(1 << 20);
    pid_t pid = clone(testBeInit, stack + (1 << 20),
                      init->row->namespaces | SIGCHLD, init);

    g_assert_no_errno(pid);
    close(init->handshake);
    close(init->out);
    return pid;
}

static char *
testReadAll(int fd)
{
    GString *text = g_string_new(NULL);
    char buffer[512];
    ssize_t got;

    while ((got = read(fd, buffer, sizeof(buffer))) > 0)
        g_string_append_len(text, buffer, got);
    g_assert_no_errno((int)got);
    close(fd);
    return g_strchomp(g_string_free(text, FALSE));
}

/* What it is called: this program until it has been executed. */
static char *
testCommOf(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/comm", pid);
    g_autofree char *own = NULL;
    g_autofree char *comm = NULL;

    g_file_get_contents("/proc/self/comm", &own, NULL, NULL);
    g_file_get_contents(path, &comm, NULL, NULL);
    if (g_strcmp0(own, comm) == 0)
        return g_strdup("test");
    return g_strchomp(g_steal_pointer(&comm));
}

static char *
testOutcome(pid_t pid, const char *handshake, const char *out)
{
    g_autofree char *comm = NULL;
    siginfo_t info;

    g_assert_no_errno(waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
    comm = testCommOf(pid);
    g_assert_no_errno(waitid(P_PID, pid, &info, WEXITED));
    return g_strdup_printf("%s|%s|%s %d|%s", handshake, out,
                           info.si_code == CLD_EXITED ? "exit" : "signal",
                           info.si_status, comm);
}

/* Everything that init needs of the controller until it is executed. */
static void
testControl(const testRow *row, pid_t pid, int handshake, int agent)
{
    virLXCSeccompListenerState state = {"guest", "uuid", "/run",
                                        pid,     pid,    NULL};
    const char *answer =
        row->controller == CONTROLLER_ANSWERS_WRONG ? "e" : "l";
    g_autoptr(GError) error = NULL;
    char byte;
    int listener;

    if (recv(handshake, &byte, 1, MSG_PEEK) != 1 ||
        byte != VIR_LXC_SECCOMP_LISTENER_BYTE)
        return;

    listener = virLXCSeccompListenerReceive(handshake, &error);
    g_assert_no_error(error);
    g_assert_cmpint(listener, >=, 0);
    if (row->agent != AGENT_READS_NOT) {
        virLXCSeccompListenerSend(agent, listener, &state, &error);
        g_assert_no_error(error);
    }
    close(listener);
    close(agent);

    if (row->controller == CONTROLLER_GOES)
        shutdown(handshake, SHUT_RDWR);
    else
        testSay(handshake, answer);
}

static char *
testStartInit(const testRow *row, bool isPlain, int agent)
{
    g_autofree char *said = NULL;
    g_autofree char *printed = NULL;
    testInit init = {.row = row, .isPlain = isPlain};
    int handshake[2];
    int out[2];
    pid_t pid;

    g_assert_no_errno(socketpair(AF_UNIX, SOCK_STREAM, 0, handshake));
    g_assert_no_errno(pipe(out));
    init.handshake = handshake[1];
    init.out = out[1];

    pid = testInitStart(&init);
    if (row->notifies && !isPlain)
        testControl(row, pid, handshake[0], agent);
    said = testReadAll(handshake[0]);
    printed = testReadAll(out[0]);
    return testOutcome(pid, said, printed);
}

static char *
testStartWithAgent(const testRow *row)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *dir = g_dir_make_tmp("seccomp-XXXXXX", &error);
    g_autofree char *path = g_build_filename(dir, "agent", NULL);
    pid_t pid = testAgentStart(row->agent, path);
    int agent = virLXCSeccompListenerConnect(path, &error);
    char *outcome;

    g_assert_no_error(error);
    outcome = testStartInit(row, false, agent);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    unlink(path);
    rmdir(dir);
    return outcome;
}

char *
testStart(const testRow *row, bool isPlain)
{
    return row->notifies && !isPlain ? testStartWithAgent(row)
                                     : testStartInit(row, isPlain, -1);
}
