/*
 * virlxcexec.c: run programs in running containers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "virlxcexec.h"

#include "cgroup_adopt.h"
#include "confinement_conf.h"
#include "error.h"
#include "exec_request.h"
#include "exec_server.h"

#include "viraudit.h"
#include "virerror.h"
#include "virevent.h"
#include "virfdstream.h"
#include "virfile.h"
#include "viridentity.h"
#include "virlog.h"
#include "virlxcexecevent.h"
#include "virlxcexeclimit.h"
#include "virlxcexecrequest.h"
#include "virlxcconfinementerror.h"
#include "virlxcproctree.h"
#include "virstring.h"
#include "virthread.h"
#include "virutil.h"
#include "viruuid.h"

#define VIR_FROM_THIS VIR_FROM_LXC

VIR_LOG_INIT("hypervisor.virlxcexec");

/* The server answers when the time limit has expired. This is added in case it
 * has been stopped. */
#define LXC_EXEC_GRACE_SECONDS 5

/* How long processes are moved to the container's cgroup after a client has opened
 * its namespaces, and for how many clients at the same time */
#define LXC_ADOPT_MILLISECONDS 10000
#define LXC_ADOPT_MAX 64

/* A program that is running. */
typedef struct _virLXCExecProgram virLXCExecProgram;
struct _virLXCExecProgram {
    virObjectEventState *events;
    int domid;
    char *name;
    unsigned char uuid[VIR_UUID_BUFLEN];
    int id;
    int connection;
    int watch;
};

static const char *
virLXCExecPolicy(const virDomainDef *def)
{
    const virLXCSeccompDef *seccomp = def->confinement ? def->confinement->seccomp : NULL;

    return seccomp && seccomp->effective ? NULLSTR_EMPTY(seccomp->effective->policy) : "";
}


/* @client is what the daemon knows about who has called it. @policy is the digest
 * in <effective> of <seccomp>. */
static void
virLXCExecAudit(const virDomainDef *def,
                const char *reason,
                const char *program,
                const char *user,
                int pid)
{
    g_autofree char *vmname = virAuditEncode("vm", def->name);
    g_autofree char *path = virAuditEncode("path", program);
    g_autofree char *account = virAuditEncode("user", user);
    g_autoptr(virIdentity) identity = virIdentityGetCurrent();
    const char *name = NULL;
    g_autofree char *client = NULL;
    char uuid[VIR_UUID_STRING_BUFLEN];
    virErrorPtr error;

    virErrorPreserveLast(&error);
    if (identity && virIdentityGetUserName(identity, &name) <= 0)
        name = NULL;
    client = virAuditEncode("client", NULLSTR_EMPTY(name));
    virUUIDFormat(def->uuid, uuid);
    VIR_AUDIT(VIR_AUDIT_RECORD_RESOURCE, pid > 0,
              "virt=lxc resrc=exec reason=%s %s uuid=%s %s %s %s pid=%d policy=%s",
              reason, vmname, uuid, path, account, client, pid, virLXCExecPolicy(def));
    virErrorRestore(&error);
}


typedef struct {
    pid_t init;
    pid_t controller;
} virLXCExecAdoption;

static int virLXCExecAdoptions;


static void
virLXCExecAdoptThread(void *opaque)
{
    g_autofree virLXCExecAdoption *adoption = opaque;

    virLXCPayloadAdopt(adoption->init, adoption->controller, LXC_ADOPT_MILLISECONDS);
    ignore_value(g_atomic_int_add(&virLXCExecAdoptions, -1));
}


/* Some clients move the process that joins the container to the cgroup of its
 * libvirt_lxc, from where systemd in the container cannot move it. */
