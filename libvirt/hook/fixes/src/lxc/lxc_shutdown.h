/*
 * lxc_shutdown.h: ask the init of a container to shut down or to reboot
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "lxc_domain.h"

typedef enum {
    VIR_LXC_SHUTDOWN_POWEROFF,
    VIR_LXC_SHUTDOWN_REBOOT,
} virLXCShutdownAction;

/**
 * virLXCShutdownRequest:
 * @vm: a running domain, locked, with a job
 * @action: what is requested
 * @initctl: whether the request may be written to an initctl FIFO
 * @signal: whether a signal may be sent
 *
 * Passes the request to init, by the first permitted way in which something
 * receives it. A FIFO counts only if a process has it open for reading, and a
 * signal only if init catches it, blocks it in order to wait for it, or is
 * waiting for signals: the kernel drops any other signal to the init of a PID
 * namespace (pid_namespaces(7)). The lock is released meanwhile. After a request to power
 * off, the domain is not restarted according to <on_crash>.
 *
 * Names in the container are resolved inside its root, and nothing but a FIFO is
 * opened: the container could have a link, or a device node of the host's disk
 * there. It may also have a file system that never responds; the request then
 * fails after a few seconds.
 *
 * Returns 0, or -1 with an error reported if nothing has received the request.
 */
int virLXCShutdownRequest(virDomainObj *vm,
                          virLXCShutdownAction action,
                          bool initctl,
                          bool signal);
