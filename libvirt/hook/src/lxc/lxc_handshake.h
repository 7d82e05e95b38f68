/*
 * lxc_handshake.h: when a container has really started
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "internal.h"

/**
 * virLXCHandshakeKeep:
 * @handshakefd: the container's end of its handshake with the controller,
 *     replaced by one that is closed on exec and above @first
 * @first: number of the first descriptor that init does not get
 *
 * To be called before descriptors are renumbered for init.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCHandshakeKeep(int *handshakefd,
                                 int first);

/**
 * virLXCHandshakeCloseOthers:
 * @handshakefd: the descriptor to keep
 * @first: number of the first descriptor that init does not get
 *
 * Closes everything from @first on but @handshakefd.
 */
void virLXCHandshakeCloseOthers(int handshakefd,
                                int first);

/**
 * virLXCHandshakeSendError:
 * @fd: a handshake descriptor, or -1
 *
 * Tells who waits at the other end the last error, why startup has failed.
 */
void virLXCHandshakeSendError(int fd);

/**
 * virLXCHandshakeWaitExec:
 * @fd: the controller's end of the handshake with the container
 * @init: process ID of init
 *
 * Waits until @init has executed its program.
 *
 * Returns 0, or -1 with the error reported that the container has sent.
 */
int virLXCHandshakeWaitExec(int fd,
                            pid_t init);

/**
 * virLXCHandshakeWaitContinue:
 * @fd: the daemon's end of the handshake with the controller
 *
 * Waits for the controller to have reached the next step.
 *
 * Returns 0; -1 with the error reported that the controller has sent; or -2
 * when it has gone without a word.
 */
int virLXCHandshakeWaitContinue(int fd);
