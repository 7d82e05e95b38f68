/*
 * exec_child.c: the processes that become a program in a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a request and the policy. Out: a confined program, or an error on the
 * handshake. Everything that needs the host, or more privileges than the
 * program gets, happens before the process that the container can see exists.
 */

#include "exec_child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capabilities_enforce.h"
#include "child_stack.h"
#include "descriptor.h"
#include "enforce.h"
#include "error.h"
#include "exec_channel.h"
#include "exec_program.h"
#include "exec_terminal.h"
#include "i18n.h"
#include "keyring.h"
#include "locale_leave.h"
#include "seccomp_exec.h"

/**
 * @child: what to do
 * @account: user and groups
 * @env: environment
 * @path: absolute path of the program
 * @streams: its standard streams
 * @control: copy of the control socket
 * @handshake: copy of the handshake
 */
typedef struct {
    const virLXCExecChild *child;
    virLXCAccount *account;
    char **env;
    char *path;
    virLXCExecStreams streams;
    int control;
    int handshake;
} lxcExecProgram;

static void
lxcExecReport(int handshake, char kind, const char *message, int errnum)
{
    g_autoptr(GByteArray) data = g_byte_array_new();

    g_byte_array_append(data, (const guint8 *)&kind, 1);
    g_byte_array_append(data, (const guint8 *)message, strlen(message) + 1);
    g_byte_array_append(data, (const guint8 *)&errnum, sizeof(errnum));
    virLXCExecSend(handshake, data->data, data->len, -1);
}

/* Returns -1. */
static int
lxcExecReportError(int handshake, char kind, const GError *error)
{
    lxcExecReport(handshake, kind, error->message, 0);
    return -1;
}

static char *
lxcExecCannotExecute(const char *name)
{
    return g_strdup_printf(_("cannot execute '%1$s'"), name);
}

/* Returns -1. */
static int
lxcExecReportNotExecuted(int handshake, const char *name, int errnum)
{
    g_autofree char *what = lxcExecCannotExecute(name);
    g_autofree char *message =
        g_strdup_printf("%s: %s", what, g_strerror(errnum));

    lxcExecReport(handshake, VIR_LXC_EXEC_CHILD_NOT_EXECUTED, message, errnum);
    return -1;
}

static bool
lxcExecIsConfined(const virLXCExecChild *child)
{
    return !(child->request->flags & VIR_LXC_EXEC_UNCONFINED);
}

static int
lxcExecFindUser(lxcExecProgram *program)
{
    const virLXCExecRequest *request = program->child->request;
    g_autoptr(GError) error = NULL;

    if (!(program->account = virLXCExecFindAccount(
              request->user, request->group, request->groups, &error)))
        return lxcExecReportError(program->child->handshake,
                                  VIR_LXC_EXEC_CHILD_BAD_ARGUMENT, error);
    return 0;
}

static int
lxcExecChangeDirectory(const lxcExecProgram *program)
{
    const char *cwd = program->child->request->cwd;
    g_autofree char *message = NULL;
    int errnum;

    if (!cwd || chdir(cwd) == 0)
        return 0;

    errnum = errno;
    message = g_strdup_printf(_("cannot change to directory '%1$s' of the "
                                "container: %2$s"),
                              cwd, g_strerror(errnum));
    lxcExecReport(program->child->handshake, VIR_LXC_EXEC_CHILD_BAD_ARGUMENT,
                  message, 0);
    return -1;
}

static int
lxcExecOpenStreams(lxcExecProgram *program, GError **error)
{
    const virLXCExecRequest *request = program->child->request;
    uid_t uid = program->account->uid;

    if (request->flags & VIR_LXC_EXEC_TTY)
        return virLXCExecStreamsTerminal(&program->streams, uid, request->rows,
                                         request->columns, error);
    if (virLXCExecChildDescriptors(request) == 0)
        return virLXCExecStreamsNull(&program->streams, error);
    return virLXCExecStreamsPipes(&program->streams, uid, error);
}

guint
virLXCExecChildDescriptors(const virLXCExecRequest *request)
{
    if (request->flags & VIR_LXC_EXEC_TTY)
        return 1;
    return request->hasStream ? 3 : 0;
}

static int
lxcExecSendStreams(const lxcExecProgram *program, GError **error)
{
    guint n = virLXCExecChildDescriptors(program->child->request);
    guint i;

    for (i = 0; i < n; i++) {
        int fd = program->streams.ours[i];

        if (virLXCExecSend(program->child->control, "", 1, fd) < 0)
            return virLXCSetSystemError(
                error, errno, _("cannot pass a stream of the program"));
        close(fd);
    }
    return 0;
}

