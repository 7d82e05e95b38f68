/*
 * virlxcexecsession.c: copy data and signals to and from a program that has been
 *     started by virDomainLxcExec()
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Three threads serve a session. The receiver writes the program's output and
 * learns how it ended. The sender reads standard input, and is the only one that
 * sends. The calling thread passes signals to the sender, and waits.
 *
 * Whoever reads from the connection reads all there is, and libvirt's queue of
 * received messages has no limit. So nothing must be read while the output
 * cannot be written: the sender sends nothing, and a timer of ours, the gate,
 * holds the event loop. The gate opens when the receiver has waited for a while:
 * then nothing is queued, and the event loop can take care of keepalive messages.
 */

#include <config.h>

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "virlxcexecsession.h"

#include "virlxcexecclient.h"
#include "virlxcexecmessage.h"
#include "virlxcexecterminal.h"

#include "virerror.h"
#include "virfile.h"

#define VIR_FROM_THIS VIR_FROM_LXC

/* After which the event loop may read from the connection again */
#define LXC_EXEC_QUIET (50 * G_TIME_SPAN_MILLISECOND)
/* How long a signal may wait to be sent, and the threads may take to end */
#define LXC_EXEC_PATIENCE (2 * G_TIME_SPAN_SECOND)
/* Between signs of life to the daemon, which waits for 30 seconds by default,
 * while the output cannot be written */
#define LXC_EXEC_PING_MS (10 * 1000)
/* If a pipe is writable, that many bytes can be written without blocking. */
#define LXC_EXEC_CHUNK 4096

/* Reference-counted, because a sender that is blocked outlives the session. */
typedef struct {
    int refs;
    virConnectPtr conn;
    virStreamPtr stream;
    bool tty;
    int gate;               /* timer, or -1 without an event loop */
    int overFD;             /* readable when the session is over */
    int senderFD;           /* readable when the sender has something to do */

    GMutex lock;            /* of all below, except for @input */
    GCond changed;
    bool gateOpen;
    gint64 waitingSince;    /* for the daemon, or 0 */
    bool outputBlocked;
    GByteArray *signals;    /* to be sent; removed after that */
    bool over;
    int status;
    virErrorPtr error;
    int threads;            /* how many are running */

    bool inputEnded;        /* used by the sender only */
} lxcExecSession;


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


static void
lxcExecWake(int fd)
{
    uint64_t one = 1;

    ignore_value(write(fd, &one, sizeof(one))); /* sc_avoid_write */
}


/* The first result counts. An error is that of the calling thread. */
static void
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


static void
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


static void
lxcExecWaitBegin(lxcExecSession *session)
{
    g_mutex_lock(&session->lock);
    session->waitingSince = g_get_monotonic_time();
    g_mutex_unlock(&session->lock);
}


static void
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


/* The receiver */

static void
lxcExecSetBlocked(lxcExecSession *session,
                  bool blocked)
{
    g_mutex_lock(&session->lock);
    session->outputBlocked = blocked;
    g_mutex_unlock(&session->lock);
    lxcExecWake(session->senderFD);
}


/* The daemon closes connections of clients that it has not heard of for long. */
static int
lxcExecPing(lxcExecSession *session)
{
    unsigned long version;
    int rc;

    lxcExecWaitBegin(session);
    rc = virConnectGetLibVersion(session->conn, &version);
    lxcExecWaitEnd(session);
    return rc;
}


static int
lxcExecWaitWritable(lxcExecSession *session,
                    int fd)
{
    struct pollfd output = { .fd = fd, .events = POLLOUT };
    int rc = poll(&output, 1, 0);

    if (rc != 0)
        return 0;

    lxcExecSetBlocked(session, true);
    while ((rc = poll(&output, 1, LXC_EXEC_PING_MS)) <= 0) {
        if (rc == 0 && lxcExecPing(session) < 0)
            return -1;
    }
    lxcExecSetBlocked(session, false);

    return 0;
}


/* Returns whether the session goes on */
static bool
lxcExecWrite(lxcExecSession *session,
             int fd,
             const char *data,
             size_t length)
{
    while (length > 0) {
        ssize_t written = -1;
        int rc = lxcExecWaitWritable(session, fd);

        if (rc == 0)
            written = write(fd, data, MIN(length, LXC_EXEC_CHUNK)); /* sc_avoid_write */

        if (written >= 0) {
            data += written;
            length -= written;
        } else if (rc == 0 && errno == EPIPE) {
            lxcExecEnd(session, VIR_LXC_EXEC_STATUS_SIGNAL + SIGPIPE, false);
            return false;
        } else if (rc < 0 || (errno != EINTR && errno != EAGAIN)) {
            if (rc == 0)
                virReportSystemError(errno, "%s", _("cannot write the program's output"));
            lxcExecEnd(session, 0, true);
            return false;
        }
    }

    return true;
}


static void
lxcExecReceiveEnd(lxcExecSession *session,
                  const virLXCExecMessage *message,
                  int base)
{
    unsigned int number = 0;
    int rc = virLXCExecMessageGetNumber(message, &number);

    lxcExecEnd(session, base + number, rc < 0);
}


