/*
 * exec_start.c: start a program in a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a request. Out: a program that has been executed, with the client's ends
 * of its streams, or the reason why not.
 */

#include "exec_start.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup_join.h"
#include "descriptor.h"
#include "error.h"
#include "exec_channel.h"
#include "exec_child.h"
#include "i18n.h"
#include "seccomp_listener.h"

#define LXC_EXEC_ERROR_MAX 65536

/* Index of the flags in /proc/PID/stat after the name (proc(5)), and
 * PF_FORKNOEXEC of the kernel, which execve(2) clears */
#define LXC_EXEC_STAT_FLAGS 7
#define LXC_EXEC_PF_FORKNOEXEC 0x40

/**
 * @server: the container
 * @request: what to run
 * @join: how to join the container
 * @agent: connection to the seccomp agent, or -1
 * @deadline: when to give up, on the monotonic clock
 * @control: our end of the control socket
 * @handshake: our end of the handshake
 * @joiner: the process that joins the container, or 0
 * @program: the process that executes the program, or 0
 */
typedef struct {
    const virLXCExecServer *server;
    const virLXCExecRequest *request;
    virLXCExecJoin join;
    int agent;
    gint64 deadline;
    int control;
    int handshake;
    pid_t joiner;
    pid_t program;
} lxcExecStart;

static virLXCExecReply *
lxcExecReplyNew(virLXCExecReplyKind kind, int number, const char *message)
{
    virLXCExecReply *reply = g_new0(virLXCExecReply, 1);

    reply->kind = kind;
    reply->number = number;
    reply->message = g_strdup(message);
    return reply;
}

/* Returns whether @fd can be read before the time limit. */
static bool
lxcExecWait(const lxcExecStart *start, int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    gint64 left;
    int rc;

    do {
        left = (start->deadline - g_get_monotonic_time()) / 1000;
        rc = left > 0 ? poll(&one, 1, (int)MIN(left, G_MAXINT)) : 0;
    } while (rc < 0 && errno == EINTR);
    return rc > 0;
}

static virLXCExecReply *
lxcExecTimedOut(const lxcExecStart *start)
{
    g_autofree char *message =
        g_strdup_printf(_("'%1$s' was not executed within %2$u seconds"),
                        start->request->argv[0], start->request->timeout);

    return lxcExecReplyNew(VIR_LXC_EXEC_TIMED_OUT, 0, message);
}

static virLXCExecReply *
lxcExecFailed(const GError *error)
{
    return lxcExecReplyNew(VIR_LXC_EXEC_FAILED, 0, error->message);
}

/* Then any step may have failed, with an error that says nothing to the user.
 */
static virLXCExecReply *
lxcExecStopped(const lxcExecStart *start)
{
    g_autofree char *message = g_strdup_printf(
        _("domain '%1$s' was stopped before the program was executed"),
        start->server->name);

    return lxcExecReplyNew(VIR_LXC_EXEC_FAILED, 0, message);
}

static bool
lxcExecContainerHasEnded(const lxcExecStart *start)
{
    struct pollfd one = {.fd = start->join.process, .events = POLLIN};

    return poll(&one, 1, 0) > 0;
}

static virLXCExecReplyKind
lxcExecKindOfError(char byte)
{
    switch (byte) {
    case VIR_LXC_EXEC_CHILD_NOT_EXECUTED:
        return VIR_LXC_EXEC_NOT_EXECUTED;
    case VIR_LXC_EXEC_CHILD_BAD_ARGUMENT:
        return VIR_LXC_EXEC_BAD_ARGUMENT;
    default:
        return VIR_LXC_EXEC_FAILED;
    }
}

/* The text comes from our own process, but after that was visible in the
 * container: it must not control the terminal on which it is printed. */
static char *
lxcExecCleanText(const char *text, gssize length)
{
    g_autofree char *valid = g_utf8_make_valid(text, length);
    GString *clean = g_string_new(NULL);
    const char *next;

    for (next = valid; *next; next = g_utf8_next_char(next)) {
        gunichar c = g_utf8_get_char(next);

        if (g_unichar_iscntrl(c) || g_unichar_type(c) == G_UNICODE_FORMAT)
            c = '?';
        g_string_append_unichar(clean, c);
    }
    return g_string_free(clean, FALSE);
}

static virLXCExecReply *
lxcExecParseError(const GByteArray *data)
{
    const char *text = (const char *)data->data + 1;
    const guint8 *nul = memchr(text, '\0', data->len - 1);
    g_autofree char *message =
        lxcExecCleanText(text, nul ? -1 : (gssize)data->len - 1);
    int errnum = 0;

    if (nul && nul + 1 + sizeof(errnum) <= data->data + data->len)
        memcpy(&errnum, nul + 1, sizeof(errnum));
    return lxcExecReplyNew(lxcExecKindOfError((char)data->data[0]), errnum,
                           message);
}

/* Reads an error to its end. Returns NULL if there is none: execve(2) has
 * closed the handshake. */