/* execve(2) would reduce the permitted set, too. Doing it earlier leaves
 * nothing to be gained by tracing the program until then. CAP_SYS_ADMIN is
 * needed to load a filter without no_new_privs (seccomp(2)). */
static int
lxcExecLimitPermitted(const virLXCPrepared *policy, bool isRoot, GError **error)
{
    const virLXCCapabilitiesPlan *plan = &policy->plan->capabilities;
    guint64 kept = isRoot ? plan->bounding : plan->boundingUser;

    if (policy->seccomp && !policy->plan->noNewPrivs)
        kept |= VIR_LXC_CAPABILITY_BIT(CAP_SYS_ADMIN);
    return virLXCCapabilitiesLimitPermitted(kept, error);
}

static int
lxcExecConfine(const lxcExecProgram *program, GError **error)
{
    const virLXCPrepared *policy = program->child->server->policy;
    virLXCAccount *account = program->account;
    virLXCCredentials credentials = {
        .uid = account->uid,
        .gid = account->gid,
        .groups = (const gid_t *)(void *)account->groups->data,
        .ngroups = account->groups->len,
    };

    if (virLXCPreparedEnforce(policy, &credentials, program->path, error) < 0)
        return -1;

    return lxcExecLimitPermitted(policy, account->uid == 0, error);
}

static int
lxcExecChangeUser(const lxcExecProgram *program, GError **error)
{
    virLXCAccount *account = program->account;

    if (virLXCKeyringJoinNew(error) < 0)
        return -1;

    if (setgroups(account->groups->len,
                  (const gid_t *)(void *)account->groups->data) < 0 ||
        setresgid(account->gid, account->gid, account->gid) < 0 ||
        setresuid(account->uid, account->uid, account->uid) < 0)
        return virLXCSetSystemError(error, errno, _("cannot become user %1$u"),
                                    account->uid);
    return 0;
}

