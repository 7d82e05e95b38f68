/*
 * virlxcexecsender.c: send input and signals to a program that runs in a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "virlxcexecmessage.h"
#include "virlxcexecterminal.h"
#include "virlxcexecthreads.h"

#include "virerror.h"

#define VIR_FROM_THIS VIR_FROM_LXC


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
void *
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