static virLXCExecReply *
lxcExecReadError(const lxcExecStart *start)
{
    g_autoptr(GByteArray) data = g_byte_array_new();
    guint8 part[4096];
    ssize_t got = 1;

    while (got > 0 && data->len < LXC_EXEC_ERROR_MAX) {
        if (!lxcExecWait(start, start->handshake))
            return lxcExecTimedOut(start);
        got = recv(start->handshake, part, sizeof(part), 0);
        if (got > 0)
            g_byte_array_append(data, part, got);
    }
    return data->len == 0 ? NULL : lxcExecParseError(data);
}

static int
lxcExecConnectAgent(lxcExecStart *start, GError **error)
{
    const virLXCPreparedSeccomp *seccomp = start->server->policy->seccomp;

    if (!seccomp || !seccomp->plan->notifies ||
        start->request->flags & VIR_LXC_EXEC_UNCONFINED)
        return 0;

    start->agent = virLXCSeccompListenerConnect(
        seccomp->plan->ruleset->listenerPath, error);
    return start->agent < 0 ? -1 : 0;
}

static int
lxcExecPassListener(lxcExecStart *start, GError **error)
{
    const char byte = VIR_LXC_SECCOMP_LISTENER_BYTE;
    VIR_LXC_AUTOCLOSE listener =
        virLXCSeccompListenerReceive(start->handshake, error);
    virLXCSeccompListenerState state = {
        .id = start->server->name,
        .uuid = start->server->uuid,
        .bundle = start->server->bundle,
        .pid = start->program,
        .init = start->server->init,
        .metadata =
            start->server->policy->seccomp->plan->ruleset->listenerMetadata,
    };

    if (listener < 0 ||
        virLXCSeccompListenerSend(start->agent, listener, &state, error) < 0)
        return -1;

    virLXCDescriptorClose(&start->agent);
    if (virLXCExecSend(start->handshake, &byte, 1, -1) < 0)
        return virLXCSetSystemError(
            error, errno,
            _("cannot tell the program that the agent has the listener"));
    return 0;
}

static virLXCExecReply *
lxcExecNoProgram(const lxcExecStart *start)
{
    virLXCExecReply *reply = lxcExecReadError(start);

    return reply ? reply
                 : lxcExecReplyNew(
                       VIR_LXC_EXEC_FAILED, 0,
                       _("the process that joins the container was killed"));
}

/* A process that was killed before execve(2) has closed the handshake, too. It
 * has not been waited for, so its flags can still be read. */
static bool
lxcExecHasExecuted(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)pid);
    g_autofree char *text = NULL;
    g_auto(GStrv) fields = NULL;
    const char *rest;

    if (!g_file_get_contents(path, &text, NULL, NULL) ||
        !(rest = strrchr(text, ')')))
        return false;

    fields = g_strsplit(rest, " ", LXC_EXEC_STAT_FLAGS + 2);
    return g_strv_length(fields) > LXC_EXEC_STAT_FLAGS &&
           !(g_ascii_strtoull(fields[LXC_EXEC_STAT_FLAGS], NULL, 10) &
             LXC_EXEC_PF_FORKNOEXEC);
}

static virLXCExecReply *
lxcExecKilled(const lxcExecStart *start)
{
    g_autofree char *message = g_strdup_printf(
        _("'%1$s' was killed before it was executed"), start->request->argv[0]);

    return lxcExecReplyNew(VIR_LXC_EXEC_FAILED, 0, message);
}

/* Returns NULL when the program has been executed. */
static virLXCExecReply *
lxcExecAwait(lxcExecStart *start)
{
    virLXCExecReply *reply;
    g_autoptr(GError) error = NULL;
    char byte = VIR_LXC_EXEC_CHILD_GO;

    if (virLXCExecSend(start->handshake, &byte, 1, -1) < 0)
        return lxcExecNoProgram(start);

    if (start->agent >= 0) {
        if (!lxcExecWait(start, start->handshake))
            return lxcExecTimedOut(start);
        if (recv(start->handshake, &byte, 1, MSG_PEEK) == 1 &&
            byte == VIR_LXC_SECCOMP_LISTENER_BYTE &&
            lxcExecPassListener(start, &error) < 0)
            return lxcExecFailed(error);
    }
    if ((reply = lxcExecReadError(start)))
        return reply;
    return lxcExecHasExecuted(start->program) ? NULL : lxcExecKilled(start);
}

static void
lxcExecRunChild(lxcExecStart *start, int control, int handshake)
{
    virLXCExecChild child = {
        .server = start->server,
        .join = &start->join,
        .request = start->request,
        .control = control,
        .handshake = handshake,
    };

    virLXCDescriptorClose(&start->control);
    virLXCDescriptorClose(&start->handshake);
    virLXCExecChildRun(&child);
    _exit(EXIT_SUCCESS);
}

