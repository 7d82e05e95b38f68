/*
 * seccomp_helper.h: a thread that is not under the filter
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Without SECCOMP_FILTER_FLAG_TSYNC, seccomp(2) confines only the calling
 * thread. A second thread can therefore make the system calls that the first
 * thread must not make. The C library does not know about this thread: the two
 * threads share everything, including errno, and never run at the same time.
 * One of them always spins or sleeps.
 *
 * The helper is terminated by execve(2), or with the process.
 */

#pragma once

#include <stdatomic.h>

#include "error.h"

/**
 * virLXCSeccompStage: progress of the first thread.
 *
 * @VIR_LXC_SECCOMP_LOADING: is loading the filter
 * @VIR_LXC_SECCOMP_NOT_LOADED: could not load the filter; the helper exits
 * @VIR_LXC_SECCOMP_LOADED: waits for the helper to pass the listener to the
 *     controller
 * @VIR_LXC_SECCOMP_EXECUTING: is executing init
 * @VIR_LXC_SECCOMP_NOT_EXECUTED: could not execute init; the helper sends the
 *     error to the controller and terminates the process
 */
typedef enum {
    VIR_LXC_SECCOMP_LOADING,
    VIR_LXC_SECCOMP_NOT_LOADED,
    VIR_LXC_SECCOMP_LOADED,
    VIR_LXC_SECCOMP_EXECUTING,
    VIR_LXC_SECCOMP_NOT_EXECUTED,
} virLXCSeccompStage;

/**
 * virLXCSeccompHelper: state shared by the two threads.
 *
 * @stage: a virLXCSeccompStage
 * @first: cleared by the kernel when the first thread exits
 * @second: cleared by the kernel when the helper exits
 * @handshake: socket to the controller
 * @failure: bytes to send before the text of @errnum, which is followed by a
 *     NUL byte and by @errnum as an int
 * @listener: descriptor to be sent to the controller, or -1
 * @errnum: why init could not be executed
 * @stack: stack of the helper
 */
typedef struct {
    atomic_int stage;
    atomic_int first;
    atomic_int second;
    int handshake;
    const char *failure;
    int listener;
    int errnum;
    void *stack;
} virLXCSeccompHelper;

/**
 * virLXCSeccompHelperStart:
 * @helper: filled by this function; must stay valid until
 *     virLXCSeccompHelperStop() or the end of the process
 * @handshake: socket to the controller
 * @failure: as for virLXCSeccompExec()
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Returns 0 or -1.
 */
int virLXCSeccompHelperStart(virLXCSeccompHelper *helper, int handshake,
                             const char *failure, GError **error);

/**
 * virLXCSeccompHelperStop:
 * @helper: the helper
 *
 * Stops the helper after loading the filter has failed. Returns when the
 * process is single-threaded again.
 */
void virLXCSeccompHelperStop(virLXCSeccompHelper *helper);

/**
 * virLXCSeccompHelperHandOver:
 * @helper: the helper
 * @listener: the listener, or -1 if the filter does not notify any calls
 *
 * Sends the listener to the controller, without any system call in the calling
 * thread. Returns when the controller has confirmed that the agent has the
 * listener. Otherwise, the process exits.
 */
void virLXCSeccompHelperHandOver(virLXCSeccompHelper *helper, int listener);

/**
 * virLXCSeccompHelperReport:
 * @helper: the helper
 * @errnum: errno value of execve(2)
 *
 * Sends the error to the controller, without any system call in the calling
 * thread, and terminates the process. Does not return, but is not declared
 * noreturn: sanitizers insert function calls before calling such functions.
 */
void virLXCSeccompHelperReport(virLXCSeccompHelper *helper, int errnum);
