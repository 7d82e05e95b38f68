/*
 * virlxcconfinementjoin.c: programs that join a running container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "virlxcconfinementjoin.h"

#include "cgroup_join.h"
#include "prepare.h"

#include "domain_conf.h"
#include "vircommand.h"
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
    virLXCPrepared *plan;
    GArray *cgroups;
    pid_t init;
    int agent;
};


/* What a client can know of a domain and a plan depends on. */
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

    if (!(join->cgroups = virLXCPayloadJoinOpen(join->def->id, &join->init, &error))) {
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


static void
virLXCConfinementJoinCloseRange(unsigned int first,
                                unsigned int last)
{
    unsigned int end = sysconf(_SC_OPEN_MAX);

    if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
        return;

    while (first <= last && first < end)
        close(first++);
}


/* All but the standard streams and those that are kept, in ascending order. */
static void
virLXCConfinementJoinCloseOthers(const int *kept,
                                 size_t nkept)
{
    unsigned int first = STDERR_FILENO + 1;
    size_t i;

    for (i = 0; i < nkept; i++) {
        if (kept[i] < 0)
            continue;
        virLXCConfinementJoinCloseRange(first, kept[i] - 1);
        first = kept[i] + 1;
    }
    virLXCConfinementJoinCloseRange(first, UINT_MAX);
}


static int
virLXCConfinementJoinCompare(const void *a,
                             const void *b)
{
    return *(const int *)a - *(const int *)b;
}


/* From the fork until it is executed, processes of the container can find the
 * program's process: there must be nothing of the host's in it, such as a
 * connection to the daemon, and no way in for who is root in a user namespace
 * only. */
static int
virLXCConfinementJoinHide(int ours,
                          int theirs,
                          int agent)
{
    int kept[] = { ours, theirs, agent };

    qsort(kept, G_N_ELEMENTS(kept), sizeof(kept[0]), virLXCConfinementJoinCompare);
    virLXCConfinementJoinCloseOthers(kept, G_N_ELEMENTS(kept));

    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0) {
        virReportSystemError(errno, "%s", _("cannot hide from the container"));
        return -1;
    }

    return 0;
}


static void G_NORETURN
virLXCConfinementJoinFail(int handshake)
{
    g_autofree char *text = g_strdup_printf("e%s", virGetLastErrorMessage());

    ignore_value(safewrite(handshake, text, strlen(text)));
    _exit(EXIT_CANNOT_INVOKE);
}


/* An error that the program's process has sent; none when it was executed. */
static int
virLXCConfinementJoinWaitExec(int handshake)
{
    char text[ERROR_MAX] = "";
    ssize_t got = saferead(handshake, text, sizeof(text) - 1);

    if (got == 0)
        return 0;

    if (got < 0 && errno == EAGAIN)
        virReportError(VIR_ERR_OPERATION_TIMEOUT, "%s",
                       _("the program was not executed in time: the agent of <seccomp> does not answer"));
    else if (got < 0)
        virReportSystemError(errno, "%s", _("cannot read from the new process"));
    else
        virReportError(VIR_ERR_SYSTEM_ERROR, "%s", text + 1);
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
        virLXCConfinementJoinFail(theirs);
    }

    VIR_FORCE_CLOSE(theirs);
    if (virLXCConfinementPassListener(join->plan, join->def, join->init, pid,
                                      ours, &join->agent) < 0 ||
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
