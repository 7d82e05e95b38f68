/*
 * exec_request.h: requests to run a program in a container, and replies
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The daemon sends a request to the exec server of a container
 * (exec_server.h) over a Unix socket. The server replies when the program is
 * executed, or with an error, and once more when the program ends. Both sides
 * run on the same host, but their versions can differ after an upgrade: unknown
 * keys are errors in requests, so that nothing is ignored, and are ignored in
 * replies.
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/** Maximum size of a serialized request or reply, in bytes. */
#define VIR_LXC_EXEC_SIZE_MAX 8388608

/**
 * virLXCExecFlags: how a program is run.
 *
 * @VIR_LXC_EXEC_TTY: in a terminal of its own
 * @VIR_LXC_EXEC_DETACHED: the program continues when the client is gone
 * @VIR_LXC_EXEC_UNCONFINED: only the namespaces and cgroups are joined
 * @VIR_LXC_EXEC_NO_LABEL: the security label of the domain is not set
 */
typedef enum {
    VIR_LXC_EXEC_TTY = 1 << 0,
    VIR_LXC_EXEC_DETACHED = 1 << 1,
    VIR_LXC_EXEC_UNCONFINED = 1 << 2,
    VIR_LXC_EXEC_NO_LABEL = 1 << 3,
} virLXCExecFlags;

/**
 * virLXCExecRequest: the program to run.
 *
 * @uuid: UUID of the domain
 * @argv: path or name of the program, and its arguments; NULL-terminated, not
 *     empty
 * @arg0: what the program receives as argv[0], or NULL for @argv[0]
 * @env: "NAME=value" strings that are added to the environment
 * @user: name or number of its user, or NULL for root
 * @group: name or number of its group, or NULL for those of the user
 * @groups: names or numbers of its supplementary groups, or NULL for those of
 *     the user
 * @cwd: absolute path of its working directory, or NULL for "/"
 * @rows: height of the terminal in characters, or 0
 * @columns: width of the terminal in characters, or 0
 * @flags: virLXCExecFlags
 * @timeout: time limit for executing the program, in seconds
 * @max: maximum number of such programs in the container at once
 * @hasStream: whether there is a client; not part of the serialized request
 */
typedef struct {
    char *uuid;
    char **argv;
    char *arg0;
    char **env;
    char *user;
    char *group;
    char **groups;
    char *cwd;
    guint32 rows;
    guint32 columns;
    guint32 flags;
    guint32 timeout;
    guint32 max;
    bool hasStream;
} virLXCExecRequest;

/**
 * virLXCExecReplyKind: what a reply reports.
 *
 * @VIR_LXC_EXEC_STARTED: the program has been executed
 * @VIR_LXC_EXEC_EXITED: the program has exited
 * @VIR_LXC_EXEC_SIGNALED: the program was killed by a signal
 * @VIR_LXC_EXEC_NOT_EXECUTED: execve(2) failed
 * @VIR_LXC_EXEC_BAD_ARGUMENT: the request names something that does not exist,
 *     such as a user
 * @VIR_LXC_EXEC_FAILED: the operation failed for another reason
 * @VIR_LXC_EXEC_TIMED_OUT: the time limit has expired
 */
typedef enum {
    VIR_LXC_EXEC_STARTED,
    VIR_LXC_EXEC_EXITED,
    VIR_LXC_EXEC_SIGNALED,
    VIR_LXC_EXEC_NOT_EXECUTED,
    VIR_LXC_EXEC_BAD_ARGUMENT,
    VIR_LXC_EXEC_FAILED,
    VIR_LXC_EXEC_TIMED_OUT,
} virLXCExecReplyKind;

/**
 * virLXCExecReply: an event in the life of a program.
 *
 * @kind: a virLXCExecReplyKind
 * @number: process ID on the host, exit status, signal, or errno value,
 *     depending on @kind; otherwise 0
 * @message: a complete sentence, or NULL unless @kind is an error
 */
typedef struct {
    guint32 kind;
    gint32 number;
    char *message;
} virLXCExecReply;

/**
 * virLXCExecRequestSend:
 * @fd: connected Unix stream socket
 * @request: a request
 * @stream: descriptor for the messages of exec_message.h, or -1
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM, or to
 *     VIR_LXC_CONFINEMENT_ERROR_INVALID if @request is too large
 *
 * Returns 0 or -1.
 */
int virLXCExecRequestSend(int fd, const virLXCExecRequest *request, int stream,
                          GError **error);

/**
 * virLXCExecRequestReceive:
 * @fd: connected Unix stream socket
 * @stream: filled with the descriptor that was sent, which the caller closes,
 *     or -1
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM, or to
 *     VIR_LXC_CONFINEMENT_ERROR_INVALID if the request is malformed
 *
 * Returns a request, which the caller frees with virLXCExecRequestFree(), or
 * NULL.
 */
virLXCExecRequest *
virLXCExecRequestReceive(int fd, int *stream, GError **error);

/**
 * virLXCExecRequestFree:
 * @request: a request, or NULL
 */
void virLXCExecRequestFree(virLXCExecRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCExecRequest, virLXCExecRequestFree)

/**
 * virLXCExecReplySend:
 * @fd: connected Unix stream socket
 * @reply: a reply
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Returns 0 or -1.
 */
int virLXCExecReplySend(int fd, const virLXCExecReply *reply, GError **error);

/**
 * virLXCExecReplyReceive:
 * @fd: connected Unix stream socket
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM, also if the other end has
 *     closed the connection (EPIPE), or to VIR_LXC_CONFINEMENT_ERROR_INVALID if
 *     the reply is malformed
 *
 * Returns a reply, which the caller frees with virLXCExecReplyFree(), or NULL.
 */
virLXCExecReply *virLXCExecReplyReceive(int fd, GError **error);

/**
 * virLXCExecReplyFree:
 * @reply: a reply, or NULL
 */
void virLXCExecReplyFree(virLXCExecReply *reply);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCExecReply, virLXCExecReplyFree)
