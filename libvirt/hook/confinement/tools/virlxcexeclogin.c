/*
 * virlxcexeclogin.c: virt-login-shell as a client of virDomainLxcExec()
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "virlxcexeclogin.h"

#include "virlxcexecclient.h"
#include "virlxcexecterminal.h"


/* Numbers, because the container need not know the user or the groups. The first
 * group is the program's, the others are supplementary. */
static int
lxcExecLoginAddIDs(virLXCExecProgram *program,
                   const virLXCExecLoginUser *user)
{
    g_autofree char *uid = g_strdup_printf("%u", (unsigned int)user->uid);
    g_autofree char *gid = g_strdup_printf("%u", (unsigned int)user->gid);
    int i;

    if (virLXCExecProgramAdd(program, VIR_DOMAIN_LXC_EXEC_USER, uid) < 0 ||
        virLXCExecProgramAdd(program, VIR_DOMAIN_LXC_EXEC_GROUP, gid) < 0)
        return -1;

    for (i = 0; i < user->ngroups; i++) {
        g_autofree char *group = g_strdup_printf("%u", (unsigned int)user->groups[i]);

        if (virLXCExecProgramAdd(program, VIR_DOMAIN_LXC_EXEC_GROUP, group) < 0)
            return -1;
    }

    return 0;
}


static int
lxcExecLoginAddEnvironment(virLXCExecProgram *program,
                           const char *shell,
                           const virLXCExecLoginUser *user)
{
    if (virLXCExecProgramAddEnv(program, "PATH", "/bin:/usr/bin") < 0 ||
        virLXCExecProgramAddEnv(program, "SHELL", shell) < 0 ||
        virLXCExecProgramAddEnv(program, "USER", user->name) < 0 ||
        virLXCExecProgramAddEnv(program, "LOGNAME", user->name) < 0 ||
        virLXCExecProgramAddEnv(program, "HOME", user->home) < 0 ||
        virLXCExecProgramAddEnv(program, "TERM", user->term) < 0)
        return -1;

    return 0;
}


int
virLXCExecLogin(virDomainPtr domain,
                const char *shell,
                const char **argv,
                const virLXCExecLoginUser *user,
                int *status)
{
    g_auto(virLXCExecProgram) program = {
        .argv = argv, .nargv = g_strv_length((char **)argv),
    };
    const char *arg0 = argv[0];
    int rc = -1;

    if (virLXCExecTerminalIsInteractive())
        program.flags |= VIR_DOMAIN_LXC_EXEC_TTY;

    argv[0] = shell;
    if (virLXCExecProgramAdd(&program, VIR_DOMAIN_LXC_EXEC_ARG0, arg0) == 0 &&
        virLXCExecProgramAdd(&program, VIR_DOMAIN_LXC_EXEC_CWD, user->home) == 0 &&
        lxcExecLoginAddIDs(&program, user) == 0 &&
        lxcExecLoginAddEnvironment(&program, shell, user) == 0)
        rc = virLXCExecClientRun(domain, &program, status);
    argv[0] = arg0;

    return rc;
}
