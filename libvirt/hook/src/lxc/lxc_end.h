/*
 * lxc_end.h: when a container has really ended
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "internal.h"
#include "vircgroup.h"

/**
 * virLXCEnd: the processes whose end is that of a container.
 *
 * @init: process ID of init, 0 when there is none
 * @initfd: descriptor that refers to it for good (pidfd_open(2)), or -1
 * @controllerfd: the same of its libvirt_lxc
 */
typedef struct {
    pid_t init;
    int initfd;
    int controllerfd;
} virLXCEnd;

#define VIR_LXC_END_INIT { 0, -1, -1 }

/**
 * virLXCEndFindInit:
 * @controller: process ID of libvirt_lxc
 *
 * Returns the process ID of its container's init, or 0 when there is none.
 */
pid_t virLXCEndFindInit(pid_t controller);

/**
 * virLXCEndOpen:
 * @end: filled on success
 * @init: process ID of init, or 0 when it is not known
 * @controller: process ID of libvirt_lxc
 *
 * Takes hold of a container's processes. One that has ended is left out.
 *
 * Returns 0, or -1 with an error reported, when a process may be there and
 * cannot be got hold of.
 */
int virLXCEndOpen(virLXCEnd *end,
                  pid_t init,
                  pid_t controller);

/**
 * virLXCEndClose:
 * @end: what virLXCEndOpen() has filled
 */
void virLXCEndClose(virLXCEnd *end);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(virLXCEnd, virLXCEndClose)

/**
 * virLXCEndSignal:
 * @end: the container
 * @signum: a signal
 *
 * Sends it to init and to all that descends from it.
 */
void virLXCEndSignal(const virLXCEnd *end,
                     int signum);

/**
 * virLXCEndKill:
 * @end: the container
 * @cgroup: the domain's cgroup, not frozen, or NULL
 *
 * Asks all processes to end, kills init, and waits until it has ended, which it
 * does when every process of its PID namespace has (pid_namespaces(7)),
 * wherever that has gone and whatever it has frozen.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCEndKill(const virLXCEnd *end,
                  virCgroup *cgroup);

/**
 * virLXCEndWaitController:
 * @end: the container
 *
 * Waits a while for libvirt_lxc to have ended, so that nothing of it is in the
 * domain's cgroups any more.
 */
void virLXCEndWaitController(const virLXCEnd *end);

/**
 * virLXCEndIsOver:
 * @pid: a process
 *
 * Returns whether it has ended, reaped or not.
 */
bool virLXCEndIsOver(pid_t pid);

/**
 * virLXCEndRemoveState:
 * @stateDir: the driver's state directory
 * @name: name of a domain that has ended
 *
 * Removes the mount points and the socket that its libvirt_lxc has made there.
 */
void virLXCEndRemoveState(const char *stateDir,
                          const char *name);
