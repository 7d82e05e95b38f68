/*
 * lxc_lifecycle.c: when a container has really started and really ended
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A step of a start is told by one byte, a failure by another one with the
 * text of the error behind it. The container itself sends nothing when all is
 * well: its end of the handshake is closed by execve(2).
 */

#include <config.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lxc_lifecycle.h"
#include "virerror.h"
#include "virfile.h"
#include "virlog.h"
#include "virstring.h"

#define VIR_FROM_THIS VIR_FROM_LXC

VIR_LOG_INIT("lxc.lxc_lifecycle");

#define LXC_CONTINUE_BYTE 'c'
#define LXC_ERROR_BYTE 'e'

/* No error is longer, and it fits into an empty pipe or socket. */
#define LXC_ERROR_MAX 2048

/* How long a process may take to die of SIGKILL, in milliseconds. */
#define LXC_KILL_TIMEOUT 15000

/* linux/sched.h of the kernel, PF_FORKNOEXEC: in field 9 of /proc/PID/stat. */
#define LXC_FORKED_BUT_NOT_EXECUTED 0x40


static int
virLXCPidfdOpen(pid_t pid)
{
    return syscall(SYS_pidfd_open, pid, 0);
}


int
virLXCLifecycleKeepHandshake(int *handshakefd,
                             int first)
{
    int fd;

    if ((fd = fcntl(*handshakefd, F_DUPFD_CLOEXEC, first)) < 0) {
        virReportSystemError(errno, "%s",
                             _("cannot keep the handshake with the controller"));
        return -1;
    }

    VIR_FORCE_CLOSE(*handshakefd);
    *handshakefd = fd;
    return 0;
}


static void
virLXCCloseRange(int first,
                 int last)
{
    int fd;

    if (first > last ||
        syscall(SYS_close_range, first, last, 0) == 0)
        return;

    /* Before Linux 5.9 */
    last = MIN(last, sysconf(_SC_OPEN_MAX));
    for (fd = first; fd <= last; fd++) {
        int tmpfd = fd;
        VIR_MASS_CLOSE(tmpfd);
    }
}


void
virLXCLifecycleCloseOthers(int handshakefd,
                           int first)
{
    virLXCCloseRange(first, handshakefd - 1);
    virLXCCloseRange(handshakefd + 1, INT_MAX);
}


/* An internal error gets its prefix from who reports it last */
static const char *
virLXCLifecycleErrorText(void)
{
    virErrorPtr err = virGetLastError();

    if (err && err->code == VIR_ERR_INTERNAL_ERROR && err->str2)
        return err->str2;

    return virGetLastErrorMessage();
}


void
virLXCLifecycleSendError(int fd)
{
    g_autofree char *text = NULL;

    if (fd < 0)
        return;

    text = g_strdup_printf("%c%.*s", LXC_ERROR_BYTE, LXC_ERROR_MAX - 2,
                           virLXCLifecycleErrorText());
    if (safewrite(fd, text, strlen(text)) < 0)
        VIR_WARN("Cannot send error: %s", text + 1);
}


/* Returns 1 when @init has executed a program, 0 when not, even if it has
 * ended and is not reaped yet. */
static bool
virLXCLifecycleHasExecuted(pid_t init)
{
    g_autofree char *path = g_strdup_printf("/proc/%lld/stat", (long long) init);
    g_autofree char *stat = NULL;
    g_auto(GStrv) fields = NULL;
    const char *rest;
    unsigned int flags;

    if (virFileReadAllQuiet(path, 4096, &stat) < 0 ||
        !(rest = strrchr(stat, ')')))
        return false;

    /* From the end of the name on: ") state ppid pgrp session tty tpgid flags" */
    fields = g_strsplit(rest, " ", 9);
    if (g_strv_length(fields) < 9 ||
        virStrToLong_ui(fields[7], NULL, 10, &flags) < 0)
        return false;

    return !(flags & LXC_FORKED_BUT_NOT_EXECUTED);
}


int
virLXCLifecycleWaitExec(int fd,
                        pid_t init)
{
    char text[LXC_ERROR_MAX] = "";
    ssize_t got = saferead(fd, text, sizeof(text) - 1);

    if (got < 0) {
        virReportSystemError(errno, "%s",
                             _("error receiving signal from container"));
        return -1;
    }

    if (got > 0) {
        virReportError(VIR_ERR_INTERNAL_ERROR, "%s", text + 1);
        return -1;
    }

    if (!virLXCLifecycleHasExecuted(init)) {
        virReportError(VIR_ERR_INTERNAL_ERROR, "%s",
                       _("the container was killed before its init was executed"));
        return -1;
    }

    return 0;
}


