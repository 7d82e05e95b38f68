/*
 * lxc_teardown.h: kill all processes of a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A container can move its processes out of the domain's cgroups, so killing
 * the processes in these cgroups is not enough. But when init exits, the kernel
 * kills all other processes in its PID namespace, and init can be reaped only
 * after the last of them (pid_namespaces(7)).
 */

#pragma once

#include "internal.h"
#include "vircgroup.h"
#include "virconftypes.h"

/**
 * virLXCTeardown: the processes of a container to wait for.
 *
 * @init: process ID of init, or 0 if it does not exist
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
 * @init: process ID of init, or 0 if it is unknown
 * @controller: process ID of libvirt_lxc
 *
 * Opens init and libvirt_lxc of a container, so that they can be signalled and
 * waited for even if their process IDs are reused. Processes that have exited
 * are skipped.
 *
 * Returns 0, or -1 with an error reported if a process may exist but cannot be
 * opened.
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
 * Sends the signal to init and all its descendants.
 */
void virLXCTeardownSignal(const virLXCTeardown *teardown,
                          int signum);

/**
 * virLXCTeardownInterrupt:
 * @controller: process ID of a libvirt_lxc that is starting a container
 * @name: name of the domain
 *
 * Kills libvirt_lxc and the processes of the container. Does nothing if the
 * process ID is no longer that of libvirt_lxc.
 */
void virLXCTeardownInterrupt(pid_t controller,
                             const char *name);

/**
 * virLXCTeardownKill:
 * @teardown: the container
 * @cgroup: the domain's cgroup, which must not be frozen, or NULL
 *
 * Sends SIGTERM to all processes, then SIGKILL to init if necessary, and waits
 * for init to exit. Afterwards, all processes of the container have exited,
 * even those that were moved to other cgroups or frozen.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCTeardownKill(const virLXCTeardown *teardown,
                       virCgroup *cgroup);

/**
 * virLXCTeardownWaitController:
 * @teardown: the container
 *
 * Waits for libvirt_lxc to exit and thus leave the domain's cgroups, for at
 * most a few seconds.
 */
void virLXCTeardownWaitController(const virLXCTeardown *teardown);

/**
 * virLXCTeardownKillController:
 * @teardown: the container
 *
 * Kills libvirt_lxc and waits for it to exit, so that it cannot create further
 * processes, cgroups or files.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCTeardownKillController(const virLXCTeardown *teardown);

/**
 * virLXCTeardownIsController:
 * @pid: a process ID
 * @name: name of a domain
 *
 * Returns whether the process is the libvirt_lxc of that domain. After a crash
 * of the daemon, the process ID of a libvirt_lxc that has exited may have been
 * reused.
 */
bool virLXCTeardownIsController(pid_t pid,
                                const char *name);

/**
 * virLXCTeardownFindCgroup:
 * @def: definition of a domain whose libvirt_lxc has exited; its ID is the
 *     process ID of libvirt_lxc
 *
 * Finds the domain's cgroup by its name instead of by its processes. Where
 * parts of it are missing, they are created, because the caller will remove it.
 *
 * Returns the cgroup, which the caller frees, or NULL without an error reported
 * if the domain cannot have one.
 */
virCgroup *virLXCTeardownFindCgroup(virDomainDef *def);

/**
 * virLXCTeardownIsInCgroup:
 * @pid: a process ID
 * @def: definition of a domain; its ID is the process ID of libvirt_lxc
 *
 * Returns whether the process is in a cgroup of the domain.
 */
bool virLXCTeardownIsInCgroup(pid_t pid,
                              virDomainDef *def);

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
 * @name: name of a domain that has stopped
 *
 * Removes the mount points and the socket that libvirt_lxc created there.
 */
void virLXCTeardownRemoveState(const char *stateDir,
                               const char *name);
