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
#include "virlxcconfinementerror.h"
#include "virstring.h"
#include "virtypedparam.h"
#include "virutil.h"
#include "viruuid.h"

#define VIR_FROM_THIS VIR_FROM_LXC

VIR_LOG_INIT("hypervisor.virlxcexec");

G_STATIC_ASSERT((int) VIR_LXC_EXEC_TTY == VIR_DOMAIN_LXC_EXEC_TTY);
G_STATIC_ASSERT((int) VIR_LXC_EXEC_DETACHED == VIR_DOMAIN_LXC_EXEC_DETACH);
G_STATIC_ASSERT((int) VIR_LXC_EXEC_UNCONFINED == VIR_DOMAIN_LXC_EXEC_UNCONFINED);
G_STATIC_ASSERT((int) VIR_LXC_EXEC_NO_LABEL == VIR_DOMAIN_LXC_EXEC_NO_SECLABEL);

/* The server answers when the time limit has expired. This is added in case it
 * has been stopped. */
#define LXC_EXEC_GRACE_SECONDS 5

/* How many programs are started in a domain at once, and how long others wait */
#define LXC_EXEC_STARTING_MAX 4
#define LXC_EXEC_STARTING_SECONDS 3

/* A day is as good as no limit, and its milliseconds fit into an int. */
#define LXC_EXEC_TIMEOUT_MAX (24 * 60 * 60)

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

/* Number of programs, including those that are being started */
static int virLXCExecRunning;

/* Number of programs that are being started, by the UUID of the domain */
static GMutex virLXCExecStartingLock;
static GCond virLXCExecStartingCond;
static GHashTable *virLXCExecStarting;


void
virLXCExecConfigInit(virLXCExecConfig *config)
{
    config->max = 1024;
    config->maxPerDomain = 64;
    config->timeout = 30;
    config->unconfined = false;
    config->openNamespace = true;
}


static int
virLXCExecConfigLoadNumber(virConf *conf,
                           const char *filename,
                           const char *key,
                           unsigned int max,
                           unsigned int *value)
{
    unsigned int number = *value;

    if (virConfGetValueUInt(conf, key, &number) < 0)
        return -1;

    if (number < 1 || number > max) {
        virReportError(VIR_ERR_CONF_SYNTAX,
                       _("%1$s: the value of '%2$s' must be between 1 and %3$u, but is %4$u"),
                       filename, key, max, number);
        return -1;
    }

    *value = number;
    return 0;
}


static int
virLXCExecConfigLoadOpenNamespace(virLXCExecConfig *config,
                                  virConf *conf,
                                  const char *filename)
{
    const char *key = "confinement_open_namespace";
    g_autofree char *value = NULL;

    if (virConfGetValueString(conf, key, &value) < 0)
        return -1;

    if (!value || STREQ(value, "allow")) {
        config->openNamespace = true;
    } else if (STREQ(value, "refuse")) {
        config->openNamespace = false;
    } else {
        virReportError(VIR_ERR_CONF_SYNTAX,
                       _("%1$s: the value of '%2$s' must be \"allow\" or \"refuse\", but is \"%3$s\""),
                       filename, key, value);
        return -1;
    }

    return 0;
}


int
virLXCExecConfigLoad(virLXCExecConfig *config,
                     virConf *conf,
                     const char *filename)
{
    if (virLXCExecConfigLoadNumber(conf, filename, "exec_max", INT_MAX,
                                   &config->max) < 0 ||
        virLXCExecConfigLoadNumber(conf, filename, "exec_max_per_domain", INT_MAX,
                                   &config->maxPerDomain) < 0 ||
        virLXCExecConfigLoadNumber(conf, filename, "exec_timeout",
                                   LXC_EXEC_TIMEOUT_MAX, &config->timeout) < 0 ||
        virConfGetValueBool(conf, "exec_unconfined", &config->unconfined) < 0)
        return -1;

    return virLXCExecConfigLoadOpenNamespace(config, conf, filename);
}


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
    return 0;
}


static int
virLXCExecCheckEnv(const char *value)
{
    const char *equals = strchr(value, '=');

    if (equals && equals != value)
        return 0;

    virReportError(VIR_ERR_INVALID_ARG,
                   _("environment variable '%1$s' must have the form NAME=value"),
                   value);
    return -1;
}


