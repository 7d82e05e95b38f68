/*
 * virlxcconfinementjoin.c: programs that join a running container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <sys/socket.h>
#include <unistd.h>

#include "virlxcconfinementjoin.h"

#include "plan.h"

#include "domain_conf.h"
#include "virerror.h"
#include "virfile.h"
#include "virlxcconfinementexec.h"
#include "virprocess.h"
#include "viruuid.h"
#include "virxml.h"

#define VIR_FROM_THIS VIR_FROM_LXC

/* No error is longer */
#define ERROR_MAX 2048

struct _virLXCConfinementJoin {
    virDomainDef *def;
    virLXCPlan *plan;
    int agent;
};


/* What a client can know of a domain and a plan depends on. */
static virDomainDef *
virLXCConfinementJoinParse(xmlXPathContextPtr ctxt)
{
    g_autoptr(virDomainDef) def = g_new0(virDomainDef, 1);
    g_autofree char *uuid = virXPathString("string(./uuid)", ctxt);
    g_autofree char *digest = virXPathString("string(./features/seccomp/effective/@digest)", ctxt);

    def->name = virXPathString("string(./name)", ctxt);
    def->os.inituser = virXPathString("string(./os/inituser)", ctxt);
    if (!def->name || !uuid || virUUIDParse(uuid, def->uuid) < 0 ||
        virLXCConfinementParse(def, ctxt) < 0)
        return NULL;

    if (virXPathBoolean("boolean(./idmap)", ctxt) == 1) {
        def->idmap.uidmap = g_new0(virDomainIdMapEntry, 1);
        def->idmap.gidmap = g_new0(virDomainIdMapEntry, 1);
    }

    if (digest && def->confinement && def->confinement->seccomp) {
        virLXCSeccompEffective *effective = g_new0(virLXCSeccompEffective, 1);

        effective->digest = g_steal_pointer(&digest);
        def->confinement->seccomp->effective = effective;
    }

    return g_steal_pointer(&def);
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
        !(join->plan = virLXCConfinementPlan(join->def)) ||
        virLXCConfinementConnectAgent(join->plan, &join->agent) < 0)
        return NULL;

    virLXCPlanSetJoining(join->plan, virLXCConfinementInitIsRoot(join->def));
    return g_steal_pointer(&join);
}


void
virLXCConfinementJoinFree(virLXCConfinementJoin *join)
{
    if (!join)
        return;

    VIR_FORCE_CLOSE(join->agent);
    virLXCConfinementPlanFree(join->plan);
    virDomainDefFree(join->def);
    g_free(join);
}


/* Ends as a shell does when it cannot execute a program. */
static void G_NORETURN
virLXCConfinementJoinFail(int handshake)
{
    int code = errno == ENOENT ? EXIT_ENOENT : EXIT_CANNOT_INVOKE;
    g_autofree char *text = g_strdup_printf("e%s", virGetLastErrorMessage());

    ignore_value(safewrite(handshake, text, strlen(text)));
    _exit(code);
}


/* An error that the program's process has sent; none when it was executed. */
static int
virLXCConfinementJoinWaitExec(int handshake)
{
    char text[ERROR_MAX] = "";
    ssize_t got = saferead(handshake, text, sizeof(text) - 1);

    if (got == 0)
        return 0;

    if (got < 0)
        virReportSystemError(errno, "%s", _("cannot read from the new process"));
    else
        virReportError(VIR_ERR_INTERNAL_ERROR, "%s", text + 1);
    return -1;
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
        virReportSystemError(errno, "%s", _("cannot make a pair of sockets"));
        return -1;
    }
    ours = pair[0];
    theirs = pair[1];

    if ((pid = virFork()) < 0)
        return -1;

    if (pid == 0) {
        virLXCConfinementExecData data = { join->plan, theirs };

        VIR_FORCE_CLOSE(ours);
        if (virLXCConfinementEnforce(join->plan, uid, gid, groups, ngroups, path) == 0)
            virLXCConfinementExec(path, argv, environ, &data);
        virLXCConfinementJoinFail(theirs);
    }

    VIR_FORCE_CLOSE(theirs);
    if (virLXCConfinementPassListener(join->plan, join->def, pid, ours, &join->agent) < 0 ||
        virLXCConfinementJoinWaitExec(ours) < 0) {
        virErrorPtr error;

        virErrorPreserveLast(&error);
        VIR_FORCE_CLOSE(ours);
        virProcessAbort(pid);
        virErrorRestore(&error);
        return -1;
    }

    return virProcessWait(pid, status, true);
}
