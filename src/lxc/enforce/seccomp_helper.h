/*
 * seccomp_helper.h: a thread that stays outside of the filter
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * seccomp(2) without SECCOMP_FILTER_FLAG_TSYNC confines the calling thread
 * only, so a second one can still make the calls that the first must not make.
 * The C library does not know the second thread: the two share everything,
 * including errno, and never work at the same time. The other one spins or
 * sleeps.
 *
 * It ends with execve(2) or with the process.
 */

#pragma once

#include <stdatomic.h>

#include "error.h"

/**
 * virLXCSeccompStage: the progress of the first thread.
 *
 * @VIR_LXC_SECCOMP_LOADING: it loads the filter
 * @VIR_LXC_SECCOMP_NOT_LOADED: it could not; the helper ends
 * @VIR_LXC_SECCOMP_LOADED: it waits for the helper to hand the listener over
 * @VIR_LXC_SECCOMP_EXECUTING: it executes init
 * @VIR_LXC_SECCOMP_NOT_EXECUTED: it could not; the helper tells the controller
 *     and ends the process
 */
typedef enum {
    VIR_LXC_SECCOMP_LOADING,
    VIR_LXC_SECCOMP_NOT_LOADED,
    VIR_LXC_SECCOMP_LOADED,
    VIR_LXC_SECCOMP_EXECUTING,
    VIR_LXC_SECCOMP_NOT_EXECUTED,
} virLXCSeccompStage;

/**
 * virLXCSeccompHelper: what the two threads share.
 *
 * @stage: a virLXCSeccompStage
 * @first: cleared by the kernel when the first thread has ended
 * @second: cleared by the kernel when the helper has ended
 * @handshake: socket to the controller
 * @failure: bytes to send before the text of @errnum
 * @listener: what is to be handed over, or -1
 * @errnum: why init could not be executed
 * @stack: the helper's
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
 * @helper: filled in; stays in use until virLXCSeccompHelperStop()
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
 * @helper: a helper, when the filter could not be loaded
 *
 * Returns when the process is single-threaded again.
 */
void virLXCSeccompHelperStop(virLXCSeccompHelper *helper);

/**
 * virLXCSeccompHelperHandOver:
 * @helper: the helper
 * @listener: the listener, or -1 when nothing is notified
 *
 * Makes no system call. Returns when the controller has told that the agent has
 * the listener; if it does not, the process ends.
 */
void virLXCSeccompHelperHandOver(virLXCSeccompHelper *helper, int listener);

/**
 * virLXCSeccompHelperReport:
 * @helper: the helper
 * @errnum: why init could not be executed, an errno value
 *
 * Makes no system call, and does not return: the controller is told, and the
 * process ends. It is not declared so, because sanitizers have calls made
 * before functions that do not return.
 */
void virLXCSeccompHelperReport(virLXCSeccompHelper *helper, int errnum);
