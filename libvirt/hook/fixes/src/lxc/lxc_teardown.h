/*
 * lxc_teardown.h: ending all processes of a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A container can move its processes out of the domain's cgroups, so killing
 * what is in these is not enough. Its init, however, exits last: the kernel
 * kills all processes of init's PID namespace with it, and reaps init only after
 * the last of them (pid_namespaces(7)).
 */

#pragma once

#include "internal.h"
#include "vircgroup.h"

/**
 * virLXCTeardown: the processes whose exit ends a container.
 *
 * @init: process ID of init, 0 when there is none
 * @initfd: pidfd of init (pidfd_open(2)), or -1
 * @controllerfd: pidfd of libvirt_lxc, or -1
 */
typedef struct {
    pid_t init;
    int initfd;
    int controllerfd;
} virLXCTeardown;

#define VIR_LXC_TEARDOWN_INIT { 0, -1, -1 }

/**
 * virLXCTeardownOpen:
 * @teardown: filled on success
 * @init: process ID of init, or 0 when it is not known
 * @controller: process ID of libvirt_lxc
 *
 * Opens a container's processes, so that their IDs cannot be reused. A process
 * that has exited is left out.
 *
 * Returns 0, or -1 with an error reported when a process may exist and cannot
 * be opened.
 */
int virLXCTeardownOpen(virLXCTeardown *teardown,
                       pid_t init,
                       pid_t controller);

/**
 * virLXCTeardownClose:
 * @teardown: filled by virLXCTeardownOpen()
 */
void virLXCTeardownClose(virLXCTeardown *teardown);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(virLXCTeardown, virLXCTeardownClose)

/**
 * virLXCTeardownSignal:
 * @teardown: the container
 * @signum: a signal
 *
 * Sends the signal to init and all of its descendants.
 */
void virLXCTeardownSignal(const virLXCTeardown *teardown,
                          int signum);

/**
 * virLXCTeardownKill:
 * @teardown: the container
 * @cgroup: the domain's cgroup, not frozen, or NULL
 *
 * Sends SIGTERM to all processes, then SIGKILL to init, and waits for init to
 * exit. No process of the container is left then, wherever it was moved and
 * even if it was frozen.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCTeardownKill(const virLXCTeardown *teardown,
                       virCgroup *cgroup);

/**
 * virLXCTeardownWaitController:
 * @teardown: the container
 *
 * Waits for libvirt_lxc to exit, so that it has left the domain's cgroups, but
 * not longer than a few seconds.
 */
void virLXCTeardownWaitController(const virLXCTeardown *teardown);

/**
 * virLXCTeardownHasExited:
 * @pid: a process ID
 *
 * Returns whether the process has exited, even if it is a zombie.
 */
bool virLXCTeardownHasExited(pid_t pid);

/**
 * virLXCTeardownRemoveState:
 * @stateDir: the driver's state directory
 * @name: name of a domain that has ended
 *
 * Removes the mount points and the socket that its libvirt_lxc created there.
 */
void virLXCTeardownRemoveState(const char *stateDir,
                               const char *name);
