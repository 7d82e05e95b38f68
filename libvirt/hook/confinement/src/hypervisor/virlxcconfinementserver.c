/*
 * virlxcconfinementserver.c: the exec server of a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <sys/prctl.h>
#include <unistd.h>

#include "virlxcconfinementserver.h"

#include "error.h"
#include "exec_server.h"

#include "domain_conf.h"
#include "vircommand.h"
#include "virerror.h"
#include "virfile.h"
#include "virlog.h"
#include "virlxcconfinementerror.h"
#include "virlxchandshake.h"
#include "virprocess.h"
#include "virutil.h"
#include "viruuid.h"

#define VIR_FROM_THIS VIR_FROM_LXC

VIR_LOG_INIT("hypervisor.virlxcconfinementserver");

typedef struct {
    virDomainDef *def;
    virSecurityManager *securityManager;
} virLXCConfinementServerData;


static int
virLXCConfinementServerSetLabel(void *opaque,
                                GError **error)
{
    virLXCConfinementServerData *data = opaque;

    if (virSecurityManagerSetProcessLabel(data->securityManager, data->def) == 0)
        return 0;

    return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM, "%s",
                          virGetLastErrorMessage());
}


/* The policy differs from that of init in its capabilities only */
static int
virLXCConfinementServerRun(int listener,
                           const char *stateDir,
                           virLXCConfinementServerData *data,
                           const virLXCPrepared *plan,
                           pid_t init)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCPlan) joining = NULL;
    virLXCPrepared policy = { 0 };
    char uuid[VIR_UUID_STRING_BUFLEN];
    virLXCExecServer server = {
        .listener = listener,
        .init = init,
        .policy = &policy,
        .name = data->def->name,
        .uuid = uuid,
        .bundle = stateDir,
        .setLabel = virLXCConfinementServerSetLabel,
        .opaque = data,
    };

    virUUIDFormat(data->def->uuid, uuid);
    joining = virLXCPlanNewJoining(plan->plan, virLXCConfinementInitIsRoot(data->def));
    policy.plan = joining;
    policy.seccomp = plan->seccomp;
    if (virLXCExecServerRun(&server, &error) == 0)
        return 0;

    virLXCConfinementReportError(error);
    return -1;
}


static void
virLXCConfinementServerChild(int listener,
                             int go,
                             const char *stateDir,
                             virLXCConfinementServerData *data,
                             const virLXCPrepared *plan,
                             pid_t init)
{
    int kept[] = { listener, go };
    char byte;

    virLXCHandshakeCloseOthers(STDERR_FILENO + 1, kept, G_N_ELEMENTS(kept));
    ignore_value(prctl(PR_SET_NAME, "lxc_exec_server", 0, 0, 0));

    /* Fails if the controller has ended */
    if (saferead(go, &byte, 1) != 1)
        _exit(EXIT_FAILURE);
    VIR_FORCE_CLOSE(go);

    if (virLXCConfinementServerRun(listener, stateDir, data, plan, init) < 0) {
        VIR_WARN("Programs cannot be run in domain '%s': %s",
                 data->def->name, virGetLastErrorMessage());
        _exit(EXIT_FAILURE);
    }
    _exit(EXIT_SUCCESS);
}


int
virLXCConfinementServerStart(const char *stateDir,
                             virDomainDef *def,
                             const virLXCPrepared *plan,
                             virSecurityManager *securityManager,
                             pid_t init,
                             virLXCConfinementServerInChild inChild)
{
    g_autofree char *path = virLXCExecServerPath(stateDir, def->name);
    virLXCConfinementServerData data = { def, securityManager };
    g_autoptr(GError) error = NULL;
    VIR_AUTOCLOSE listener = virLXCExecServerListen(path, &error);
    int go[2];
    pid_t pid;

    if (listener < 0) {
        virLXCConfinementReportError(error);
        return -1;
    }

    if (virPipe(go) < 0)
        return -1;

    /* Applications take the only child of the controller for init */
    if ((pid = virFork()) == 0) {
        VIR_FORCE_CLOSE(go[1]);
        inChild();
        if (fork() == 0)
            virLXCConfinementServerChild(listener, go[0], stateDir, &data, plan, init);
        _exit(EXIT_SUCCESS);
    }

    VIR_FORCE_CLOSE(go[0]);
    if (pid < 0 || virProcessWait(pid, NULL, false) < 0) {
        VIR_FORCE_CLOSE(go[1]);
        return -1;
    }

    return go[1];
}


int
virLXCConfinementServerOpen(int *go)
{
    if (safewrite(*go, "", 1) != 1) {
        virReportSystemError(errno, "%s", _("cannot start the exec server"));
        return -1;
    }

    VIR_FORCE_CLOSE(*go);
    return 0;
}


void
virLXCConfinementServerRemove(const char *stateDir,
                              const char *name)
{
    g_autofree char *path = virLXCExecServerPath(stateDir, name);

    if (unlink(path) < 0 && errno != ENOENT)
        VIR_WARN("cannot remove '%s': %s", path, g_strerror(errno));
}
