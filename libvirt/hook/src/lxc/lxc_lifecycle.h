/*
 * lxc_lifecycle.h: when a container has really started and really ended
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "internal.h"

/**
 * virLXCLifecycleKeepHandshake:
 * @handshakefd: the container's end of its handshake with the controller,
 *     replaced by one that is closed on exec and above @first
 * @first: number of the first descriptor that init does not get
 *
 * To be called before descriptors are renumbered for init.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCLifecycleKeepHandshake(int *handshakefd,
                                 int first);

/**
 * virLXCLifecycleCloseOthers:
 * @handshakefd: the descriptor to keep
 * @first: number of the first descriptor that init does not get
 *
 * Closes everything from @first on but @handshakefd.
 */
void virLXCLifecycleCloseOthers(int handshakefd,
                                int first);

/**
 * virLXCLifecycleSendError:
 * @fd: a handshake descriptor, or -1
 *
 * Tells who waits at the other end the last error, why startup has failed.
 */
void virLXCLifecycleSendError(int fd);

/**
 * virLXCLifecycleWaitExec:
 * @fd: the controller's end of the handshake with the container
 * @init: process ID of init
 *
 * Waits until @init has executed its program.
 *
 * Returns 0, or -1 with the error reported that the container has sent.
 */
int virLXCLifecycleWaitExec(int fd,
                            pid_t init);

/**
 * virLXCLifecycleWaitContinue:
 * @fd: the daemon's end of the handshake with the controller
 *
 * Waits for the controller to have reached the next step.
 *
 * Returns 0; -1 with the error reported that the controller has sent; or -2
 * when it has gone without a word.
 */
int virLXCLifecycleWaitContinue(int fd);

/**
 * virLXCLifecycleHasEnded:
 * @pid: a process
 *
 * Returns whether it has ended, reaped or not.
 */
bool virLXCLifecycleHasEnded(pid_t pid);

/**
 * virLXCLifecycleOpenInit:
 * @init: process ID of init, or 0 when it is not known
 * @controller: process ID of its libvirt_lxc
 *
 * Returns a descriptor that refers to init for good (pidfd_open(2)), or -1 when
 * there is no such process.
 */
int virLXCLifecycleOpenInit(pid_t init,
                            pid_t controller);

/**
 * virLXCLifecycleKillInit:
 * @initfd: what virLXCLifecycleOpenInit() returned
 *
 * Kills init and waits until it has ended, which it does when every process of
 * its PID namespace has (pid_namespaces(7)), wherever that has gone.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCLifecycleKillInit(int initfd);

/**
 * virLXCLifecycleRemoveState:
 * @stateDir: the driver's state directory
 * @name: name of a domain that has ended
 *
 * Removes the mount points and the socket that its libvirt_lxc has made there.
 */
void virLXCLifecycleRemoveState(const char *stateDir,
                                const char *name);