static int
virLXCExecCheckCwd(const char *cwd)
{
    if (!cwd || g_path_is_absolute(cwd))
        return 0;

    virReportError(VIR_ERR_INVALID_ARG,
                   _("working directory '%1$s' must be an absolute path"), cwd);
    return -1;
}


/* Returns the values of all parameters of that name. */
static char **
virLXCExecGetStrings(virTypedParameterPtr params,
                     int nparams,
                     const char *name)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    int i;

    for (i = 0; i < nparams; i++) {
        if (STREQ(params[i].field, name))
            g_ptr_array_add(values, g_strdup(params[i].value.s));
    }
    g_ptr_array_add(values, NULL);

    return (char **) g_ptr_array_free(g_steal_pointer(&values), FALSE);
}


static int
virLXCExecSetParams(virLXCExecRequest *request,
                    virTypedParameterPtr params,
                    int nparams)
{
    g_auto(GStrv) groups = NULL;
    const char *text = NULL;
    size_t i;

    if (virTypedParamsValidate(params, nparams,
                               VIR_DOMAIN_LXC_EXEC_USER, VIR_TYPED_PARAM_STRING,
                               VIR_DOMAIN_LXC_EXEC_GROUP,
                               VIR_TYPED_PARAM_STRING | VIR_TYPED_PARAM_MULTIPLE,
                               VIR_DOMAIN_LXC_EXEC_ARG0, VIR_TYPED_PARAM_STRING,
                               VIR_DOMAIN_LXC_EXEC_CWD, VIR_TYPED_PARAM_STRING,
                               VIR_DOMAIN_LXC_EXEC_ENV,
                               VIR_TYPED_PARAM_STRING | VIR_TYPED_PARAM_MULTIPLE,
                               VIR_DOMAIN_LXC_EXEC_ROWS, VIR_TYPED_PARAM_UINT,
                               VIR_DOMAIN_LXC_EXEC_COLUMNS, VIR_TYPED_PARAM_UINT,
                               NULL) < 0)
        return -1;

    request->env = virLXCExecGetStrings(params, nparams, VIR_DOMAIN_LXC_EXEC_ENV);
    for (i = 0; request->env[i]; i++) {
        if (virLXCExecCheckEnv(request->env[i]) < 0)
            return -1;
    }

    groups = virLXCExecGetStrings(params, nparams, VIR_DOMAIN_LXC_EXEC_GROUP);
    if (groups[0]) {
        request->group = g_strdup(groups[0]);
        if (groups[1])
            request->groups = g_strdupv(groups + 1);
    }

    if (virTypedParamsGetString(params, nparams, VIR_DOMAIN_LXC_EXEC_USER, &text) > 0)
        request->user = g_strdup(text);
    if (virTypedParamsGetString(params, nparams, VIR_DOMAIN_LXC_EXEC_ARG0, &text) > 0)
        request->arg0 = g_strdup(text);
    if (virTypedParamsGetString(params, nparams, VIR_DOMAIN_LXC_EXEC_CWD, &text) > 0)
        request->cwd = g_strdup(text);
    ignore_value(virTypedParamsGetUInt(params, nparams, VIR_DOMAIN_LXC_EXEC_ROWS,
                                       &request->rows));
    ignore_value(virTypedParamsGetUInt(params, nparams, VIR_DOMAIN_LXC_EXEC_COLUMNS,
                                       &request->columns));
    return virLXCExecCheckCwd(request->cwd);
}


static virLXCExecRequest *
virLXCExecRequestNew(const virLXCExecConfig *config,
                     const char **argv,
                     unsigned int nargv,
                     virTypedParameterPtr params,
                     int nparams,
                     unsigned int flags)
{
    g_autoptr(virLXCExecRequest) request = g_new0(virLXCExecRequest, 1);
    size_t i;

    request->flags = flags;
    request->timeout = config->timeout;
    request->max = config->maxPerDomain;
    request->argv = g_new0(char *, nargv + 1);
    for (i = 0; i < nargv; i++) {
        if (!argv[i]) {
            virReportError(VIR_ERR_INVALID_ARG,
                           _("argument %1$zu of the program is missing"), i);
            return NULL;
        }
        request->argv[i] = g_strdup(argv[i]);
    }

    if (STREQ(request->argv[0], "")) {
        virReportError(VIR_ERR_INVALID_ARG, "%s",
                       _("the name of the program is empty"));
        return NULL;
    }

    if (virLXCExecSetParams(request, params, nparams) < 0)
        return NULL;

    return g_steal_pointer(&request);
}


