/*
 * lxc_handshake.c: when a container has really started
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A step of a start is told by one byte, a failure by another one with the
 * text of the error behind it. The container itself sends nothing when all is
 * well: its end of the handshake is closed by execve(2).
 */

#include <config.h>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lxc_handshake.h"
#include "virerror.h"
#include "virfile.h"
#include "virlog.h"
#include "virstring.h"

#define VIR_FROM_THIS VIR_FROM_LXC

VIR_LOG_INIT("lxc.lxc_handshake");

#define LXC_CONTINUE_BYTE 'c'
#define LXC_ERROR_BYTE 'e'

/* No error is longer, and it fits into an empty pipe or socket. */
#define LXC_ERROR_MAX 2048

/* linux/sched.h of the kernel, PF_FORKNOEXEC: in field 9 of /proc/PID/stat. */
#define LXC_FORKED_BUT_NOT_EXECUTED 0x40


int
virLXCHandshakeKeep(int *handshakefd,
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
virLXCHandshakeCloseOthers(int handshakefd,
                           int first)
{
    virLXCCloseRange(first, handshakefd - 1);
    virLXCCloseRange(handshakefd + 1, INT_MAX);
}


/* An internal error gets its prefix from who reports it last */
static const char *
virLXCHandshakeErrorText(void)
{
    virErrorPtr err = virGetLastError();

    if (err && err->code == VIR_ERR_INTERNAL_ERROR && err->str2)
        return err->str2;

    return virGetLastErrorMessage();
}


void
virLXCHandshakeSendError(int fd)
{
    g_autofree char *text = NULL;

    if (fd < 0)
        return;

    text = g_strdup_printf("%c%.*s", LXC_ERROR_BYTE, LXC_ERROR_MAX - 2,
                           virLXCHandshakeErrorText());
    if (safewrite(fd, text, strlen(text)) < 0)
        VIR_WARN("Cannot send error: %s", text + 1);
}


/* Whether @init has executed a program, be it that it has ended since. */
static bool
virLXCHandshakeHasExecuted(pid_t init)
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
virLXCHandshakeWaitExec(int fd,
                        pid_t init)
{
    char text[LXC_ERROR_MAX] = "";
    ssize_t got = saferead(fd, text, sizeof(text) - 1);

    if (got < 0 && errno == EAGAIN) {
        virReportError(VIR_ERR_OPERATION_TIMEOUT, "%s",
                       _("init was not executed in time: the agent of <seccomp> does not answer"));
        return -1;
    }

    if (got < 0) {
        virReportSystemError(errno, "%s",
                             _("error receiving signal from container"));
        return -1;
    }

    if (got > 0) {
        virReportError(VIR_ERR_INTERNAL_ERROR, "%s", text + 1);
        return -1;
    }

    if (!virLXCHandshakeHasExecuted(init)) {
        virReportError(VIR_ERR_INTERNAL_ERROR, "%s",
                       _("the container was killed before its init was executed"));
        return -1;
    }

    return 0;
}


int
virLXCHandshakeWaitContinue(int fd)
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
