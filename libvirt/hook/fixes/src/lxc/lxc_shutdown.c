/*
 * lxc_shutdown.c: ask the init of a container to shut down or to reboot
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lxc_exit.h"
#include "lxc_shutdown.h"
#include "lxc_teardown.h"
#include "virerror.h"
#include "virfile.h"
#include "virinitctl.h"
#include "virlog.h"
#include "virthread.h"

#define VIR_FROM_THIS VIR_FROM_LXC

VIR_LOG_INIT("lxc.lxc_shutdown");

#define LXC_INITCTL_SECONDS 3
/* Each holds a thread until its container ends */
#define LXC_INITCTL_STUCK_MAX 16

/* A supplementary group takes up to 11 bytes, and there are at most 65536 */
#define LXC_STATUS_MAX (1024 * 1024)


/* --- The initctl FIFO ------------------------------------------------------- */

/* Shared with a thread that may never come back */
typedef struct {
    int refs;
    GMutex lock;
    GCond cond;
    bool done;
    bool received;

    int rootfd;
    int runlevel;
} lxcInitctl;

static int lxcInitctlRunning;


static void
lxcInitctlUnref(lxcInitctl *initctl)
{
    if (!g_atomic_int_dec_and_test(&initctl->refs))
        return;

    VIR_FORCE_CLOSE(initctl->rootfd);
    g_mutex_clear(&initctl->lock);
    g_cond_clear(&initctl->cond);
    g_free(initctl);
}


/* The root of a container may be the host's */
static bool
lxcInitctlIsHosts(const char *path,
                  const struct stat *theirs)
{
    struct stat ours;

    return stat(path, &ours) == 0 &&
        ours.st_dev == theirs->st_dev && ours.st_ino == theirs->st_ino;
}


/* Returns whether a process has received the request */
static bool
lxcInitctlWrite(int rootfd,
                const char *path,
                int runlevel)
{
    struct open_how how = {
        .flags = O_PATH | O_CLOEXEC,
        .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
    };
    VIR_AUTOCLOSE fd = syscall(SYS_openat2, rootfd, path, &how, sizeof(how));
    VIR_AUTOCLOSE reader = -1;
    g_autofree char *reopen = g_strdup_printf("/proc/self/fd/%d", fd);
    struct stat sb;

    if (fd < 0 ||
        fstat(fd, &sb) < 0 || !S_ISFIFO(sb.st_mode) ||
        lxcInitctlIsHosts(path, &sb))
        return false;

    /* Fails with ENXIO without a reader */
    if ((reader = open(reopen, O_WRONLY | O_NONBLOCK | O_CLOEXEC)) < 0)
        return false;

    return virInitctlSetRunLevel(reopen, runlevel) == 1;
}


static void
lxcInitctlThread(void *opaque)
{
    lxcInitctl *initctl = opaque;
    bool received = false;
    size_t i;

    for (i = 0; virInitctlFifos[i] && !received; i++)
        received = lxcInitctlWrite(initctl->rootfd, virInitctlFifos[i],
                                   initctl->runlevel);

    g_mutex_lock(&initctl->lock);
    initctl->done = true;
    initctl->received = received;
    g_cond_signal(&initctl->cond);
    g_mutex_unlock(&initctl->lock);

    g_atomic_int_add(&lxcInitctlRunning, -1);
    lxcInitctlUnref(initctl);
}


static bool
lxcInitctlWait(lxcInitctl *initctl)
{
    gint64 end = g_get_monotonic_time() + LXC_INITCTL_SECONDS * G_TIME_SPAN_SECOND;
    bool received;

    g_mutex_lock(&initctl->lock);
    while (!initctl->done &&
           g_cond_wait_until(&initctl->cond, &initctl->lock, end))
        continue;
    received = initctl->received;
    if (!initctl->done)
        VIR_WARN("A file system of a container does not respond");
    g_mutex_unlock(&initctl->lock);

    return received;
}


/* Returns whether a process of the container has received the request */
static bool
lxcInitctlRequest(pid_t init,
                  int runlevel)
{
    g_autofree char *root = g_strdup_printf("/proc/%lld/root", (long long) init);
    lxcInitctl *initctl;
    virThread thread;
    bool received = false;

    if (g_atomic_int_get(&lxcInitctlRunning) >= LXC_INITCTL_STUCK_MAX)
        return false;

    initctl = g_new0(lxcInitctl, 1);
    g_mutex_init(&initctl->lock);
    g_cond_init(&initctl->cond);
    initctl->refs = 2;
    initctl->runlevel = runlevel;
    initctl->rootfd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);

    g_atomic_int_inc(&lxcInitctlRunning);
    if (initctl->rootfd >= 0 &&
        virThreadCreateFull(&thread, false, lxcInitctlThread, "lxc-initctl",
                            false, initctl) == 0) {
        received = lxcInitctlWait(initctl);
    } else {
        g_atomic_int_add(&lxcInitctlRunning, -1);
        lxcInitctlUnref(initctl);
    }

    lxcInitctlUnref(initctl);
    return received;
}


/* --- The signal ------------------------------------------------------------- */

/* For inits that give SIGTERM or SIGHUP another meaning */
static const struct {
    const char *comm; /* /proc/PID/comm */
    const char *exe; /* the end of /proc/PID/exe */
    bool realtime; /* whether the signals are relative to SIGRTMIN */
    int poweroff;
    int reboot;
} lxcShutdownInits[] = {
    { "systemd", "systemd", true, 4, 5 }, /* systemd(1) */
    { "init", "/busybox", false, SIGUSR2, SIGTERM },
};


