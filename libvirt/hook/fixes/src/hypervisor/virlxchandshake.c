/*
 * virlxchandshake.c: handshakes while a container is started
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "virlxchandshake.h"
#include "virfile.h"
#include "virlog.h"
#include "virstring.h"

#define VIR_FROM_THIS VIR_FROM_LXC

VIR_LOG_INIT("hypervisor.virlxchandshake");

/* Follows the NUL byte of the text */
typedef struct {
    int number;
    int code;
} virLXCHandshakeKind;

/* Longer texts are truncated. A message of this size fits into an empty pipe or
 * socket. */
#define LXC_ERROR_MAX 2048
#define LXC_TEXT_MAX ((int) (LXC_ERROR_MAX - 3 - sizeof(virLXCHandshakeKind)))

/* PF_FORKNOEXEC in the kernel's linux/sched.h; field 9 of /proc/PID/stat */
#define LXC_FORKED_BUT_NOT_EXECUTED 0x40


int
virLXCHandshakeKeep(int *handshakefd,
                    int first)
{
    int fd;

    if ((fd = fcntl(*handshakefd, F_DUPFD_CLOEXEC, first)) < 0) {
        virReportSystemError(errno, "%s",
                             _("cannot duplicate the handshake descriptor"));
        return -1;
    }

    VIR_FORCE_CLOSE(*handshakefd);
    *handshakefd = fd;
    return 0;
}


static void
virLXCHandshakeCloseRange(unsigned int first,
                          unsigned int last)
{
    unsigned int end = sysconf(_SC_OPEN_MAX);

    if (first > last ||
        syscall(SYS_close_range, first, last, 0) == 0)
        return;

    /* Before Linux 5.9 */
    for (; first <= last && first < end; first++) {
        int tmpfd = first;
        VIR_MASS_CLOSE(tmpfd);
    }
}


static int
virLXCHandshakeCompare(const void *a,
                       const void *b)
{
    return *(const int *) a - *(const int *) b;
}


void
virLXCHandshakeCloseOthers(int first,
                           int *kept,
                           size_t nkept)
{
    size_t i;

    qsort(kept, nkept, sizeof(*kept), virLXCHandshakeCompare);

    for (i = 0; i < nkept; i++) {
        if (kept[i] < first)
            continue;
        virLXCHandshakeCloseRange(first, kept[i] - 1);
        first = kept[i] + 1;
    }
    virLXCHandshakeCloseRange(first, UINT_MAX);
}


/* Omits the prefix of the code, such as "internal error: ", which the receiver
 * adds again */
static const char *
virLXCHandshakeErrorText(virErrorPtr err)
{
    if (err && err->str2 && err->message &&
        g_str_has_suffix(err->message, err->str2))
        return err->str2;

    return virGetLastErrorMessage();
}


void
virLXCHandshakeSendError(int fd)
{
    virErrorPtr err = virGetLastError();
    virLXCHandshakeKind kind = { -1, VIR_ERR_INTERNAL_ERROR };
    g_autofree char *data = NULL;
    size_t length;

    if (fd < 0)
        return;

    if (err) {
        kind.number = err->int1;
        kind.code = err->code;
    }

    data = g_new0(char, LXC_ERROR_MAX);
    g_snprintf(data, LXC_TEXT_MAX + 2, "%c%s", VIR_LXC_HANDSHAKE_ERROR,
               virLXCHandshakeErrorText(err));
    length = strlen(data) + 1;
    memcpy(data + length, &kind, sizeof(kind));
    if (safewrite(fd, data, length + sizeof(kind)) < 0)
        VIR_WARN("Cannot send error: %s", data + 1);
}


/* Returns the kind of an error, whose text takes @textlen of @length bytes */
static virLXCHandshakeKind
virLXCHandshakeParseKind(const char *data,
                         size_t textlen,
                         size_t length)
{
    virLXCHandshakeKind kind = { -1, VIR_ERR_INTERNAL_ERROR };
    size_t rest = length > textlen ? length - textlen - 1 : 0;

    if (rest >= sizeof(kind)) {
        memcpy(&kind, data + textlen + 1, sizeof(kind));
    } else if (rest >= sizeof(kind.number)) {
        memcpy(&kind.number, data + textlen + 1, sizeof(kind.number));
        kind.code = VIR_ERR_SYSTEM_ERROR;
    }

    if (kind.code <= VIR_ERR_OK || kind.code >= VIR_ERR_NUMBER_LAST)
        kind.code = VIR_ERR_INTERNAL_ERROR;
    return kind;
}