static void
virLXCExecAdopt(pid_t controller)
{
    g_autofree virLXCExecAdoption *adoption = g_new0(virLXCExecAdoption, 1);
    virThread thread;

    adoption->controller = controller;
    adoption->init = virLXCProcTreeFindInit(controller);

    if (g_atomic_int_add(&virLXCExecAdoptions, 1) < LXC_ADOPT_MAX &&
        virThreadCreateFull(&thread, false, virLXCExecAdoptThread, "lxc-adopt",
                            false, adoption) == 0) {
        adoption = NULL;
        return;
    }

    ignore_value(g_atomic_int_add(&virLXCExecAdoptions, -1));
    VIR_WARN("Programs that join the container of libvirt_lxc %lld stay in the cgroup of libvirt_lxc",
             (long long) controller);
}


int
virLXCExecCheckOpenNamespace(virDomainObj *vm,
                             const virLXCExecConfig *config)
{
    virLXCExecAudit(vm->def, "open-namespace", "", "",
                    config->openNamespace ? vm->pid : -1);

    if (!config->openNamespace) {
        virReportError(VIR_ERR_OPERATION_DENIED,
                       _("opening the namespaces of domain '%1$s' is not allowed by 'confinement_open_namespace' in lxc.conf: use virDomainLxcExec() to run a program"),
                       vm->def->name);
        return -1;
    }

    if (vm->def->confinement)
        VIR_WARN("Domain '%s': a client has opened its namespaces with virDomainLxcOpenNamespace(). Processes that join them are not confined: use virDomainLxcExec() instead",
                 vm->def->name);
    virLXCExecAdopt(vm->pid);
    return 0;
}


static int
virLXCExecCheckNotPaused(virDomainObj *vm)
{
    if (virDomainObjGetState(vm, NULL) != VIR_DOMAIN_PAUSED)
        return 0;

    virReportError(VIR_ERR_OPERATION_INVALID,
                   _("domain '%1$s' is paused"), vm->def->name);
    return -1;
}


static int
virLXCExecCheck(virDomainObj *vm,
                const virLXCExecConfig *config,
                unsigned int flags)
{
    if (virDomainObjCheckActive(vm) < 0)
        return -1;

    if (virLXCExecCheckNotPaused(vm) < 0)
        return -1;

    if ((flags & VIR_DOMAIN_LXC_EXEC_UNCONFINED) && !config->unconfined) {
        virReportError(VIR_ERR_OPERATION_DENIED, "%s",
                       _("unconfined programs are not allowed by 'exec_unconfined' in lxc.conf"));
        return -1;
    }

    return 0;
}


static int
virLXCExecReportReply(const virLXCExecReply *reply)
{
    const char *message = NULLSTR(reply->message);
    int code = VIR_ERR_OPERATION_FAILED;

    switch ((virLXCExecReplyKind) reply->kind) {
    case VIR_LXC_EXEC_NOT_EXECUTED:
        virRaiseErrorFull(__FILE__, __FUNCTION__, __LINE__,
                          VIR_FROM_THIS, VIR_ERR_SYSTEM_ERROR, VIR_ERR_ERROR,
                          message, NULL, NULL, reply->number, -1, "%s", message);
        return -1;

    case VIR_LXC_EXEC_BAD_ARGUMENT:
        code = VIR_ERR_INVALID_ARG;
        break;

    case VIR_LXC_EXEC_TIMED_OUT:
        code = VIR_ERR_OPERATION_TIMEOUT;
        break;

    case VIR_LXC_EXEC_FAILED:
    case VIR_LXC_EXEC_STARTED:
    case VIR_LXC_EXEC_EXITED:
    case VIR_LXC_EXEC_SIGNALED:
        break;
    }

    virReportError(code, "%s", message);
    return -1;
}


/* Returns the ID of the program, or -1 with an error reported. */
static int
virLXCExecWait(int connection,
               const char *name,
               unsigned int seconds)
{
    struct pollfd one = { .fd = connection, .events = POLLIN };
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCExecReply) reply = NULL;
    int rc;

    do {
        rc = poll(&one, 1, seconds * 1000);
    } while (rc < 0 && errno == EINTR);

    if (rc == 0) {
        virReportError(VIR_ERR_OPERATION_TIMEOUT,
                       _("the controller of domain '%1$s' did not respond within %2$u seconds"),
                       name, seconds);
        return -1;
    }

    if (!(reply = virLXCExecReplyReceive(connection, &error))) {
        virReportError(VIR_ERR_OPERATION_FAILED,
                       _("domain '%1$s' was stopped before the program was executed"),
                       name);
        return -1;
    }

    if (reply->kind != VIR_LXC_EXEC_STARTED)
        return virLXCExecReportReply(reply);

    return reply->number;
}


