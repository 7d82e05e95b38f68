/*
 * virlxchandshake.h: the handshakes of a container's start
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The container and libvirt_lxc, and libvirt_lxc and the daemon, are connected
 * by sockets or pipes until init is executed. One byte reports that a step is
 * done. Another one reports a failure and is followed by the text of the error.
 * A process that executes a program reports success by nothing but execve(2),
 * which closes its end.
 */

#pragma once

#include "internal.h"
#include "virerror.h"

/* What lxcContainerSendContinue() sends */
#define VIR_LXC_HANDSHAKE_CONTINUE 'c'
/* What the text of an error follows */
#define VIR_LXC_HANDSHAKE_ERROR 'e'

/**
 * virLXCHandshakeKeep:
 * @handshakefd: the process's end of its handshake, replaced by a descriptor
 *     that is not lower than @first and is closed on exec
 * @first: number of the first descriptor that the program does not inherit
 *
 * To be called before descriptors are renumbered for the program.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCHandshakeKeep(int *handshakefd,
                        int first);

/**
 * virLXCHandshakeCloseOthers:
 * @first: number of the first descriptor that the program does not inherit
 * @kept: descriptors to keep, or -1; sorted by this function
 * @nkept: number of elements in @kept
 *
 * Closes all descriptors from @first on, except those in @kept.
 */
void virLXCHandshakeCloseOthers(int first,
                                int *kept,
                                size_t nkept);

/**
 * virLXCHandshakeSendError:
 * @fd: an end of a handshake, or -1
 *
 * Sends the text of the last error to the other end.
 */
void virLXCHandshakeSendError(int fd);

/**
 * virLXCHandshakeWaitClose:
 * @fd: the other end of a process that is about to execute a program
 * @code: code with which to report an error that the process sends
 *
 * Waits until that process has closed its end.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCHandshakeWaitClose(int fd,
                             virErrorNumber code);

/**
 * virLXCHandshakeWaitExec:
 * @fd: libvirt_lxc's end of its handshake with the container
 * @init: process ID of init
 *
 * Waits until @init has executed its program.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCHandshakeWaitExec(int fd,
                            pid_t init);

/**
 * virLXCHandshakeWaitContinue:
 * @fd: the daemon's end of its handshake with libvirt_lxc
 *
 * Waits until libvirt_lxc has completed its next step.
 *
 * Returns 0; -1 with the error reported that libvirt_lxc has sent; or -2 with
 * no error reported when it has exited without sending one.
 */
int virLXCHandshakeWaitContinue(int fd);
