/*
 * exec_pump.h: carry bytes between a client and its program
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/** Time that a program has to end after its client has gone, in seconds. */
#define VIR_LXC_EXEC_HANGUP_SECONDS 5

/**
 * virLXCExecPump: the ends of a program that is running.
 *
 * All descriptors are non-blocking, except @process.
 *
 * @stream: socket to the client, or -1
 * @input: write end of the program's standard input, or its terminal; -1 if it
 *     does not have one
 * @output: read end of its standard output, or its terminal, or -1
 * @errors: read end of its standard error, or -1
 * @terminal: whether @input and @output are descriptors of the same terminal
 * @detached: whether the program continues when @stream is closed
 * @program: process ID of the program, a child of the calling process
 * @process: a pidfd of it
 */
typedef struct {
    int stream;
    int input;
    int output;
    int errors;
    bool terminal;
    bool detached;
    pid_t program;
    int process;
} virLXCExecPump;

/**
 * virLXCExecPumpRun:
 * @pump: the ends, which are closed, except for the stream
 *
 * Carries messages (exec_message.h) until the program has ended and the client
 * has received its output and its exit status, or is gone. When the client goes
 * first, the program is sent SIGHUP and SIGCONT, and is killed if it has not
 * ended after VIR_LXC_EXEC_HANGUP_SECONDS, unless it is detached. A client that
 * sends an invalid message is treated as gone.
 *
 * Processes that the program leaves behind are not waited for, even if they
 * hold its standard output.
 *
 * Returns the wait status of the program (waitpid(2)).
 */
int virLXCExecPumpRun(virLXCExecPump *pump);

/**
 * virLXCExecPumpDrain:
 * @pump: the pump of a program that has ended
 *
 * Discards what the client still sends, until it closes the stream, or for
 * VIR_LXC_EXEC_HANGUP_SECONDS; then closes it.
 */
void virLXCExecPumpDrain(virLXCExecPump *pump);