static void
virLXCExecProgramFree(void *opaque)
{
    virLXCExecProgram *program = opaque;

    VIR_FORCE_CLOSE(program->connection);
    virObjectUnref(program->events);
    g_free(program->name);
    g_free(program);
    virLXCExecLimitLeave();
}


/* The program has ended, or its container */
static void
virLXCExecEnded(int watch,
                int fd,
                int events G_GNUC_UNUSED,
                void *opaque)
{
    virLXCExecProgram *program = opaque;
    g_autoptr(virLXCExecReply) reply = virLXCExecReplyReceive(fd, NULL);
    int status = -1;
    int signum = 0;

    if (reply && reply->kind == VIR_LXC_EXEC_EXITED)
        status = reply->number;
    else if (reply && reply->kind == VIR_LXC_EXEC_SIGNALED)
        signum = reply->number;

    virObjectEventStateQueue(program->events,
                             virLXCExecEventNew(program->domid, program->name,
                                                program->uuid, program->id,
                                                status, signum));
    virEventRemoveHandle(watch);
}


static int
virLXCExecConnect(const char *stateDir,
                  const char *name,
                  const virLXCExecRequest *request,
                  int stream)
{
    g_autofree char *path = virLXCExecServerPath(stateDir, name);
    g_autoptr(GError) error = NULL;
    VIR_AUTOCLOSE connection = virLXCExecServerConnect(path, &error);
    int ret = -1;

    if (connection < 0) {
        virLXCConfinementReportError(error);
        return -1;
    }

    if (virLXCExecRequestSend(connection, request, stream, &error) < 0) {
        virReportError(error->code == VIR_LXC_CONFINEMENT_ERROR_INVALID ?
                       VIR_ERR_INVALID_ARG : VIR_ERR_OPERATION_FAILED,
                       "%s", error->message);
        return -1;
    }

    ret = connection;
    connection = -1;
    return ret;
}


/* An errno value in the error would be taken for that of execve(2). */
static int
virLXCExecMakeStream(virStreamPtr st,
                     int *ours,
                     int *theirs)
{
    int pair[2];

    if (!st)
        return 0;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
        virReportError(VIR_ERR_OPERATION_FAILED,
                       _("cannot create a socket pair: %1$s"), g_strerror(errno));
        return -1;
    }

    *ours = pair[0];
    *theirs = pair[1];
    return 0;
}


/* The domain is not locked. */
static int
virLXCExecStart(virLXCExecProgram *program,
                const char *stateDir,
                virStreamPtr st,
                const virLXCExecRequest *request)
{
    VIR_AUTOCLOSE ours = -1;
    VIR_AUTOCLOSE theirs = -1;

    if (virLXCExecMakeStream(st, &ours, &theirs) < 0 ||
        (program->connection = virLXCExecConnect(stateDir, program->name,
                                                 request, theirs)) < 0 ||
        (program->id = virLXCExecWait(program->connection, program->name,
                                      request->timeout + LXC_EXEC_GRACE_SECONDS)) < 0)
        return -1;

    if (st) {
        if (virFDStreamOpen(st, ours) < 0)
            return -1;
        ours = -1;
    }

    return 0;
}


static virLXCExecProgram *
virLXCExecProgramNew(virDomainObj *vm,
                     virObjectEventState *events)
{
    virLXCExecProgram *program = g_new0(virLXCExecProgram, 1);

    program->events = virObjectRef(events);
    program->domid = vm->def->id;
    program->name = g_strdup(vm->def->name);
    memcpy(program->uuid, vm->def->uuid, VIR_UUID_BUFLEN);
    program->connection = -1;
    return program;
}


