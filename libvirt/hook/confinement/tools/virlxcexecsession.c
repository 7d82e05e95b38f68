/*
 * virlxcexecsession.c: copy data and signals to and from a program that has been
 *     started by virDomainLxcExec()
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "virlxcexecsession.h"

#include "virlxcexecclient.h"
#include "virlxcexecterminal.h"
#include "virlxcexecthreads.h"

#include "virerror.h"
#include "virfile.h"

#define VIR_FROM_THIS VIR_FROM_LXC

/* After which the event loop may read from the connection again */
#define LXC_EXEC_QUIET (50 * G_TIME_SPAN_MILLISECOND)
/* How long a signal may wait to be sent, and the threads may take to end */
#define LXC_EXEC_PATIENCE (2 * G_TIME_SPAN_SECOND)

static void
lxcExecSessionDisconnect(lxcExecSession *session)
{
    if (session->stream)
        virStreamFree(session->stream);
    if (session->conn)
        virConnectClose(session->conn);
    session->stream = NULL;
    session->conn = NULL;
}


static lxcExecSession *
lxcExecSessionHold(lxcExecSession *session)
{
    g_atomic_int_inc(&session->refs);
    return session;
}


static void
lxcExecSessionRelease(void *opaque)
{
    lxcExecSession *session = opaque;
    virErrorPtr error;

    if (!g_atomic_int_dec_and_test(&session->refs))
        return;

    virErrorPreserveLast(&error);
    VIR_FORCE_CLOSE(session->overFD);
    VIR_FORCE_CLOSE(session->senderFD);
    g_byte_array_unref(session->signals);
    virFreeError(session->error);
    g_mutex_clear(&session->lock);
    g_cond_clear(&session->changed);
    lxcExecSessionDisconnect(session);
    g_free(session);
    virErrorRestore(&error);
}


void
lxcExecWake(int fd)
{
    uint64_t one = 1;

    ignore_value(write(fd, &one, sizeof(one))); /* sc_avoid_write */
}


/* The first result counts. An error is that of the calling thread. */
void
lxcExecEnd(lxcExecSession *session,
           int status,
           bool failed)
{
    g_mutex_lock(&session->lock);
    if (!session->over) {
        session->status = status;
        session->error = failed ? virSaveLastError() : NULL;
        session->over = true;
    }
    g_cond_broadcast(&session->changed);
    g_mutex_unlock(&session->lock);

    lxcExecWake(session->overFD);
    lxcExecWake(session->senderFD);
}


void
lxcExecThreadEnd(lxcExecSession *session)
{
    g_mutex_lock(&session->lock);
    session->threads--;
    g_cond_broadcast(&session->changed);
    g_mutex_unlock(&session->lock);
    lxcExecSessionRelease(session);
}


/* The gate */

static bool
lxcExecIsQuiet(const lxcExecSession *session)
{
    return session->over ||
           (session->waitingSince &&
            g_get_monotonic_time() - session->waitingSince >= LXC_EXEC_QUIET);
}


/* Called by the event loop, which does nothing else meanwhile */
static void
lxcExecGate(int timer,
            void *opaque)
{
    lxcExecSession *session = opaque;

    g_mutex_lock(&session->lock);
    virEventUpdateTimeout(timer, -1);
    while (!lxcExecIsQuiet(session)) {
        g_cond_wait_until(&session->changed, &session->lock,
                          g_get_monotonic_time() + LXC_EXEC_QUIET);
    }
    session->gateOpen = true;
    g_mutex_unlock(&session->lock);
}


void
lxcExecWaitBegin(lxcExecSession *session)
{
    g_mutex_lock(&session->lock);
    session->waitingSince = g_get_monotonic_time();
    g_mutex_unlock(&session->lock);
}


void
lxcExecWaitEnd(lxcExecSession *session)
{
    g_mutex_lock(&session->lock);
    session->waitingSince = 0;
    if (session->gateOpen && !session->over) {
        session->gateOpen = false;
        virEventUpdateTimeout(session->gate, 0);
    }
    g_mutex_unlock(&session->lock);
}


/* The calling thread */

/* Returns false if the signal could not be sent in time */
static bool
lxcExecPassSignal(lxcExecSession *session,
                  unsigned char number)
{
    gint64 end = g_get_monotonic_time() + LXC_EXEC_PATIENCE;
    bool sent = true;

    g_mutex_lock(&session->lock);
    g_byte_array_append(session->signals, &number, 1);
    lxcExecWake(session->senderFD);
    if (number != SIGWINCH) {
        while (session->signals->len > 0 && !session->over && sent)
            sent = g_cond_wait_until(&session->changed, &session->lock, end);
    }
    g_mutex_unlock(&session->lock);

    return sent;
}


