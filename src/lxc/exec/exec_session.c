/*
 * exec_session.c: run one program in a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a connection of the daemon. Out: a program has run.
 */

#include "exec_session.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "descriptor.h"
#include "error.h"
#include "exec_pump.h"
#include "exec_request.h"
#include "exec_start.h"
#include "i18n.h"

/* The daemon sends the request at once. */
#define LXC_EXEC_REQUEST_SECONDS 10

static int
lxcExecReply(int connection, virLXCExecReplyKind kind, int number,
             const char *message)
{
    virLXCExecReply reply = {
        .kind = kind,
        .number = number,
        .message = (char *)message,
    };

    return virLXCExecReplySend(connection, &reply, NULL);
}

/* The daemon has already reported failure, or was restarted. */
static bool
lxcExecIsAbandoned(int connection)
{
    char byte;

    return recv(connection, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static void
lxcExecAbandon(virLXCExecPump *pump)
{
    syscall(SYS_pidfd_send_signal, pump->process, SIGKILL, NULL, 0);
    virLXCDescriptorClose(&pump->stream);
    pump->detached = true;
}

static virLXCExecRequest *
lxcExecReceiveRequest(int connection, int *stream, GError **error)
{
    const struct timeval limit = {.tv_sec = LXC_EXEC_REQUEST_SECONDS};

    if (setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) <
        0) {
        virLXCSetSystemError(error, errno, _("cannot set a time limit"));
        return NULL;
    }
    return virLXCExecRequestReceive(connection, stream, error);
}

static void
lxcExecRun(const virLXCExecServer *server, int process, int connection,
           const virLXCExecRequest *request, int stream)
{
    g_autoptr(virLXCExecReply) failure = NULL;
    virLXCExecPump pump = {
        .stream = stream,
        .detached = request->flags & VIR_LXC_EXEC_DETACHED,
    };
    int status;

    if ((failure = virLXCExecStart(server, process, request, &pump))) {
        virLXCExecReplySend(connection, failure, NULL);
        return;
    }

    if (stream >= 0)
        fcntl(stream, F_SETFL, O_NONBLOCK);
    if (lxcExecReply(connection, VIR_LXC_EXEC_STARTED, (int)pump.program,
                     NULL) < 0)
        lxcExecAbandon(&pump);
    status = virLXCExecPumpRun(&pump);
    if (WIFEXITED(status))
        lxcExecReply(connection, VIR_LXC_EXEC_EXITED, WEXITSTATUS(status),
                     NULL);
    else
        lxcExecReply(connection, VIR_LXC_EXEC_SIGNALED, WTERMSIG(status), NULL);
    virLXCExecPumpDrain(&pump);
}

void
virLXCExecSessionRun(const virLXCExecServer *server, int process,
                     int connection, guint running)
{
    VIR_LXC_AUTOCLOSE stream = -1;
    g_autoptr(virLXCExecRequest) request = NULL;
    g_autoptr(GError) error = NULL;

    signal(SIGPIPE, SIG_IGN);
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        virLXCSetSystemError(
            &error, errno, _("cannot hide the new process from the container"));
    else
        request = lxcExecReceiveRequest(connection, &stream, &error);

    if (!request) {
        lxcExecReply(connection, VIR_LXC_EXEC_FAILED, 0, error->message);
        return;
    }

    if (lxcExecIsAbandoned(connection))
        return;

    if (g_strcmp0(request->uuid, server->uuid) != 0) {
        g_autofree char *message = g_strdup_printf(
            _("domain '%1$s' is another one than before"), server->name);

        lxcExecReply(connection, VIR_LXC_EXEC_FAILED, 0, message);
        return;
    }

    request->hasStream = stream >= 0;
    if (running >= request->max) {
        g_autofree char *message = g_strdup_printf(
            _("%1$u programs are already running in domain '%2$s' by "
              "virDomainLxcExec(), which is the limit"),
            running, server->name);

        lxcExecReply(connection, VIR_LXC_EXEC_FAILED, 0, message);
        return;
    }

    lxcExecRun(server, process, connection, request,
               virLXCDescriptorSteal(&stream));
}