/* The event loop must not wait for the rest of a message. */
static int
virLXCExecWatch(virLXCExecProgram *program)
{
    if (virSetNonBlock(program->connection) == 0 &&
        virEventAddHandle(program->connection, VIR_EVENT_HANDLE_READABLE,
                          virLXCExecEnded, program, virLXCExecProgramFree) >= 0)
        return 0;

    virReportError(VIR_ERR_OPERATION_FAILED, "%s",
                   _("cannot watch the connection to the exec server"));
    return -1;
}


/* Returns the ID of the program, or -1 with an error reported. */
static int
virLXCExecStartUnlocked(virDomainObj *vm,
                        virLXCExecProgram *program,
                        const char *stateDir,
                        virStreamPtr st,
                        const virLXCExecRequest *request)
{
    int id = -1;

    /* A container must not block the domain */
    virObjectUnlock(vm);
    if (virLXCExecLimitEnterStart(request->uuid) == 0) {
        if (virLXCExecStart(program, stateDir, st, request) == 0) {
            id = program->id;
            if (virLXCExecWatch(program) < 0)
                id = -1;
        }
        virLXCExecLimitLeaveStart(request->uuid);
    }
    virObjectLock(vm);

    return id;
}


static int
virLXCExecRunRequest(virDomainObj *vm,
                     const virLXCExecConfig *config,
                     const char *stateDir,
                     virObjectEventState *events,
                     virStreamPtr st,
                     const virLXCExecRequest *request)
{
    virLXCExecProgram *program = NULL;
    int domid = vm->def->id;
    int id;

    if (virLXCExecCheck(vm, config, request->flags) < 0 ||
        virLXCExecLimitEnter(config) < 0)
        return -1;

    program = virLXCExecProgramNew(vm, events);
    id = virLXCExecStartUnlocked(vm, program, stateDir, st, request);
    if (id > 0)
        return id;

    if (vm->def->id != domid)
        virReportError(VIR_ERR_OPERATION_FAILED,
                       _("domain '%1$s' was stopped before the program was executed"),
                       program->name);
    else if (virGetLastErrorCode() == VIR_ERR_OPERATION_TIMEOUT)
        /* Paused meanwhile, which is the better explanation */
        ignore_value(virLXCExecCheckNotPaused(vm));
    virLXCExecProgramFree(program);
    return -1;
}


static const char *
virLXCExecReason(unsigned int flags)
{
    if (flags & VIR_DOMAIN_LXC_EXEC_UNCONFINED)
        return "unconfined";

    return flags & VIR_DOMAIN_LXC_EXEC_NO_SECLABEL ? "unlabeled" : "join";
}


int
virLXCExecRun(virDomainObj *vm,
              const virLXCExecConfig *config,
              const char *stateDir,
              virObjectEventState *events,
              virStreamPtr st,
              const char **argv,
              unsigned int nargv,
              virTypedParameterPtr params,
              int nparams,
              unsigned int flags)
{
    g_autoptr(virLXCExecRequest) request = NULL;
    char uuid[VIR_UUID_STRING_BUFLEN];
    int id;

    virCheckFlags(VIR_DOMAIN_LXC_EXEC_TTY |
                  VIR_DOMAIN_LXC_EXEC_DETACH |
                  VIR_DOMAIN_LXC_EXEC_UNCONFINED |
                  VIR_DOMAIN_LXC_EXEC_NO_SECLABEL, -1);

    if (!(request = virLXCExecRequestFromParams(config, argv, nargv, params, nparams, flags)))
        return -1;

    virUUIDFormat(vm->def->uuid, uuid);
    request->uuid = g_strdup(uuid);
    id = virLXCExecRunRequest(vm, config, stateDir, events, st, request);
    virLXCExecAudit(vm->def, virLXCExecReason(flags), argv[0],
                    NULLSTR_EMPTY(request->user), id);
    return id;
}
