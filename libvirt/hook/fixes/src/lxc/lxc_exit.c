/*
 * lxc_exit.c: how the init of a container has ended
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lxc_exit.h"
#include "virfile.h"
#include "virtime.h"


virLXCExitType
virLXCExitTypeOf(int status)
{
    if (WIFEXITED(status))
        return WEXITSTATUS(status) == 0 ? VIR_LXC_EXIT_SHUTDOWN : VIR_LXC_EXIT_FAILED;

    switch (WTERMSIG(status)) {
    case SIGHUP:
        return VIR_LXC_EXIT_REBOOT;
    case SIGINT:
        return VIR_LXC_EXIT_SHUTDOWN;
    default:
        return VIR_LXC_EXIT_CRASHED;
    }
}


char *
virLXCExitSignalName(int signum)
{
    const char *name = sigabbrev_np(signum);

    if (name)
        return g_strdup_printf("%d (SIG%s)", signum, name);

    if (signum >= SIGRTMIN && signum <= SIGRTMAX)
        return g_strdup_printf("%d (SIGRTMIN+%d)", signum, signum - SIGRTMIN);

    return g_strdup_printf("%d", signum);
}


char *
virLXCExitDescribe(int status)
{
    g_autofree char *name = NULL;

    if (WIFEXITED(status))
        return g_strdup_printf(_("init has exited with status %1$d"),
                               WEXITSTATUS(status));

    switch (virLXCExitTypeOf(status)) {
    case VIR_LXC_EXIT_REBOOT:
        return g_strdup(_("the container has called reboot(2) to restart"));
    case VIR_LXC_EXIT_SHUTDOWN:
        return g_strdup(_("the container has called reboot(2) to power off"));
    case VIR_LXC_EXIT_FAILED:
    case VIR_LXC_EXIT_CRASHED:
        break;
    }

    name = virLXCExitSignalName(WTERMSIG(status));
    return g_strdup_printf(_("init was killed by signal %1$s"), name);
}


void
virLXCExitLog(const char *text)
{
    g_autofree char *now = virTimeStringNow();
    g_autofree char *line = g_strdup_printf("%s: %s\n", NULLSTR(now), text);

    ignore_value(safewrite(STDERR_FILENO, line, strlen(line)));
}