/* Reports what follows VIR_LXC_HANDSHAKE_ERROR */
static void
virLXCHandshakeReport(const char *data,
                      size_t length,
                      bool toDaemon)
{
    size_t textlen = strnlen(data, length);
    g_autofree char *text = g_strndup(data, textlen);
    virLXCHandshakeKind kind = virLXCHandshakeParseKind(data, textlen, length);

    if (toDaemon)
        virReportError(kind.code, _("guest failed to start: %1$s"), text);
    else
        virReportError(kind.code, "%s", text);
    virGetLastError()->int1 = kind.number;
}


/* Returns whether @init has executed a program, even if it has exited since */
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

    /* Starting at the end of the name: ") state ppid pgrp session tty tpgid
     * flags" */
    fields = g_strsplit(rest, " ", 9);
    if (g_strv_length(fields) < 9 ||
        virStrToLong_ui(fields[7], NULL, 10, &flags) < 0)
        return false;

    return !(flags & LXC_FORKED_BUT_NOT_EXECUTED);
}


int
virLXCHandshakeWaitClose(int fd)
{
    g_autofree char *data = g_new0(char, LXC_ERROR_MAX);
    ssize_t got = saferead(fd, data, LXC_ERROR_MAX);

    if (got < 0) {
        virReportSystemError(errno, "%s",
                             _("error receiving signal from container"));
        return -1;
    }

    if (got > 0) {
        virLXCHandshakeReport(data + 1, got - 1, false);
        return -1;
    }

    return 0;
}


/* Its descriptors are closed a moment before it can be waited for */
#define LXC_EXIT_TRIES 100

static void
virLXCHandshakeReportKilled(pid_t init)
{
    siginfo_t info = { 0 };
    int i;

    for (i = 0; i < LXC_EXIT_TRIES && info.si_pid == 0; i++) {
        if (waitid(P_PID, init, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
            break;
        if (info.si_pid == 0)
            g_usleep(10 * 1000);
    }

    if (info.si_pid == init && info.si_code != CLD_EXITED)
        virReportError(VIR_ERR_INTERNAL_ERROR,
                       _("the container was killed by signal %1$d (SIG%2$s) before its init was executed"),
                       info.si_status, NULLSTR(sigabbrev_np(info.si_status)));
    else
        virReportError(VIR_ERR_INTERNAL_ERROR, "%s",
                       _("the container was killed before its init was executed"));
}


int
virLXCHandshakeWaitExec(int fd,
                        pid_t init)
{
    if (virLXCHandshakeWaitClose(fd) < 0)
        return -1;

    if (!virLXCHandshakeHasExecuted(init)) {
        virLXCHandshakeReportKilled(init);
        return -1;
    }

    return 0;
}


/* The slowest step of a start is waiting for an agent, whose timeout is half of
 * this. */
#define LXC_STEP_SECONDS 60

static int
virLXCHandshakeWaitInput(int fd)
{
    struct pollfd pfd = { .fd = fd, .events = POLLIN };
    int rc;

    do {
        rc = poll(&pfd, 1, LXC_STEP_SECONDS * 1000);
    } while (rc < 0 && errno == EINTR);

    if (rc == 0)
        virReportError(VIR_ERR_OPERATION_TIMEOUT,
                       _("guest failed to start: no progress for %1$d seconds"),
                       LXC_STEP_SECONDS);

    return rc > 0 ? 0 : -1;
}


int
virLXCHandshakeWaitContinue(int fd)
{
    g_autofree char *data = g_new0(char, LXC_ERROR_MAX);
    ssize_t got;

    if (virLXCHandshakeWaitInput(fd) < 0)
        return -1;

    if (saferead(fd, data, 1) != 1)
        return -2;

    if (data[0] == VIR_LXC_HANDSHAKE_CONTINUE)
        return 0;

    if ((got = saferead(fd, data, LXC_ERROR_MAX)) <= 0)
        return -2;

    virLXCHandshakeReport(data, got, true);
    return -1;
}
