/*
 * exec_server.c: run programs in a container on request
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: connections of the daemon. Out: a session for each.
 */

#include "exec_server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "descriptor.h"
#include "error.h"
#include "exec_request.h"
#include "exec_session.h"
#include "i18n.h"

#define LXC_EXEC_BACKLOG 64

/* Time limit of the daemon for sending a request or receiving a reply */
#define LXC_EXEC_CONNECT_SECONDS 5

/**
 * @server: the container
 * @process: a pidfd of its init
 * @children: a signalfd for SIGCHLD
 * @running: number of sessions
 */
typedef struct {
    const virLXCExecServer *server;
    int process;
    int children;
    guint running;
} lxcExecLoop;

static bool
lxcExecIsRoot(int connection)
{
    struct ucred peer;
    socklen_t length = sizeof(peer);

    return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &length) ==
               0 &&
           peer.uid == 0;
}

static void
lxcExecServe(lxcExecLoop *loop, int connection)
{
    sigset_t none;

    virLXCDescriptorClose(&loop->children);
    close(loop->server->listener);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    virLXCExecSessionRun(loop->server, loop->process, connection,
                         loop->running);
    _exit(EXIT_SUCCESS);
}

/* For example, because of the limit of a pids cgroup */
static void
lxcExecReportFork(int connection, int errnum)
{
    g_autoptr(GError) error = NULL;
    virLXCExecReply reply = {.kind = VIR_LXC_EXEC_FAILED};

    virLXCSetSystemError(&error, errnum, _("cannot create a process"));
    reply.message = error->message;
    virLXCExecReplySend(connection, &reply, NULL);
}

static void
lxcExecAccept(lxcExecLoop *loop)
{
    VIR_LXC_AUTOCLOSE connection =
        accept4(loop->server->listener, NULL, NULL, SOCK_CLOEXEC);
    pid_t pid;

    /* Without descriptors, the connection keeps waiting. */
    if (connection < 0)
        g_usleep(10000);
    if (connection < 0 || !lxcExecIsRoot(connection))
        return;

    pid = fork();
    if (pid == 0)
        lxcExecServe(loop, connection);
    if (pid > 0)
        loop->running++;
    else
        lxcExecReportFork(connection, errno);
}

static void
lxcExecReapSessions(lxcExecLoop *loop)
{
    struct signalfd_siginfo info;

    while (read(loop->children, &info, sizeof(info)) > 0)
        ;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        loop->running -= loop->running > 0;
}

static int
lxcExecLoopOpen(lxcExecLoop *loop, GError **error)
{
    sigset_t children;

    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    signal(SIGCHLD, SIG_DFL);
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
        sigprocmask(SIG_SETMASK, &children, NULL) < 0 ||
        (loop->children = signalfd(-1, &children, SFD_NONBLOCK | SFD_CLOEXEC)) <
            0 ||
        (loop->process = (int)syscall(SYS_pidfd_open, loop->server->init, 0)) <
            0)
        return virLXCSetSystemError(error, errno,
                                    _("cannot start the exec server"));
    return 0;
}

int
virLXCExecServerRun(const virLXCExecServer *server, GError **error)
{
    lxcExecLoop loop = {.server = server, .process = -1, .children = -1};
    struct pollfd fds[3];

    if (lxcExecLoopOpen(&loop, error) < 0)
        return -1;

    fds[0] = (struct pollfd){.fd = server->listener, .events = POLLIN};
    fds[1] = (struct pollfd){.fd = loop.children, .events = POLLIN};
    fds[2] = (struct pollfd){.fd = loop.process, .events = POLLIN};
    do {
        if (poll(fds, G_N_ELEMENTS(fds), -1) < 0)
            continue;
        if (fds[1].revents)
            lxcExecReapSessions(&loop);
        if (fds[0].revents)
            lxcExecAccept(&loop);
    } while (!fds[2].revents);
    return 0;
}

char *
virLXCExecServerPath(const char *directory, const char *name)
{
    return g_strdup_printf("%s/%s.exec", directory, name);
}

static int
lxcExecAddress(const char *path, struct sockaddr_un *address, GError **error)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (g_strlcpy(address->sun_path, path, sizeof(address->sun_path)) >=
        sizeof(address->sun_path))
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                              _("the path of the exec server's socket is too "
                                "long: '%1$s'"),
                              path);
    return 0;
}

int
virLXCExecServerListen(const char *path, GError **error)
{
    VIR_LXC_AUTOCLOSE fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un address;
    mode_t mask;
    int rc;

    if (lxcExecAddress(path, &address, error) < 0)
        return -1;

    unlink(path);
    mask = umask(0077);
    rc = fd < 0 ? -1
                : bind(fd, (const struct sockaddr *)&address, sizeof(address));
    umask(mask);
    if (rc < 0 || listen(fd, LXC_EXEC_BACKLOG) < 0)
        return virLXCSetSystemError(error, errno, _("cannot listen on '%1$s'"),
                                    path);
    return virLXCDescriptorSteal(&fd);
}

int
virLXCExecServerConnect(const char *path, GError **error)
{
    VIR_LXC_AUTOCLOSE fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct timeval limit = {.tv_sec = LXC_EXEC_CONNECT_SECONDS};
    struct sockaddr_un address;

    if (lxcExecAddress(path, &address, error) < 0)
        return -1;

    if (fd >= 0 &&
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0 &&
        connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return virLXCDescriptorSteal(&fd);

    if (errno == ENOENT)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
            _("the container was started by a version of libvirt that does "
              "not support virDomainLxcExec(): restart the domain"));
    if (errno == ECONNREFUSED)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM, "%s",
            _("the container's exec server has exited: the domain is being "
              "stopped"));
    return virLXCSetSystemError(error, errno, _("cannot connect to '%1$s'"),
                                path);
}