int
virLXCLifecycleWaitContinue(int fd)
{
    char text[LXC_ERROR_MAX] = "";

    if (saferead(fd, text, 1) != 1)
        return -2;

    if (text[0] == LXC_CONTINUE_BYTE)
        return 0;

    if (saferead(fd, text, sizeof(text) - 1) <= 0)
        return -2;

    virReportError(VIR_ERR_INTERNAL_ERROR,
                   _("guest failed to start: %s"), text);
    return -1;
}


static bool
virLXCPidfdWait(int pidfd,
                int timeout)
{
    struct pollfd pfd = { .fd = pidfd, .events = POLLIN };
    int rc;

    do {
        rc = poll(&pfd, 1, timeout);
    } while (rc < 0 && errno == EINTR);

    return rc > 0;
}


bool
virLXCLifecycleHasEnded(pid_t pid)
{
    VIR_AUTOCLOSE pidfd = -1;

    if (pid <= 0)
        return true;

    if ((pidfd = virLXCPidfdOpen(pid)) < 0)
        return kill(pid, 0) < 0 && errno == ESRCH;

    return virLXCPidfdWait(pidfd, 0);
}


/* The first process of a container is the one in another PID namespace. */
static pid_t
virLXCLifecycleFindInit(pid_t controller)
{
    g_autofree char *path = g_strdup_printf("/proc/%lld/task/%lld/children",
                                            (long long) controller,
                                            (long long) controller);
    g_autofree char *own = g_file_read_link("/proc/self/ns/pid", NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) children = NULL;
    size_t i;

    if (virFileReadAllQuiet(path, 4096, &text) < 0)
        return 0;

    children = g_strsplit(text, " ", 0);
    for (i = 0; children[i]; i++) {
        g_autofree char *link = g_strdup_printf("/proc/%s/ns/pid", children[i]);
        g_autofree char *ns = g_file_read_link(link, NULL);
        int pid;

        if (ns && STRNEQ_NULLABLE(ns, own) &&
            virStrToLong_i(children[i], NULL, 10, &pid) == 0)
            return pid;
    }

    return 0;
}


/* Whether @init is the first process of some PID namespace below ours, and not
 * one that has got the number of a container's init that has ended. */
static bool
virLXCLifecycleIsInit(pid_t init)
{
    g_autofree char *path = g_strdup_printf("/proc/%lld/status", (long long) init);
    g_autofree char *status = NULL;
    char *line;
    char *end;

    if (virFileReadAllQuiet(path, 8192, &status) < 0 ||
        !(line = strstr(status, "\nNSpid:")))
        return false;

    if ((end = strchr(line + 1, '\n')))
        *end = '\0';

    return g_str_has_suffix(line, "\t1");
}


int
virLXCLifecycleOpenInit(pid_t init,
                        pid_t controller)
{
    VIR_AUTOCLOSE pidfd = -1;
    int ret = -1;

    if (init <= 0 && controller > 0)
        init = virLXCLifecycleFindInit(controller);

    if (init <= 1 ||
        (pidfd = virLXCPidfdOpen(init)) < 0 ||
        !virLXCLifecycleIsInit(init))
        return -1;

    ret = pidfd;
    pidfd = -1;
    return ret;
}


int
virLXCLifecycleKillInit(int initfd)
{
    if (initfd < 0)
        return 0;

    if (syscall(SYS_pidfd_send_signal, initfd, SIGKILL, NULL, 0) < 0 &&
        errno != ESRCH) {
        virReportSystemError(errno, "%s", _("cannot kill the container's init"));
        return -1;
    }

    if (!virLXCPidfdWait(initfd, LXC_KILL_TIMEOUT)) {
        virReportError(VIR_ERR_OPERATION_FAILED, "%s",
                       _("processes of the container refused to die"));
        return -1;
    }

    return 0;
}


void
virLXCLifecycleRemoveState(const char *stateDir,
                           const char *name)
{
    static const char *const suffixes[] = {
        "dev", "devpts", "fuse", "root", "sock",
    };
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *path = g_strdup_printf("%s/%s.%s", stateDir, name,
                                                suffixes[i]);

        if (remove(path) < 0 && errno != ENOENT)
            VIR_WARN("Cannot remove %s: %s", path, g_strerror(errno));
    }
}
