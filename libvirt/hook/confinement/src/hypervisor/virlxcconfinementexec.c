/*
 * virlxcconfinementexec.c: enforce a plan and execute init
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <sys/socket.h>
#include <unistd.h>

#include "virlxcconfinementexec.h"

#include "enforce.h"
#include "seccomp_exec.h"
#include "seccomp_listener.h"

#include "configmake.h"
#include "domain_conf.h"
#include "virerror.h"
#include "virfile.h"
#include "virlxcconfinementerror.h"
#include "virlxcentry.h"
#include "virlxchandshake.h"
#include "viruuid.h"

#define VIR_FROM_THIS VIR_FROM_LXC

/* Timeout for the exec if an agent may have to allow it, in seconds */
#define EXEC_SECONDS 30

/* In its own PID namespace */
#define LXC_INIT_PID 1

G_STATIC_ASSERT(VIR_LXC_SECCOMP_LISTENER_BYTE != VIR_LXC_HANDSHAKE_ERROR);


int
virLXCConfinementEnforce(const virLXCPrepared *plan,
                         uid_t uid,
                         gid_t gid,
                         const gid_t *groups,
                         size_t ngroups,
                         const char *init)
{
    g_autoptr(GError) error = NULL;
    virLXCCredentials credentials = {
        .uid = uid,
        .gid = gid,
        .groups = groups,
        .ngroups = ngroups,
    };

    if (virLXCPreparedEnforce(plan, &credentials, init, &error) < 0) {
        virLXCConfinementReportError(error);
        return -1;
    }

    return 0;
}


int
virLXCConfinementExec(const char *path,
                      char *const *argv,
                      char *const *envp,
                      void *opaque)
{
    const virLXCConfinementExecData *data = opaque;
    g_autoptr(GError) error = NULL;
    g_autofree char *what = g_strdup_printf(_("cannot execute binary %1$s"), path);
    g_autofree char *failure = g_strdup_printf("%c%s: ", VIR_LXC_HANDSHAKE_ERROR, what);

    /* Processes that join a container outlive the program that started them */
    if (getpid() == LXC_INIT_PID &&
        (virLXCEntryEndWithController() < 0 ||
         virLXCEntryCheckController(data->handshake) < 0))
        return -1;

    if (!data->plan->seccomp) {
        execve(path, argv, envp);
        virReportSystemError(errno, "%s", what);
        return -1;
    }

    virLXCSeccompExec(data->plan->seccomp, data->handshake, failure,
                      path, argv, envp, &error);
    virLXCConfinementReportError(error);
    return -1;
}


int
virLXCConfinementConnectAgent(const virLXCPrepared *plan,
                              int *agent)
{
    g_autoptr(GError) error = NULL;
    int fd;

    if (!plan->seccomp || !plan->seccomp->plan->notifies)
        return 0;

    fd = virLXCSeccompListenerConnect(plan->seccomp->plan->ruleset->listenerPath,
                                      &error);
    if (fd < 0) {
        virLXCConfinementReportError(error);
        return -1;
    }

    *agent = fd;
    return 0;
}


static int
virLXCConfinementSendListener(const virLXCPrepared *plan,
                              const virDomainDef *def,
                              pid_t init,
                              pid_t pid,
                              int handshake,
                              int agent)
{
    g_autoptr(GError) error = NULL;
    VIR_AUTOCLOSE listener = virLXCSeccompListenerReceive(handshake, &error);
    char uuid[VIR_UUID_STRING_BUFLEN];
    virLXCSeccompListenerState state = {
        .id = def->name,
        .uuid = uuid,
        .bundle = RUNSTATEDIR "/libvirt/lxc",
        .pid = pid,
        .init = init,
        .metadata = plan->seccomp->plan->ruleset->listenerMetadata,
    };

    virUUIDFormat(def->uuid, uuid);
    if (listener < 0 ||
        virLXCSeccompListenerSend(agent, listener, &state, &error) < 0) {
        virLXCConfinementReportError(error);
        return -1;
    }

    return 0;
}


/* Does not consume data, which is left to virLXCHandshakeWaitClose() */
static int
virLXCConfinementAwaitExec(int handshake)
{
    const struct timeval limit = { .tv_sec = EXEC_SECONDS };
    char byte = 0;

    if (setsockopt(handshake, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) < 0) {
        virReportSystemError(errno, "%s",
                             _("cannot set a timeout for the container's exec"));
        return -1;
    }

    if (recv(handshake, &byte, 1, MSG_PEEK) < 0 && errno == EAGAIN) {
        virReportError(VIR_ERR_OPERATION_TIMEOUT,
                       _("no program was executed within %1$d seconds: the seccomp agent does not respond"),
                       EXEC_SECONDS);
        return -1;
    }

    return 0;
}


int
virLXCConfinementPassListener(const virLXCPrepared *plan,
                              const virDomainDef *def,
                              pid_t init,
                              pid_t pid,
                              int handshake,
                              int *agent)
{
    char byte = 0;

    if (*agent < 0)
        return 0;

    /* Any other byte is left to virLXCHandshakeWaitClose() */
    if (recv(handshake, &byte, 1, MSG_PEEK) != 1 ||
        byte != VIR_LXC_SECCOMP_LISTENER_BYTE)
        return 0;

    if (virLXCConfinementSendListener(plan, def, init, pid, handshake, *agent) < 0)
        return -1;

    VIR_FORCE_CLOSE(*agent);
    if (safewrite(handshake, &byte, 1) != 1) {
        virReportSystemError(errno, "%s",
                             _("cannot tell the container that the agent has the listener"));
        return -1;
    }

    return virLXCConfinementAwaitExec(handshake);
}
