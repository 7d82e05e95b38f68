/*
 * virlxchandshake.h: handshakes while a container is started
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Until init is executed, the container and libvirt_lxc, and libvirt_lxc and
 * the daemon, are connected by sockets or pipes. One byte reports that a step
 * is done. Another byte reports a failure and is followed by the error: its
 * text, a NUL byte, its int1 and its code, both as int. If the code is missing,
 * it is VIR_ERR_SYSTEM_ERROR, and int1 is an errno value. A process that executes
 * a program does not report success explicitly: execve(2) closes its end.
 */

#pragma once

#include "internal.h"
#include "virerror.h"

/* Sent by lxcContainerSendContinue() */
#define VIR_LXC_HANDSHAKE_CONTINUE 'c'
/* Followed by an error */
#define VIR_LXC_HANDSHAKE_ERROR 'e'

/**
 * virLXCHandshakeKeep:
 * @handshakefd: end of a handshake, which is replaced by a close-on-exec
 *     descriptor that is not lower than @first
 * @first: number of the first descriptor that the program does not inherit
 *
 * Must be called before descriptors are renumbered for the program.
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
 * @fd: end of a handshake, or -1
 *
 * Sends the last error to the other end.
 */
void virLXCHandshakeSendError(int fd);

/**
 * virLXCHandshakeWaitClose:
 * @fd: end of a handshake with a process that is about to execute a program
 *
 * Waits until that process closes its end.
 *
 * Returns 0, or -1 with an error reported, which is the one that the process has
 * sent.
 */
int virLXCHandshakeWaitClose(int fd);

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
 * Returns 0; -1 with an error reported if there is a timeout or libvirt_lxc has
 * sent an error; or -2 without an error reported if libvirt_lxc has exited
 * without sending one.
 */
int virLXCHandshakeWaitContinue(int fd);
