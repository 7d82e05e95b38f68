/*
 * virlxcexecreceiver.c: write the output of a program that runs in a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "virlxcexecclient.h"
#include "virlxcexecmessage.h"
#include "virlxcexecthreads.h"

#include "virerror.h"

#define VIR_FROM_THIS VIR_FROM_LXC

/* Between signs of life to the daemon, which waits for 30 seconds by default,
 * while the output cannot be written */
#define LXC_EXEC_PING_MS (10 * 1000)
/* If a pipe is writable, that many bytes can be written without blocking. */
#define LXC_EXEC_CHUNK 4096


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


void *
lxcExecReceiver(void *opaque)
{
    lxcExecSession *session = opaque;
    g_autofree virLXCExecMessage *message = g_new0(virLXCExecMessage, 1);

    while (lxcExecReceiveOne(session, message))
        continue;

    lxcExecThreadEnd(session);
    return NULL;
}