static int
lxcShutdownSignalOf(pid_t init,
                    virLXCShutdownAction action)
{
    g_autofree char *commPath = g_strdup_printf("/proc/%lld/comm", (long long) init);
    g_autofree char *exePath = g_strdup_printf("/proc/%lld/exe", (long long) init);
    g_autofree char *exe = g_file_read_link(exePath, NULL);
    g_autofree char *comm = NULL;
    bool poweroff = action == VIR_LXC_SHUTDOWN_POWEROFF;
    size_t i;

    if (virFileReadAllQuiet(commPath, 64, &comm) > 0)
        g_strchomp(comm);

    for (i = 0; i < G_N_ELEMENTS(lxcShutdownInits); i++) {
        int signum = poweroff ? lxcShutdownInits[i].poweroff :
            lxcShutdownInits[i].reboot;

        if (STREQ_NULLABLE(comm, lxcShutdownInits[i].comm) &&
            exe && g_str_has_suffix(exe, lxcShutdownInits[i].exe))
            return lxcShutdownInits[i].realtime ? SIGRTMIN + signum : signum;
    }

    return poweroff ? SIGTERM : SIGHUP;
}


static bool
lxcShutdownHasSignal(const char *status,
                     const char *key,
                     int signum)
{
    const char *line = strstr(status, key);

    return line &&
        g_ascii_strtoull(line + strlen(key), NULL, 16) & (1ULL << (signum - 1));
}


/* While it waits for signals, these are not shown as blocked. Which ones they are
 * is in its memory only, which is not read: that could block. */
static bool
lxcShutdownIsWaiting(pid_t init)
{
    /* Native, i386 and arm, and 32-bit ABIs with 64-bit time */
    static const long long calls[] = { SYS_rt_sigtimedwait, 177, 421 };
    g_autofree char *path = g_strdup_printf("/proc/%lld/syscall", (long long) init);
    g_autofree char *syscall = NULL;
    size_t i;

    if (virFileReadAllQuiet(path, 1024, &syscall) <= 0)
        return false;

    for (i = 0; i < G_N_ELEMENTS(calls); i++) {
        if (g_ascii_strtoll(syscall, NULL, 10) == calls[i])
            return true;
    }

    return false;
}


/* A blocked signal is kept until init waits for it, as with signalfd(2) */
static bool
lxcShutdownIsReceived(pid_t init,
                      int signum)
{
    g_autofree char *path = g_strdup_printf("/proc/%lld/status", (long long) init);
    g_autofree char *status = NULL;

    if (virFileReadAllQuiet(path, LXC_STATUS_MAX, &status) <= 0)
        return false;

    return lxcShutdownHasSignal(status, "\nSigCgt:\t", signum) ||
        lxcShutdownHasSignal(status, "\nSigBlk:\t", signum) ||
        lxcShutdownIsWaiting(init);
}


static int
lxcShutdownSignal(const virLXCTeardown *teardown,
                  virLXCShutdownAction action,
                  bool initctl)
{
    int signum = lxcShutdownSignalOf(teardown->init, action);
    g_autofree char *name = virLXCExitSignalName(signum);

    if (!lxcShutdownIsReceived(teardown->init, signum)) {
        if (initctl)
            virReportError(VIR_ERR_OPERATION_UNSUPPORTED,
                           _("nothing in the container reads from an initctl pipe, and init does not handle signal %1$s"),
                           name);
        else
            virReportError(VIR_ERR_OPERATION_UNSUPPORTED,
                           _("init of the container does not handle signal %1$s"),
                           name);
        return -1;
    }

    if (syscall(SYS_pidfd_send_signal, teardown->initfd, signum, NULL, 0) < 0 &&
        errno != ESRCH) {
        virReportSystemError(errno,
                             _("cannot send signal %1$s to init of the container"),
                             name);
        return -1;
    }

    return 0;
}


/* Returns 0, or -1 with an error reported if nothing has received the request */
static int
lxcShutdownPass(virDomainObj *vm,
                const virLXCTeardown *teardown,
                virLXCShutdownAction action,
                bool initctl,
                bool signal)
{
    int runlevel = action == VIR_LXC_SHUTDOWN_POWEROFF ?
        VIR_INITCTL_RUNLEVEL_POWEROFF : VIR_INITCTL_RUNLEVEL_REBOOT;
    bool received = false;

    if (initctl) {
        virObjectUnlock(vm);
        received = lxcInitctlRequest(teardown->init, runlevel);
        virObjectLock(vm);
    }

    if (received)
        return 0;

    if (!signal) {
        virReportError(VIR_ERR_OPERATION_UNSUPPORTED, "%s",
                       _("nothing in the container reads from an initctl pipe"));
        return -1;
    }

    return lxcShutdownSignal(teardown, action, initctl);
}


int
virLXCShutdownRequest(virDomainObj *vm,
                      virLXCShutdownAction action,
                      bool initctl,
                      bool signal)
{
    virLXCDomainObjPrivate *priv = vm->privateData;
    g_auto(virLXCTeardown) teardown = VIR_LXC_TEARDOWN_INIT;
    bool before = priv->wantShutdown;

    if (virLXCTeardownOpen(&teardown, priv->initpid, vm->pid) < 0)
        return -1;

    /* Init may exit before the request has returned */
    if (action == VIR_LXC_SHUTDOWN_POWEROFF)
        priv->wantShutdown = true;

    /* It may have exited already */
    if (teardown.initfd >= 0 &&
        lxcShutdownPass(vm, &teardown, action, initctl, signal) < 0) {
        priv->wantShutdown = before;
        return -1;
    }

    return 0;
}