/* Returns whether the session goes on */
static bool
lxcExecHandle(lxcExecSession *session,
              const virLXCExecMessage *message)
{
    switch (message->type) {
    case VIR_DOMAIN_LXC_EXEC_MESSAGE_STDOUT:
        return lxcExecWrite(session, STDOUT_FILENO, message->data, message->length);

    case VIR_DOMAIN_LXC_EXEC_MESSAGE_STDERR:
        return lxcExecWrite(session, STDERR_FILENO, message->data, message->length);

    case VIR_DOMAIN_LXC_EXEC_MESSAGE_EXIT:
        lxcExecReceiveEnd(session, message, 0);
        return false;

    case VIR_DOMAIN_LXC_EXEC_MESSAGE_SIGNALED:
        lxcExecReceiveEnd(session, message, VIR_LXC_EXEC_STATUS_SIGNAL);
        return false;
    }

    virReportError(VIR_ERR_RPC, _("the program's stream has a message of unknown type %1$u"),
                   message->type);
    lxcExecEnd(session, 0, true);
    return false;
}


static bool
lxcExecReceiveOne(lxcExecSession *session,
                  virLXCExecMessage *message)
{
    int rc;

    lxcExecWaitBegin(session);
    rc = virLXCExecMessageRecv(session->stream, message);
    lxcExecWaitEnd(session);

    if (rc == 0) {
        virReportError(VIR_ERR_OPERATION_FAILED, "%s",
                       _("the stream has ended without the program's exit status"));
    }
    if (rc <= 0) {
        lxcExecEnd(session, 0, true);
        return false;
    }

    return lxcExecHandle(session, message);
}


static void *
lxcExecReceiver(void *opaque)
{
    lxcExecSession *session = opaque;
    g_autofree virLXCExecMessage *message = g_new0(virLXCExecMessage, 1);

    while (lxcExecReceiveOne(session, message))
        continue;

    lxcExecThreadEnd(session);
    return NULL;
}


/* The sender */

/* Returns a signal to be sent, or 0 */
static int
lxcExecNextSignal(lxcExecSession *session)
{
    int number = 0;

    g_mutex_lock(&session->lock);
    if (session->signals->len > 0)
        number = session->signals->data[0];
    g_mutex_unlock(&session->lock);

    return number;
}


static void
lxcExecSignalSent(lxcExecSession *session)
{
    g_mutex_lock(&session->lock);
    g_byte_array_remove_index(session->signals, 0);
    g_cond_broadcast(&session->changed);
    g_mutex_unlock(&session->lock);
}


static int
lxcExecSendSize(lxcExecSession *session)
{
    unsigned int size[2];

    if (!session->tty || virLXCExecTerminalGetSize(&size[0], &size[1]) < 0)
        return 0;

    return virLXCExecMessageSendNumbers(session->stream,
                                        VIR_DOMAIN_LXC_EXEC_MESSAGE_RESIZE, size, 2);
}


static int
lxcExecSendSignals(lxcExecSession *session)
{
    unsigned int number;

    while ((number = lxcExecNextSignal(session))) {
        int rc;

        if (number == SIGWINCH) {
            rc = lxcExecSendSize(session);
        } else {
            rc = virLXCExecMessageSendNumbers(session->stream,
                                              VIR_DOMAIN_LXC_EXEC_MESSAGE_SIGNAL,
                                              &number, 1);
        }
        if (rc < 0)
            return -1;
        lxcExecSignalSent(session);
    }

    return 0;
}


/* Waits for input or for something else to do.
 * Returns 1 if there is input, 0 if not, or -1 at the end of the session */
static int
lxcExecWaitInput(lxcExecSession *session)
{
    struct pollfd fds[] = {
        { .fd = STDIN_FILENO, .events = POLLIN },
        { .fd = session->senderFD, .events = POLLIN },
    };
    uint64_t count;
    bool over;

    g_mutex_lock(&session->lock);
    if (session->outputBlocked || session->inputEnded)
        fds[0].fd = -1;
    over = session->over;
    g_mutex_unlock(&session->lock);

    if (over)
        return -1;
    if (poll(fds, G_N_ELEMENTS(fds), -1) < 0)
        return 0;
    if (fds[1].revents) {
        ignore_value(read(session->senderFD, &count, sizeof(count)));
        return 0;
    }

    return fds[0].revents != 0;
}


static int
lxcExecSendInput(lxcExecSession *session,
                 char *buffer)
{
    ssize_t length = read(STDIN_FILENO, buffer, VIR_DOMAIN_LXC_EXEC_MESSAGE_MAX);

    if (length < 0) {
        if (errno == EINTR || errno == EAGAIN)
            return 0;
        /* of a terminal that has been closed */
        if (errno != EIO) {
            virReportSystemError(errno, "%s", _("cannot read standard input"));
            lxcExecEnd(session, 0, true);
            return -1;
        }
        length = 0;
    }

    session->inputEnded = length == 0;
    return virLXCExecMessageSend(session->stream, VIR_DOMAIN_LXC_EXEC_MESSAGE_STDIN,
                                 buffer, length);
}


/* If sending fails, the receiver learns why, or that the program has ended. */
static void *
lxcExecSender(void *opaque)
{
    lxcExecSession *session = opaque;
    g_autofree char *buffer = g_malloc(VIR_DOMAIN_LXC_EXEC_MESSAGE_MAX);
    int rc;

    while (lxcExecSendSignals(session) == 0 &&
           (rc = lxcExecWaitInput(session)) >= 0) {
        if (rc > 0 && lxcExecSendInput(session, buffer) < 0)
            break;
    }

    lxcExecThreadEnd(session);
    return NULL;
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