static int
virLXCExecCheck(virDomainObj *vm,
                const virLXCExecConfig *config,
                unsigned int flags)
{
    if (virDomainObjCheckActive(vm) < 0)
        return -1;

    if (virDomainObjGetState(vm, NULL) == VIR_DOMAIN_PAUSED) {
        virReportError(VIR_ERR_OPERATION_INVALID,
                       _("domain '%1$s' is paused"), vm->def->name);
        return -1;
    }

    if ((flags & VIR_DOMAIN_LXC_EXEC_UNCONFINED) && !config->unconfined) {
        virReportError(VIR_ERR_OPERATION_DENIED, "%s",
                       _("unconfined programs are not allowed by 'exec_unconfined' in lxc.conf"));
        return -1;
    }

    return 0;
}


static int
virLXCExecCount(const virLXCExecConfig *config)
{
    if ((unsigned int) g_atomic_int_add(&virLXCExecRunning, 1) < config->max)
        return 0;

    g_atomic_int_add(&virLXCExecRunning, -1);
    virReportError(VIR_ERR_OPERATION_FAILED,
                   _("%1$u programs are already running in containers, which is the limit set by 'exec_max' in lxc.conf"),
                   config->max);
    return -1;
}


static unsigned int
virLXCExecStartingCount(const char *domain)
{
    if (!virLXCExecStarting)
        virLXCExecStarting = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    return GPOINTER_TO_UINT(g_hash_table_lookup(virLXCExecStarting, domain));
}


static void
virLXCExecStartingSet(const char *domain,
                      unsigned int count)
{
    if (count > 0)
        g_hash_table_insert(virLXCExecStarting, g_strdup(domain), GUINT_TO_POINTER(count));
    else
        g_hash_table_remove(virLXCExecStarting, domain);
}


/* A container can delay the start of a program, for example with a file system that
 * does not respond. It must not occupy all worker threads of the daemon, so only some
 * programs are started in a container at once. Others wait for a short time. */
static int
virLXCExecEnterStart(const char *domain)
{
    gint64 end = g_get_monotonic_time() + LXC_EXEC_STARTING_SECONDS * G_USEC_PER_SEC;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&virLXCExecStartingLock);
    unsigned int count;

    while ((count = virLXCExecStartingCount(domain)) >= LXC_EXEC_STARTING_MAX) {
        if (!g_cond_wait_until(&virLXCExecStartingCond, &virLXCExecStartingLock, end)) {
            virReportError(VIR_ERR_OPERATION_FAILED,
                           _("%1$u other programs are being started in the domain, without progress for %2$d seconds"),
                           count, LXC_EXEC_STARTING_SECONDS);
            return -1;
        }
    }

    virLXCExecStartingSet(domain, count + 1);
    return 0;
}


static void
virLXCExecLeaveStart(const char *domain)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&virLXCExecStartingLock);

    virLXCExecStartingSet(domain, virLXCExecStartingCount(domain) - 1);
    g_cond_broadcast(&virLXCExecStartingCond);
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
    g_atomic_int_add(&virLXCExecRunning, -1);
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
    if (virLXCExecEnterStart(request->uuid) == 0) {
        if (virLXCExecStart(program, stateDir, st, request) == 0) {
            id = program->id;
            if (virLXCExecWatch(program) < 0)
                id = -1;
        }
        virLXCExecLeaveStart(request->uuid);
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
        virLXCExecCount(config) < 0)
        return -1;

    program = virLXCExecProgramNew(vm, events);
    id = virLXCExecStartUnlocked(vm, program, stateDir, st, request);
    if (id > 0)
        return id;

    if (vm->def->id != domid)
        virReportError(VIR_ERR_OPERATION_FAILED,
                       _("domain '%1$s' was stopped before the program was executed"),
                       program->name);
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

    if (!(request = virLXCExecRequestNew(config, argv, nargv, params, nparams, flags)))
        return -1;

    virUUIDFormat(vm->def->uuid, uuid);
    request->uuid = g_strdup(uuid);
    id = virLXCExecRunRequest(vm, config, stateDir, events, st, request);
    virLXCExecAudit(vm->def, virLXCExecReason(flags), argv[0],
                    NULLSTR_EMPTY(request->user), id);
    return id;
}
