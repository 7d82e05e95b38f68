/*
 * exec_child.h: the processes that become a program in a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "exec_join.h"
#include "exec_request.h"
#include "exec_server.h"

/**
 * Bytes that start what is sent over the handshake. The text of the error
 * follows, and after a NUL byte, an errno value as an int. Success is not
 * reported: execve(2) closes the handshake. The listener of a seccomp filter is
 * sent first, with VIR_LXC_SECCOMP_LISTENER_BYTE.
 */
#define VIR_LXC_EXEC_CHILD_NOT_EXECUTED 'e'
#define VIR_LXC_EXEC_CHILD_BAD_ARGUMENT 'a'
#define VIR_LXC_EXEC_CHILD_FAILED 'f'

/**
 * Byte that the session sends over the handshake when it knows the program's
 * process, which is not executed before.
 */
#define VIR_LXC_EXEC_CHILD_GO 'g'

/**
 * virLXCExecChild: what the child of a session needs.
 *
 * @server: the container
 * @join: how to join it
 * @request: what to run
 * @control: socket over which the child sends the descriptors of the program's
 *     terminal, or of its standard input, output and error, in this order; then
 *     the process ID of the program, a pid_t
 * @handshake: socket over which it reports failure
 */
typedef struct {
    const virLXCExecServer *server;
    const virLXCExecJoin *join;
    const virLXCExecRequest *request;
    int control;
    int handshake;
} virLXCExecChild;

/**
 * virLXCExecChildRun:
 * @child: what to do
 *
 * Joins the container in the calling process, and creates the process that
 * executes the program.
 */
void virLXCExecChildRun(const virLXCExecChild *child);

/**
 * virLXCExecChildDescriptors:
 * @request: a request
 *
 * Returns the number of descriptors that are sent over the control socket.
 */
guint virLXCExecChildDescriptors(const virLXCExecRequest *request);