static void
lxcExecResetSignals(void)
{
    sigset_t none;
    int i;

    for (i = 1; i < NSIG; i++)
        signal(i, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static int
lxcExecCloseFrom(unsigned int first, unsigned int last)
{
    return first > last ? 0 : (int)syscall(SYS_close_range, first, last, 0);
}

/* What execve(2) would close must be closed earlier: the container may be able
 * to see the program before. Only the handshake and @control remain. */
static int
lxcExecKeepStreams(lxcExecProgram *program)
{
    int *theirs = program->streams.theirs;
    unsigned int low;
    unsigned int high;
    size_t i;

    if ((program->handshake =
             fcntl(program->child->handshake, F_DUPFD_CLOEXEC, 3)) < 0 ||
        (program->control =
             fcntl(program->child->control, F_DUPFD_CLOEXEC, 3)) < 0)
        return -1;

    for (i = 0; i < 3; i++) {
        if (theirs[i] < 3 &&
            (theirs[i] = fcntl(theirs[i], F_DUPFD_CLOEXEC, 3)) < 0)
            return -1;
    }
    for (i = 0; i < 3; i++) {
        if (dup2(theirs[i], (int)i) < 0)
            return -1;
    }

    low = MIN(program->handshake, program->control);
    high = MAX(program->handshake, program->control);
    if (lxcExecCloseFrom(3, low - 1) < 0 ||
        lxcExecCloseFrom(low + 1, high - 1) < 0)
        return -1;
    return lxcExecCloseFrom(high + 1, ~0U);
}

static void
lxcExecExecute(const lxcExecProgram *program)
{
    const virLXCPrepared *policy = program->child->server->policy;
    const virLXCExecRequest *request = program->child->request;
    char **argv = request->argv;
    g_autoptr(GError) error = NULL;

    if (request->arg0)
        argv[0] = request->arg0;
    if (lxcExecIsConfined(program->child) && policy->seccomp) {
        g_autofree char *what = lxcExecCannotExecute(program->path);
        g_autofree char *failure =
            g_strdup_printf("%c%s: ", VIR_LXC_EXEC_CHILD_NOT_EXECUTED, what);

        virLXCSeccompExec(policy->seccomp, program->handshake, failure,
                          program->path, argv, program->env, &error);
        lxcExecReportError(program->handshake, VIR_LXC_EXEC_CHILD_FAILED,
                           error);
        return;
    }

    execve(program->path, argv, program->env);
    lxcExecReportNotExecuted(program->handshake, program->path, errno);
}

/* This process is visible in the container. */
static int
lxcExecProgramRun(void *opaque)
{
    lxcExecProgram *program = opaque;
    bool terminal = program->child->request->flags & VIR_LXC_EXEC_TTY;

    char go;

    /* Without a session, nothing would end the program. */
    close(program->control);
    if (virLXCExecReceive(program->handshake, &go, 1, NULL) < 0)
        _exit(EXIT_FAILURE);

    umask(022);
    if (setsid() < 0 || (terminal && ioctl(STDIN_FILENO, TIOCSCTTY, 0) < 0)) {
        g_autoptr(GError) error = NULL;

        virLXCSetSystemError(&error, errno,
                             _("cannot create a session for the program"));
        lxcExecReportError(program->handshake, VIR_LXC_EXEC_CHILD_FAILED,
                           error);
        _exit(EXIT_FAILURE);
    }

    lxcExecResetSignals();
    lxcExecExecute(program);
    _exit(EXIT_FAILURE);
}

/* The session becomes the parent: the program can be waited for, and no process
 * outside the PID namespace needs to stay in the container. */
static int
lxcExecCreateProgram(lxcExecProgram *program, GError **error)
{
    g_auto(virLXCChildStack) stack = {0};
    pid_t pid;

    if (virLXCChildStackMap(&stack, error) < 0)
        return -1;

    /* Changing the user may have reset this (fs.suid_dumpable in proc(5)) */
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
        lxcExecKeepStreams(program) < 0)
        return virLXCSetSystemError(
            error, errno, _("cannot hide the new process from the container"));

    pid = clone(lxcExecProgramRun, stack.top, CLONE_PARENT | SIGCHLD, program);
    if (pid < 0)
        return virLXCSetSystemError(
            error, errno, _("cannot create a process in the container"));

    if (virLXCExecSend(program->control, &pid, sizeof(pid), -1) < 0)
        return virLXCSetSystemError(
            error, errno, _("cannot pass the ID of the program's process"));
    return 0;
}

static int
lxcExecEnter(const virLXCExecChild *child, GError **error)
{
    if (virLXCLocaleLeave() < 0)
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
                              _("cannot switch to the locale C.UTF-8"));
    return virLXCExecJoinEnter(child->join, error);
}

/* Returns 0, or -1 with an error reported. */
static int
lxcExecFind(lxcExecProgram *program)
{
    const virLXCExecRequest *request = program->child->request;
    const char *name = request->argv[0];
    int errnum;

    if (lxcExecFindUser(program) < 0 || lxcExecChangeDirectory(program) < 0)
        return -1;

    program->env = virLXCExecEnvironment(
        program->account, program->child->server->uuid, request->env);
    if (!(program->path = virLXCExecFindProgram(name, program->env, &errnum)))
        return lxcExecReportNotExecuted(program->child->handshake, name,
                                        errnum);
    return 0;
}

/* Returns whether no <path> of <landlock> allows to execute the program. */
static bool
lxcExecIsRefused(const GError *error)
{
    return g_error_matches(error, VIR_LXC_CONFINEMENT_ERROR,
                           VIR_LXC_CONFINEMENT_ERROR_NOT_EXECUTABLE);
}

void
virLXCExecChildRun(const virLXCExecChild *child)
{
    lxcExecProgram program = {.child = child, .control = -1, .handshake = -1};
    g_autoptr(GError) error = NULL;
    int handshake;

    if (lxcExecEnter(child, &error) == 0) {
        if (lxcExecFind(&program) < 0)
            return;

        if (lxcExecOpenStreams(&program, &error) == 0 &&
            lxcExecSendStreams(&program, &error) == 0 &&
            (lxcExecIsConfined(child)
                 ? lxcExecConfine(&program, &error)
                 : lxcExecChangeUser(&program, &error)) == 0 &&
            lxcExecCreateProgram(&program, &error) == 0)
            return;
    }

    handshake = program.handshake < 0 ? child->handshake : program.handshake;
    if (lxcExecIsRefused(error))
        lxcExecReport(handshake, VIR_LXC_EXEC_CHILD_NOT_EXECUTED,
                      error->message, EACCES);
    else
        lxcExecReportError(handshake, VIR_LXC_EXEC_CHILD_FAILED, error);
}
