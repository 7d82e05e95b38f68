/*
 * lxc_teardown.c: kill all processes of a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LIBVIRT_VIRCGROUPPRIV_H_ALLOW

#include "lxc_teardown.h"
#include "domain_conf.h"
#include "lxc_domain.h"
#include "vircgrouppriv.h"
#include "virerror.h"
#include "virfile.h"
#include "virlog.h"
#include "virlxcproctree.h"

#define VIR_FROM_THIS VIR_FROM_LXC

VIR_LOG_INIT("lxc.lxc_teardown");

/* Timeouts in milliseconds: for processes to exit after SIGTERM and after
 * SIGKILL, and for libvirt_lxc to exit after them or after an error */
#define LXC_TERM_TIMEOUT 1600
#define LXC_KILL_TIMEOUT 15000
#define LXC_CONTROLLER_TIMEOUT 5000
#define LXC_CONTROLLER_GRACE 200


static int
virLXCTeardownOpenProcess(pid_t pid,
                          int *pidfd)
{
    *pidfd = syscall(SYS_pidfd_open, pid, 0);

    if (*pidfd < 0 && errno != ESRCH) {
        virReportSystemError(errno, _("cannot open a pidfd for process %1$lld"),
                             (long long) pid);
        return -1;
    }

    return 0;
}


static bool
virLXCTeardownWait(int pidfd,
                   int timeout)
{
    struct pollfd pfd = { .fd = pidfd, .events = POLLIN };
    int rc;

    do {
        rc = poll(&pfd, 1, timeout);
    } while (rc < 0 && errno == EINTR);

    return rc > 0;
}


/* Init is a child of its libvirt_lxc. If libvirt_lxc has exited, init has
 * another parent, but never the libvirt_lxc of another container. */
static bool
virLXCTeardownIsInit(pid_t pid,
                     pid_t controller,
                     bool controllerExited)
{
    pid_t parent = virLXCProcTreeParent(pid);
    g_autofree char *path = g_strdup_printf("/proc/%lld/comm", (long long) parent);
    g_autofree char *comm = NULL;

    if (!controllerExited)
        return parent == controller;

    return virLXCProcTreeInOtherPidNamespace(pid) &&
        virFileReadAllQuiet(path, 64, &comm) > 0 &&
        STRNEQ(comm, "libvirt_lxc\n");
}


/* If libvirt_lxc exits meanwhile, init gets another parent first. */
static bool
virLXCTeardownFindsInit(pid_t init,
                        pid_t controller,
                        int controllerfd,
                        bool controllerExited)
{
    if (virLXCTeardownIsInit(init, controller, controllerExited))
        return true;

    return !controllerExited &&
        virLXCTeardownWait(controllerfd, LXC_CONTROLLER_GRACE) &&
        virLXCTeardownIsInit(init, controller, true);
}


int
virLXCTeardownOpen(virLXCTeardown *teardown,
                   pid_t init,
                   pid_t controller)
{
    g_auto(virLXCTeardown) found = VIR_LXC_TEARDOWN_INIT;
    bool controllerExited;

    if (controller > 1 &&
        virLXCTeardownOpenProcess(controller, &found.controllerfd) < 0)
        return -1;

    controllerExited = found.controllerfd < 0 || virLXCTeardownWait(found.controllerfd, 0);

    if (init <= 1 && !controllerExited)
        init = virLXCProcTreeFindInit(controller);

    if (init > 1) {
        if (virLXCTeardownOpenProcess(init, &found.initfd) < 0)
            return -1;

        /* The process ID may be reused as soon as init has been reaped, but
         * as long as init runs, it is what has been looked at */
        if (found.initfd >= 0 &&
            virLXCTeardownFindsInit(init, controller, found.controllerfd,
                                    controllerExited) &&
            !virLXCTeardownWait(found.initfd, 0))
            found.init = init;
        else
            VIR_FORCE_CLOSE(found.initfd);
    }

    *teardown = found;
    found.initfd = -1;
    found.controllerfd = -1;
    return 0;
}


