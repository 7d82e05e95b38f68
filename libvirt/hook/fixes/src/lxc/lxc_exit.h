/*
 * lxc_exit.h: how the init of a container has ended
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "internal.h"

/**
 * virLXCExitType: the meaning of init's wait status for the domain
 *
 * A signal whose action is the default one can be sent to the init of a PID
 * namespace only if it is SIGKILL, or if the kernel generates it for a fault
 * (pid_namespaces(7)). SIGHUP and SIGINT are therefore unambiguous: they are how
 * the kernel reports that init's PID namespace has called reboot(2).
 */
typedef enum {
    VIR_LXC_EXIT_SHUTDOWN, /* exit status 0, or reboot(2) to power off */
    VIR_LXC_EXIT_REBOOT,   /* reboot(2) to restart */
    VIR_LXC_EXIT_FAILED,   /* another exit status */
    VIR_LXC_EXIT_CRASHED,  /* killed by a signal */
} virLXCExitType;

/**
 * virLXCExitTypeOf:
 * @status: wait status of init, as returned by wait(2)
 *
 * Returns what this status means for the domain.
 */
virLXCExitType virLXCExitTypeOf(int status);

/**
 * virLXCExitSignalName:
 * @signum: number of a signal
 *
 * Returns the signal as text, "9 (SIGKILL)" for example. The caller has to free
 * it.
 */
char *virLXCExitSignalName(int signum);

/**
 * virLXCExitDescribe:
 * @status: wait status of init, as returned by wait(2)
 *
 * Returns a sentence without a period that says how init has ended. The caller
 * has to free it.
 */
char *virLXCExitDescribe(int status);

/**
 * virLXCExitLog:
 * @text: one line without a newline
 *
 * Writes @text with a time stamp to stderr, which is the log of the domain in
 * libvirt_lxc. Errors are ignored.
 */
void virLXCExitLog(const char *text);
