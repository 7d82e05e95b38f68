/*
 * virlxcconfinementjoin.c: run programs in a running container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "virlxcconfinementjoin.h"

#include "cgroup_join.h"
#include "prepare.h"

#include "domain_conf.h"
#include "vircommand.h"
#include "virerror.h"
#include "virfile.h"
#include "virlxcconfinementerror.h"
#include "virlxcconfinementexec.h"
#include "virlxchandshake.h"
#include "virlxcproctree.h"
#include "virprocess.h"
#include "viruuid.h"
#include "virxml.h"

#define VIR_FROM_THIS VIR_FROM_LXC

struct _virLXCConfinementJoin {
    virDomainDef *def;
    virLXCPrepared *plan;
    GArray *cgroups;
    pid_t init;
    int agent;
};


/* Parses only the parts of the domain on which the plan depends */
static virDomainDef *
virLXCConfinementJoinParse(xmlXPathContextPtr ctxt)
{
    g_autoptr(virDomainDef) def = g_new0(virDomainDef, 1);
    g_autofree char *uuid = virXPathString("string(./uuid)", ctxt);
    g_autofree char *policy = virXPathString("string(./features/seccomp/effective/@policy)", ctxt);

    def->name = virXPathString("string(./name)", ctxt);
    def->os.inituser = virXPathString("string(./os/inituser)", ctxt);
    if (!def->name || !uuid || virUUIDParse(uuid, def->uuid) < 0 ||
        virLXCConfinementParse(def, ctxt) < 0)
        return NULL;

    if (virXPathInt("string(./@id)", ctxt, &def->id) < 0) {
        virReportError(VIR_ERR_OPERATION_INVALID, "%s", _("domain is not running"));
        return NULL;
    }

    if (virXPathBoolean("boolean(./idmap)", ctxt) == 1) {
        def->idmap.uidmap = g_new0(virDomainIdMapEntry, 1);
        def->idmap.gidmap = g_new0(virDomainIdMapEntry, 1);
    }

    if (policy && def->confinement && def->confinement->seccomp) {
        virLXCSeccompEffective *effective = g_new0(virLXCSeccompEffective, 1);

        effective->policy = g_steal_pointer(&policy);
        def->confinement->seccomp->effective = effective;
    }

    return g_steal_pointer(&def);
}


static int
virLXCConfinementJoinOpenCgroups(virLXCConfinementJoin *join)
{
    g_autoptr(GError) error = NULL;

    if (!(join->init = virLXCProcTreeFindInit(join->def->id))) {
        virReportError(VIR_ERR_OPERATION_FAILED,
                       _("cannot find init of the container with ID %1$d"),
                       join->def->id);
        return -1;
    }

    if (!(join->cgroups = virLXCPayloadJoinOpen(join->init, &error))) {
        virLXCConfinementReportError(error);
        return -1;
    }

    return 0;
}


static int
virLXCConfinementJoinEnterCgroups(const virLXCConfinementJoin *join)
{
    g_autoptr(GError) error = NULL;

    if (virLXCPayloadJoinEnter(join->cgroups, &error) < 0) {
        virLXCConfinementReportError(error);
        return -1;
    }

    return 0;
}


virLXCConfinementJoin *
virLXCConfinementJoinNew(const char *xml)
{
    g_autoptr(virLXCConfinementJoin) join = g_new0(virLXCConfinementJoin, 1);
    g_autoptr(xmlXPathContext) ctxt = NULL;
    g_autoptr(xmlDoc) doc = virXMLParseStringCtxt(xml, _("(domain_definition)"), &ctxt);

    join->agent = -1;
    if (!doc ||
        !(join->def = virLXCConfinementJoinParse(ctxt)) ||
        !(join->plan = virLXCConfinementPlanJoining(join->def)) ||
        virLXCConfinementJoinOpenCgroups(join) < 0 ||
        virLXCConfinementConnectAgent(join->plan, &join->agent) < 0)
        return NULL;

    return g_steal_pointer(&join);
}


void
virLXCConfinementJoinFree(virLXCConfinementJoin *join)
{
    if (!join)
        return;

    VIR_FORCE_CLOSE(join->agent);
    g_clear_pointer(&join->cgroups, g_array_unref);
    virLXCConfinementPlanFree(join->plan);
    virDomainDefFree(join->def);
    g_free(join);
}


/* Between fork and exec, this process is visible to processes of the container.
 * It must not hold resources of the host, such as a connection to the daemon,
 * and root in a user namespace must not be able to trace it. */
static int
virLXCConfinementJoinHide(int ours,
                          int theirs,
                          int agent)
{
    int kept[] = { ours, theirs, agent };

    virLXCHandshakeCloseOthers(STDERR_FILENO + 1, kept, G_N_ELEMENTS(kept));

    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0) {
        virReportSystemError(errno, "%s", _("cannot hide the new process from the container"));
        return -1;
    }

    return 0;
}


int
virLXCConfinementJoinRun(virLXCConfinementJoin *join,
                         const char *path,
                         char **argv,
                         uid_t uid,
                         gid_t gid,
                         const gid_t *groups,
                         size_t ngroups,
                         int *status)
{
    VIR_AUTOCLOSE ours = -1;
    VIR_AUTOCLOSE theirs = -1;
    int pair[2];
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
        virReportSystemError(errno, "%s", _("cannot create a socket pair"));
        return -1;
    }
    ours = pair[0];
    theirs = pair[1];

    if (virLXCConfinementJoinEnterCgroups(join) < 0 ||
        virLXCConfinementJoinHide(ours, theirs, join->agent) < 0 ||
        (pid = virFork()) < 0)
        return -1;

    if (pid == 0) {
        virLXCConfinementExecData data = { join->plan, theirs };

        VIR_FORCE_CLOSE(ours);
        VIR_FORCE_CLOSE(join->agent);
        if (virLXCConfinementEnforce(join->plan, uid, gid, groups, ngroups, path) == 0)
            virLXCConfinementExec(path, argv, environ, &data);
        virLXCHandshakeSendError(theirs);
        _exit(EXIT_CANNOT_INVOKE);
    }

    VIR_FORCE_CLOSE(theirs);
    if (virLXCConfinementPassListener(join->plan, join->def, join->init, pid,
                                      ours, &join->agent) < 0 ||
        virLXCHandshakeWaitClose(ours, VIR_ERR_SYSTEM_ERROR) < 0) {
        virErrorPtr error;

        virErrorPreserveLast(&error);
        VIR_FORCE_CLOSE(ours);
        virProcessAbort(pid);
        virErrorRestore(&error);
        return -1;
    }

    return virProcessWait(pid, status, true);
}