static void
lxcExecServeSignals(lxcExecSession *session,
                    int signalFD)
{
    struct pollfd fds[] = {
        { .fd = signalFD, .events = POLLIN },
        { .fd = session->overFD, .events = POLLIN },
    };

    while (!fds[1].revents) {
        unsigned char number;

        if (poll(fds, G_N_ELEMENTS(fds), -1) < 0)
            continue;
        if (fds[0].revents && read(signalFD, &number, 1) == 1 &&
            !lxcExecPassSignal(session, number))
            virLXCExecSignalsDie(number);
    }
}


/* Returns whether the threads have ended. A sender may be blocked. */
static bool
lxcExecWaitThreads(lxcExecSession *session)
{
    gint64 end = g_get_monotonic_time() + LXC_EXEC_PATIENCE;
    bool ended = true;

    g_mutex_lock(&session->lock);
    while (session->threads > 0 && ended)
        ended = g_cond_wait_until(&session->changed, &session->lock, end);
    g_mutex_unlock(&session->lock);

    return ended;
}


/* A stream must not be finished while other threads use it. */
static void
lxcExecFinish(lxcExecSession *session)
{
    bool ended = lxcExecWaitThreads(session);

    if (session->gate >= 0)
        virEventRemoveTimeout(session->gate);
    if (!ended)
        return;

    if (session->error || session->status == VIR_LXC_EXEC_STATUS_SIGNAL + SIGPIPE)
        ignore_value(virStreamAbort(session->stream));
    else
        ignore_value(virStreamFinish(session->stream));

    /* The event loop releases the gate later. */
    lxcExecSessionDisconnect(session);
}


static void
lxcExecThreadStart(lxcExecSession *session,
                   const char *name,
                   GThreadFunc function)
{
    g_mutex_lock(&session->lock);
    session->threads++;
    g_mutex_unlock(&session->lock);
    g_thread_unref(g_thread_new(name, function, lxcExecSessionHold(session)));
}


static lxcExecSession *
lxcExecSessionNew(virConnectPtr conn,
                  virStreamPtr stream,
                  bool tty)
{
    lxcExecSession *session;
    int overFD = eventfd(0, EFD_CLOEXEC);
    int senderFD = eventfd(0, EFD_CLOEXEC);

    if (overFD < 0 || senderFD < 0 ||
        virConnectRef(conn) < 0 || virStreamRef(stream) < 0) {
        virReportSystemError(errno, "%s", _("cannot create an event descriptor"));
        VIR_FORCE_CLOSE(overFD);
        VIR_FORCE_CLOSE(senderFD);
        return NULL;
    }

    session = g_new0(lxcExecSession, 1);
    session->refs = 1;
    session->conn = conn;
    session->stream = stream;
    session->tty = tty;
    session->overFD = overFD;
    session->senderFD = senderFD;
    session->signals = g_byte_array_new();
    g_mutex_init(&session->lock);
    g_cond_init(&session->changed);
    session->gate = virEventAddTimeout(0, lxcExecGate, lxcExecSessionHold(session),
                                       lxcExecSessionRelease);
    if (session->gate < 0)
        lxcExecSessionRelease(session);

    return session;
}


static int
lxcExecResult(const lxcExecSession *session,
              int *status)
{
    if (session->error) {
        virSetError(session->error);
        return -1;
    }

    *status = session->status;
    return 0;
}


int
virLXCExecSessionRun(virConnectPtr conn,
                     virStreamPtr stream,
                     bool tty,
                     int *status)
{
    lxcExecSession *session = lxcExecSessionNew(conn, stream, tty);
    int signalFD;
    int rc;

    if (!session)
        return -1;

    if ((signalFD = virLXCExecSignalsCatch(tty && isatty(STDIN_FILENO))) < 0) {
        lxcExecEnd(session, 0, true);
    } else if (tty && virLXCExecTerminalMakeRaw() < 0) {
        lxcExecEnd(session, 0, true);
    } else {
        /* The size may have changed since the call. */
        lxcExecPassSignal(session, SIGWINCH);
        lxcExecThreadStart(session, "lxc-exec-recv", lxcExecReceiver);
        lxcExecThreadStart(session, "lxc-exec-send", lxcExecSender);
        lxcExecServeSignals(session, signalFD);
    }

    virLXCExecTerminalRestore();
    lxcExecFinish(session);
    if (signalFD >= 0)
        virLXCExecSignalsRelease();
    rc = lxcExecResult(session, status);
    lxcExecSessionRelease(session);
    return rc;
}
