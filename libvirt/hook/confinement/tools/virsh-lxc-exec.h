/*
 * virsh-lxc-exec.h: virsh lxc-enter-namespace as a client of virDomainLxcExec()
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "virsh.h"

/**
 * virshLxcExec:
 * @ctl: virsh
 * @cmd: the command that is being run
 * @domain: a running domain
 * @argv: the program and its arguments, which end with NULL
 * @flags: of virDomainLxcExec()
 *
 * Runs a program in a container, with a terminal if virsh has one.
 *
 * Returns whether the program succeeded. If not, an error is reported only if it
 * is not the program's.
 */
bool virshLxcExec(vshControl *ctl,
                  const vshCmd *cmd,
                  virDomainPtr domain,
                  const char **argv,
                  unsigned int flags);

/**
 * virshLxcExecStatus:
 * @ctl: virsh, after its commands have failed
 *
 * Returns the exit status of virsh: that of the program if the last command was
 * lxc-enter-namespace and its program has failed, or EXIT_FAILURE.
 */
int virshLxcExecStatus(const vshControl *ctl);
