/*
 * virlxcexecclient.c: run a program in a container by virDomainLxcExec()
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "virlxcexecclient.h"

#include "virlxcexecsession.h"
#include "virlxcexecterminal.h"

#include "virerror.h"

#define VIR_FROM_THIS VIR_FROM_LXC


void
virLXCExecProgramClear(virLXCExecProgram *program)
{
    virTypedParamsFree(program->params, program->nparams);
    program->params = NULL;
    program->nparams = 0;
    program->maxparams = 0;
}


int
virLXCExecProgramAdd(virLXCExecProgram *program,
                     const char *name,
                     const char *value)
{
    if (!value)
        return 0;

    return virTypedParamsAddString(&program->params, &program->nparams,
                                   &program->maxparams, name, value);
}


int
virLXCExecProgramAddEnv(virLXCExecProgram *program,
                        const char *name,
                        const char *value)
{
    g_autofree char *variable = value ? g_strdup_printf("%s=%s", name, value) : NULL;

    return virLXCExecProgramAdd(program, VIR_DOMAIN_LXC_EXEC_ENV, variable);
}


static int
lxcExecProgramAddSize(virLXCExecProgram *program)
{
    unsigned int rows;
    unsigned int columns;

    if (virLXCExecTerminalGetSize(&rows, &columns) < 0)
        return 0;

    if (virTypedParamsAddUInt(&program->params, &program->nparams, &program->maxparams,
                              VIR_DOMAIN_LXC_EXEC_ROWS, rows) < 0 ||
        virTypedParamsAddUInt(&program->params, &program->nparams, &program->maxparams,
                              VIR_DOMAIN_LXC_EXEC_COLUMNS, columns) < 0)
        return -1;

    return 0;
}


/* Only errors of execve() have this code and a number. Those of the connection,
 * which is local code, have it, too. */
static int
lxcExecErrorStatus(void)
{
    virErrorPtr error = virGetLastError();

    if (!error || error->code != VIR_ERR_SYSTEM_ERROR || error->int1 <= 0 ||
        error->domain == VIR_FROM_RPC)
        return VIR_LXC_EXEC_STATUS_FAILED;

    return error->int1 == ENOENT ? VIR_LXC_EXEC_STATUS_NOT_FOUND
                                 : VIR_LXC_EXEC_STATUS_NOT_EXECUTABLE;
}


static int
lxcExecStart(virDomainPtr domain,
             virStreamPtr stream,
             const virLXCExecProgram *program,
             int *status)
{
    if (virDomainLxcExec(domain, stream, program->argv, program->nargv,
                         program->params, program->nparams, program->flags) < 0) {
        *status = lxcExecErrorStatus();
        return -1;
    }

    return 0;
}


int
virLXCExecClientRun(virDomainPtr domain,
                    virLXCExecProgram *program,
                    int *status)
{
    virConnectPtr conn = virDomainGetConnect(domain);
    bool tty = program->flags & VIR_DOMAIN_LXC_EXEC_TTY;
    virStreamPtr stream;
    virErrorPtr error;
    int rc;

    *status = VIR_LXC_EXEC_STATUS_FAILED;
    if (program->flags & VIR_DOMAIN_LXC_EXEC_DETACH) {
        if (lxcExecStart(domain, NULL, program, status) < 0)
            return -1;
        *status = 0;
        return 0;
    }

    if (tty && lxcExecProgramAddSize(program) < 0)
        return -1;
    if (!(stream = virStreamNew(conn, 0)))
        return -1;

    if ((rc = lxcExecStart(domain, stream, program, status)) == 0)
        rc = virLXCExecSessionRun(conn, stream, tty, status);

    virErrorPreserveLast(&error);
    virStreamFree(stream);
    virErrorRestore(&error);
    return rc;
}