void
virLXCTeardownClose(virLXCTeardown *teardown)
{
    VIR_FORCE_CLOSE(teardown->initfd);
    VIR_FORCE_CLOSE(teardown->controllerfd);
}


static void
virLXCTeardownSendSignal(int pidfd,
                         int signum)
{
    ignore_value(syscall(SYS_pidfd_send_signal, pidfd, signum, NULL, 0));
}


static void
virLXCTeardownSignalOne(pid_t pid G_GNUC_UNUSED,
                        int pidfd,
                        const void *opaque)
{
    const int *signum = opaque;

    virLXCTeardownSendSignal(pidfd, *signum);
}


void
virLXCTeardownSignal(const virLXCTeardown *teardown,
                     int signum)
{
    if (teardown->initfd >= 0)
        virLXCProcTreeForEach(teardown->init, teardown->initfd,
                              virLXCTeardownSignalOne, &signum);
}


void
virLXCTeardownInterrupt(pid_t controller,
                        const char *name)
{
    g_auto(virLXCTeardown) teardown = VIR_LXC_TEARDOWN_INIT;
    VIR_AUTOCLOSE pidfd = syscall(SYS_pidfd_open, controller, 0);

    if (pidfd < 0 ||
        !virLXCTeardownIsController(controller, name) ||
        virLXCTeardownWait(pidfd, 0))
        return;

    /* A stopped process cannot create further children */
    virLXCTeardownSendSignal(pidfd, SIGSTOP);
    if (virLXCTeardownOpen(&teardown, 0, controller) == 0)
        virLXCTeardownSignal(&teardown, SIGKILL);
    virLXCTeardownSendSignal(pidfd, SIGKILL);
}


/* A frozen process cannot exit, so that its ID is not reused */
static void
virLXCTeardownThawOne(pid_t pid,
                      int pidfd G_GNUC_UNUSED,
                      const void *opaque)
{
    g_autofree char *text = g_strdup_printf("%lld", (long long) pid);

    ignore_value(virFileWriteStr(opaque, text, 0));
}


/* With cgroup version 1, a frozen process cannot be killed, and the frozen
 * cgroups of a container may be nested too deeply for a path. Moving a process
 * to a cgroup that is not frozen thaws it. */
static void
virLXCTeardownThaw(const virLXCTeardown *teardown,
                   virCgroup *cgroup)
{
    g_autofree char *path = NULL;

    if (!cgroup ||
        !virCgroupHasController(cgroup, VIR_CGROUP_CONTROLLER_FREEZER) ||
        virCgroupPathOfController(cgroup, VIR_CGROUP_CONTROLLER_FREEZER,
                                  "cgroup.procs", &path) < 0)
        return;

    virLXCProcTreeForEach(teardown->init, teardown->initfd,
                          virLXCTeardownThawOne, path);
}


int
virLXCTeardownKill(const virLXCTeardown *teardown,
                   virCgroup *cgroup)
{
    if (teardown->initfd < 0)
        return 0;

    virLXCTeardownSignal(teardown, SIGTERM);
    if (virLXCTeardownWait(teardown->initfd, LXC_TERM_TIMEOUT))
        return 0;

    if (syscall(SYS_pidfd_send_signal, teardown->initfd, SIGKILL, NULL, 0) < 0 &&
        errno != ESRCH) {
        virReportSystemError(errno, "%s", _("cannot kill the container's init"));
        return -1;
    }

    virLXCTeardownThaw(teardown, cgroup);
    if (!virLXCTeardownWait(teardown->initfd, LXC_KILL_TIMEOUT)) {
        virReportError(VIR_ERR_OPERATION_FAILED, "%s",
                       _("processes of the container refused to die"));
        return -1;
    }

    return 0;
}


void
virLXCTeardownWaitController(const virLXCTeardown *teardown)
{
    if (teardown->controllerfd >= 0)
        ignore_value(virLXCTeardownWait(teardown->controllerfd, LXC_CONTROLLER_TIMEOUT));
}


