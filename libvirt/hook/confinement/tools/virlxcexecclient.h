/*
 * virlxcexecclient.h: run a program in a container by virDomainLxcExec()
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Common code of virt-lxc-exec, virsh lxc-enter-namespace and virt-login-shell:
 * connects the standard streams, the terminal and the signals of this process
 * with a program in a container. Nothing of this process itself enters the
 * container.
 */

#pragma once

#include "internal.h"

#include <libvirt/libvirt-lxc.h>

/* Exit statuses that shells use, too */
#define VIR_LXC_EXEC_STATUS_FAILED 125      /* the program could not be run */
#define VIR_LXC_EXEC_STATUS_NOT_EXECUTABLE 126
#define VIR_LXC_EXEC_STATUS_NOT_FOUND 127
#define VIR_LXC_EXEC_STATUS_SIGNAL 128      /* plus the signal's number */

typedef struct {
    const char **argv;          /* not owned */
    unsigned int nargv;
    unsigned int flags;         /* of virDomainLxcExec() */
    virTypedParameterPtr params;
    int nparams;
    int maxparams;
} virLXCExecProgram;

/**
 * virLXCExecProgramClear:
 * @program: the program, whose parameters are freed
 */
void virLXCExecProgramClear(virLXCExecProgram *program);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(virLXCExecProgram, virLXCExecProgramClear);

/**
 * virLXCExecProgramAdd:
 * @program: the program
 * @name: name of a parameter of virDomainLxcExec() that has a string as value
 * @value: its value, which is copied, or NULL to add nothing
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCExecProgramAdd(virLXCExecProgram *program,
                         const char *name,
                         const char *value);

/**
 * virLXCExecProgramAddEnv:
 * @program: the program
 * @name: name of an environment variable
 * @value: its value, or NULL to add nothing
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCExecProgramAddEnv(virLXCExecProgram *program,
                            const char *name,
                            const char *value);

/**
 * virLXCExecClientRun:
 * @domain: a running domain
 * @program: what to run; parameters for the size of the window are added
 * @status: filled with an exit status as a shell reports it
 *
 * Executes @program and waits for it to end, unless it is detached. Meanwhile,
 * copies standard input, output and error; passes signals and changes of the
 * window's size on; and keeps the terminal in raw mode if the program has one.
 *
 * If the reader of the output is slow, nothing is received from the daemon, so
 * that memory use is bounded. Requires that either no event loop is registered
 * or that the registered one runs in another thread.
 *
 * Returns 0 with @status set to the program's exit status, to 128 + n if it was
 * killed by signal n, or to 128 + SIGPIPE if its output could not be written
 * because there are no readers. Returns -1 with an error reported and @status set
 * to VIR_LXC_EXEC_STATUS_NOT_FOUND if there is no such program, to
 * VIR_LXC_EXEC_STATUS_NOT_EXECUTABLE if execve() failed for another reason, and
 * to VIR_LXC_EXEC_STATUS_FAILED for all other errors.
 */
int virLXCExecClientRun(virDomainPtr domain,
                        virLXCExecProgram *program,
                        int *status);
