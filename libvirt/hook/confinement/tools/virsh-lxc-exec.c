/*
 * virsh-lxc-exec.c: virsh lxc-enter-namespace as a client of virDomainLxcExec()
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "virsh-lxc-exec.h"

#include "virlxcexecclient.h"
#include "virlxcexecterminal.h"

static const vshCmd *virshLxcExecCommand;
static int virshLxcExecLastStatus;


bool
virshLxcExec(vshControl *ctl G_GNUC_UNUSED,
             const vshCmd *cmd,
             virDomainPtr domain,
             const char **argv,
             unsigned int flags)
{
    g_auto(virLXCExecProgram) program = {
        .argv = argv, .nargv = g_strv_length((char **)argv), .flags = flags,
    };
    int status;

    if (virLXCExecTerminalIsInteractive()) {
        program.flags |= VIR_DOMAIN_LXC_EXEC_TTY;
        if (virLXCExecProgramAddEnv(&program, "TERM", getenv("TERM")) < 0)
            return false;
    }

    if (virLXCExecClientRun(domain, &program, &status) < 0) {
        vshSaveLibvirtError();
        if (status == VIR_LXC_EXEC_STATUS_FAILED)
            status = EXIT_FAILURE;
    } else {
        /* such as that of a write after the program had ended */
        vshResetLibvirtError();
    }

    virshLxcExecCommand = cmd;
    virshLxcExecLastStatus = status;
    return status == 0;
}


int
virshLxcExecStatus(const vshControl *ctl)
{
    const vshCmd *last = ctl->cmd;

    while (last && last->next)
        last = last->next;

    if (last && last == virshLxcExecCommand && virshLxcExecLastStatus != 0)
        return virshLxcExecLastStatus;

    return EXIT_FAILURE;
}