int
virLXCTeardownKillController(const virLXCTeardown *teardown)
{
    /* After an error, it removes what it has created */
    if (teardown->controllerfd < 0 ||
        virLXCTeardownWait(teardown->controllerfd, LXC_CONTROLLER_GRACE))
        return 0;

    if (syscall(SYS_pidfd_send_signal, teardown->controllerfd, SIGKILL, NULL, 0) < 0 &&
        errno != ESRCH) {
        virReportSystemError(errno, "%s", _("cannot kill libvirt_lxc"));
        return -1;
    }

    if (!virLXCTeardownWait(teardown->controllerfd, LXC_CONTROLLER_TIMEOUT)) {
        virReportError(VIR_ERR_OPERATION_FAILED, "%s",
                       _("libvirt_lxc cannot be killed"));
        return -1;
    }

    return 0;
}


static bool
virLXCTeardownHasName(pid_t pid,
                      const char *name)
{
    g_autofree char *path = g_strdup_printf("/proc/%lld/comm", (long long) pid);
    g_autofree char *comm = NULL;

    return virFileReadAllQuiet(path, 64, &comm) > 0 && STREQ(comm, name);
}


/* Processes of a container can choose their arguments, but not their PID
 * namespace. Helpers of libvirt_lxc have its arguments, but another name. */
bool
virLXCTeardownIsController(pid_t pid,
                           const char *name)
{
    g_autofree char *path = g_strdup_printf("/proc/%lld/cmdline", (long long) pid);
    g_autofree char *text = NULL;
    const char *arg;
    const char *previous = "";
    bool named = false;
    bool shakes = false;
    gsize len;

    if (pid <= 1 || !virLXCTeardownHasName(pid, "libvirt_lxc\n") ||
        virLXCProcTreeInOtherPidNamespace(pid) ||
        !g_file_get_contents(path, &text, &len, NULL))
        return false;

    for (arg = text; arg < text + len; arg += strlen(arg) + 1) {
        named |= STREQ(previous, "--name") && STREQ(arg, name);
        shakes |= STREQ(arg, "--handshakefds");
        previous = arg;
    }

    return named && shakes;
}


virCgroup *
virLXCTeardownFindCgroup(virDomainDef *def)
{
    g_autofree char *machine = NULL;
    g_autoptr(virCgroup) parent = NULL;
    virCgroup *cgroup = NULL;

    if (def->id <= 0 || !def->resource || !def->resource->partition)
        return NULL;

    if (!(machine = virLXCDomainGetMachineName(def, 0)) ||
        virCgroupNewPartition(def->resource->partition, false, -1, &parent) < 0 ||
        virCgroupNewDomainPartition(parent, "lxc", machine, &cgroup) < 0)
        virResetLastError();

    return cgroup;
}


bool
virLXCTeardownIsInCgroup(pid_t pid,
                         virDomainDef *def)
{
    g_autofree char *machine = virLXCDomainGetMachineName(def, 0);
    g_autofree char *name = g_strdup_printf("/%s.libvirt-lxc", NULLSTR_EMPTY(machine));
    g_autofree char *path = g_strdup_printf("/proc/%lld/cgroup", (long long) pid);
    g_autofree char *text = NULL;

    return g_file_get_contents(path, &text, NULL, NULL) && strstr(text, name);
}


bool
virLXCTeardownHasExited(pid_t pid)
{
    VIR_AUTOCLOSE pidfd = -1;

    if (pid <= 0)
        return true;

    if ((pidfd = syscall(SYS_pidfd_open, pid, 0)) < 0)
        return errno == ESRCH;

    return virLXCTeardownWait(pidfd, 0);
}


void
virLXCTeardownRemoveState(const char *stateDir,
                          const char *name)
{
    static const char *const suffixes[] = {
        "dev", "devpts", "fuse", "root", "sock",
    };
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *path = g_strdup_printf("%s/%s.%s", stateDir, name,
                                                suffixes[i]);

        if (remove(path) < 0 && errno != ENOENT)
            VIR_WARN("Cannot remove %s: %s", path, g_strerror(errno));
    }
}