static int
lxcExecFork(lxcExecStart *start, GError **error)
{
    int control[2] = {-1, -1};
    int handshake[2] = {-1, -1};

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control) < 0)
        return virLXCSetSystemError(error, errno,
                                    _("cannot create a socket pair"));
    start->control = control[0];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, handshake) < 0) {
        virLXCSetSystemError(error, errno, _("cannot create a socket pair"));
        close(control[1]);
        return -1;
    }
    start->handshake = handshake[0];

    start->joiner = fork();
    if (start->joiner == 0)
        lxcExecRunChild(start, control[1], handshake[1]);

    if (start->joiner < 0)
        virLXCSetSystemError(error, errno, _("cannot create a process"));
    close(control[1]);
    close(handshake[1]);
    return start->joiner < 0 ? -1 : 0;
}

static bool
lxcExecReceive(const lxcExecStart *start, void *data, size_t length, int *fd)
{
    return lxcExecWait(start, start->control) &&
           virLXCExecReceive(start->control, data, length, fd) == 0;
}

/* The number is used to send signals. It may come from a process that the
 * container can trace, so it must be that of a child of ours. */
static int
lxcExecReceivePid(lxcExecStart *start)
{
    siginfo_t info;
    pid_t pid;

    if (!lxcExecReceive(start, &pid, sizeof(pid), NULL) || pid <= 0 ||
        pid == start->joiner ||
        waitid(P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
        return -1;

    start->program = pid;
    return 0;
}

/* Returns 0, or -1 if the child has failed or the time limit has expired. */
static int
lxcExecReceiveProgram(lxcExecStart *start, virLXCExecPump *pump)
{
    int *fds[] = {&pump->input, &pump->output, &pump->errors};
    guint n = virLXCExecChildDescriptors(start->request);
    char byte;
    guint i;

    for (i = 0; i < MIN(n, G_N_ELEMENTS(fds)); i++) {
        if (!lxcExecReceive(start, &byte, 1, fds[i]) || *fds[i] < 0)
            return -1;
    }
    if (n == 1) {
        pump->terminal = true;
        if ((pump->output = fcntl(pump->input, F_DUPFD_CLOEXEC, 3)) < 0)
            return -1;
    }

    return lxcExecReceivePid(start);
}

/* A process whose cgroup is frozen does not end before it is thawed. */
static void
lxcExecKill(pid_t pid)
{
    size_t tries;

    if (pid <= 0)
        return;

    kill(pid, SIGKILL);
    for (tries = 0; tries < 50 && waitpid(pid, NULL, WNOHANG) == 0; tries++)
        g_usleep(10000);
}

static void
lxcExecClosePump(virLXCExecPump *pump)
{
    virLXCDescriptorClose(&pump->input);
    virLXCDescriptorClose(&pump->output);
    virLXCDescriptorClose(&pump->errors);
    virLXCDescriptorClose(&pump->process);
}

static virLXCExecReply *
lxcExecStartProgram(lxcExecStart *start, virLXCExecPump *pump)
{
    g_autoptr(GError) error = NULL;

    if (!(start->join.cgroups =
              virLXCPayloadJoinOpen(start->server->init, &error)) ||
        lxcExecConnectAgent(start, &error) < 0 ||
        lxcExecFork(start, &error) < 0)
        return lxcExecFailed(error);

    if (lxcExecReceiveProgram(start, pump) < 0)
        return lxcExecNoProgram(start);

    /* A child of ours that nobody has waited for: the number is not reused. */
    pump->program = start->program;
    pump->process = (int)syscall(SYS_pidfd_open, start->program, 0);
    if (pump->process < 0) {
        virLXCSetSystemError(&error, errno,
                             _("cannot open the program's "
                               "process"));
        return lxcExecFailed(error);
    }
    return lxcExecAwait(start);
}

virLXCExecReply *
virLXCExecStart(const virLXCExecServer *server, int process,
                const virLXCExecRequest *request, virLXCExecPump *pump)
{
    bool confined = !(request->flags & VIR_LXC_EXEC_UNCONFINED);
    bool labeled = confined && !(request->flags & VIR_LXC_EXEC_NO_LABEL);
    lxcExecStart start = {
        .server = server,
        .request = request,
        .join = {.init = server->init,
                 .process = process,
                 .setLabel = labeled ? server->setLabel : NULL,
                 .opaque = server->opaque},
        .agent = -1,
        .deadline = g_get_monotonic_time() +
                    request->timeout * G_GINT64_CONSTANT(1000000),
        .control = -1,
        .handshake = -1,
    };
    virLXCExecReply *failure;

    pump->input = pump->output = pump->errors = pump->process = -1;
    pump->terminal = false;
    failure = lxcExecStartProgram(&start, pump);

    virLXCDescriptorClose(&start.agent);
    virLXCDescriptorClose(&start.control);
    virLXCDescriptorClose(&start.handshake);
    if (start.join.cgroups)
        g_array_unref(start.join.cgroups);
    lxcExecKill(start.joiner);
    if (failure) {
        lxcExecKill(start.program);
        lxcExecClosePump(pump);
        if (lxcExecContainerHasEnded(&start)) {
            virLXCExecReplyFree(failure);
            return lxcExecStopped(&start);
        }
    }
    return failure;
}
