/*
 * lxc_end.c: when a container has really ended
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A container's root decides in which cgroups its processes are, so these are
 * told by descent, and the end of them all by that of init. What is read of them
 * is not of a length or form that they can choose.
 */

#include <config.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lxc_end.h"
#include "virerror.h"
#include "virfile.h"
#include "virlog.h"
#include "virstring.h"

#define VIR_FROM_THIS VIR_FROM_LXC

VIR_LOG_INIT("lxc.lxc_end");

/* How long processes may take to end when asked, to die of SIGKILL, and
 * libvirt_lxc to follow, in milliseconds. */
#define LXC_TERM_TIMEOUT 1600
#define LXC_KILL_TIMEOUT 15000
#define LXC_CONTROLLER_TIMEOUT 5000


static int
virLXCEndOpenProcess(pid_t pid,
                     int *pidfd)
{
    *pidfd = syscall(SYS_pidfd_open, pid, 0);

    if (*pidfd < 0 && errno != ESRCH) {
        virReportSystemError(errno, _("cannot take hold of process %lld"),
                             (long long) pid);
        return -1;
    }

    return 0;
}


static bool
virLXCEndWait(int pidfd,
              int timeout)
{
    struct pollfd pfd = { .fd = pidfd, .events = POLLIN };
    int rc;

    do {
        rc = poll(&pfd, 1, timeout);
    } while (rc < 0 && errno == EINTR);

    return rc > 0;
}


/* /proc/PID/stat: "pid (name) state ppid ..."; a name has 15 bytes at most.
 * Returns 0 for a process that is not there. */
static pid_t
virLXCEndParentOf(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%lld/stat", (long long) pid);
    g_autofree char *stat = NULL;
    const char *rest;
    char *end;
    int parent;

    if (virFileReadAllQuiet(path, 4096, &stat) < 0 ||
        !(rest = strrchr(stat, ')')) ||
        strlen(rest) < 4 ||
        virStrToLong_i(rest + 4, &end, 10, &parent) < 0)
        return 0;

    return parent;
}


/* All processes, each with its parent */
static GHashTable *
virLXCEndParents(void)
{
    GHashTable *parents = g_hash_table_new(NULL, NULL);
    g_autoptr(GDir) dir = g_dir_open("/proc", 0, NULL);
    const char *name;
    int pid;

    while (dir && (name = g_dir_read_name(dir))) {
        if (virStrToLong_i(name, NULL, 10, &pid) == 0)
            g_hash_table_insert(parents, GINT_TO_POINTER(pid),
                                GINT_TO_POINTER(virLXCEndParentOf(pid)));
    }

    return parents;
}


/* A table that is read while processes come and go may have a circle in it:
 * no chain of parents is longer than the table. */
static bool
virLXCEndDescends(GHashTable *parents,
                  pid_t pid,
                  pid_t ancestor)
{
    guint i;

    for (i = 0; pid > 1 && i < g_hash_table_size(parents); i++) {
        if (pid == ancestor)
            return true;
        pid = GPOINTER_TO_INT(g_hash_table_lookup(parents, GINT_TO_POINTER(pid)));
    }

    return false;
}


typedef void (*virLXCEndVisitor)(pid_t pid, const void *opaque);

static void
virLXCEndVisit(const virLXCEnd *end,
               virLXCEndVisitor visit,
               const void *opaque)
{
    g_autoptr(GHashTable) parents = virLXCEndParents();
    GHashTableIter iter;
    gpointer key;

    g_hash_table_iter_init(&iter, parents);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        pid_t pid = GPOINTER_TO_INT(key);

        if (virLXCEndDescends(parents, pid, end->init))
            visit(pid, opaque);
    }
}


static bool
virLXCEndHasOwnPidNamespace(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%lld/ns/pid", (long long) pid);
    g_autofree char *theirs = g_file_read_link(path, NULL);
    g_autofree char *ours = g_file_read_link("/proc/self/ns/pid", NULL);

    return theirs && STRNEQ_NULLABLE(theirs, ours);
}


/* Init is a child of its libvirt_lxc. When that has ended it has another parent,
 * but certainly not the libvirt_lxc of another container. */
static bool
virLXCEndIsInit(pid_t pid,
                pid_t controller,
                bool controllerOver)
{
    pid_t parent = virLXCEndParentOf(pid);
    g_autofree char *path = g_strdup_printf("/proc/%lld/comm", (long long) parent);
    g_autofree char *comm = NULL;

    if (!controllerOver)
        return parent == controller;

    return virLXCEndHasOwnPidNamespace(pid) &&
        virFileReadAllQuiet(path, 64, &comm) > 0 &&
        STRNEQ(comm, "libvirt_lxc\n");
}


pid_t
virLXCEndFindInit(pid_t controller)
{
    g_autoptr(GHashTable) parents = virLXCEndParents();
    GHashTableIter iter;
    gpointer key;
    gpointer parent;

    g_hash_table_iter_init(&iter, parents);
    while (g_hash_table_iter_next(&iter, &key, &parent)) {
        if (GPOINTER_TO_INT(parent) == controller &&
            virLXCEndHasOwnPidNamespace(GPOINTER_TO_INT(key)))
            return GPOINTER_TO_INT(key);
    }

    return 0;
}


int
virLXCEndOpen(virLXCEnd *end,
              pid_t init,
              pid_t controller)
{
    g_auto(virLXCEnd) found = VIR_LXC_END_INIT;
    bool controllerOver;

    if (controller > 1 &&
        virLXCEndOpenProcess(controller, &found.controllerfd) < 0)
        return -1;

    controllerOver = found.controllerfd < 0 || virLXCEndWait(found.controllerfd, 0);

    if (init <= 1 && !controllerOver)
        init = virLXCEndFindInit(controller);

    if (init > 1) {
        if (virLXCEndOpenProcess(init, &found.initfd) < 0)
            return -1;

        /* Now that the number cannot come to mean another process */
        if (found.initfd >= 0 && virLXCEndIsInit(init, controller, controllerOver))
            found.init = init;
        else
            VIR_FORCE_CLOSE(found.initfd);
    }

    *end = found;
    found.initfd = -1;
    found.controllerfd = -1;
    return 0;
}


void
virLXCEndClose(virLXCEnd *end)
{
    VIR_FORCE_CLOSE(end->initfd);
    VIR_FORCE_CLOSE(end->controllerfd);
}


static void
virLXCEndSignalOne(pid_t pid,
                   const void *opaque)
{
    const int *signum = opaque;

    ignore_value(kill(pid, *signum));
}


void
virLXCEndSignal(const virLXCEnd *end,
                int signum)
{
    if (end->initfd >= 0)
        virLXCEndVisit(end, virLXCEndSignalOne, &signum);
}


static void
virLXCEndThawOne(pid_t pid,
                 const void *opaque)
{
    g_autofree char *text = g_strdup_printf("%lld", (long long) pid);

    ignore_value(virFileWriteStr(opaque, text, 0));
}


/* In version 1 a frozen process does not die, and what the container has frozen
 * may be too deep for a path. To be moved into a cgroup that is not frozen thaws
 * a process. */
static void
virLXCEndThaw(const virLXCEnd *end,
              virCgroup *cgroup)
{
    g_autofree char *path = NULL;

    if (!cgroup ||
        !virCgroupHasController(cgroup, VIR_CGROUP_CONTROLLER_FREEZER) ||
        virCgroupPathOfController(cgroup, VIR_CGROUP_CONTROLLER_FREEZER,
                                  "cgroup.procs", &path) < 0)
        return;

    virLXCEndVisit(end, virLXCEndThawOne, path);
}


int
virLXCEndKill(const virLXCEnd *end,
              virCgroup *cgroup)
{
    if (end->initfd < 0)
        return 0;

    virLXCEndSignal(end, SIGTERM);
    if (virLXCEndWait(end->initfd, LXC_TERM_TIMEOUT))
        return 0;

    if (syscall(SYS_pidfd_send_signal, end->initfd, SIGKILL, NULL, 0) < 0 &&
        errno != ESRCH) {
        virReportSystemError(errno, "%s", _("cannot kill the container's init"));
        return -1;
    }

    virLXCEndThaw(end, cgroup);
    if (!virLXCEndWait(end->initfd, LXC_KILL_TIMEOUT)) {
        virReportError(VIR_ERR_OPERATION_FAILED, "%s",
                       _("processes of the container refused to die"));
        return -1;
    }

    return 0;
}


void
virLXCEndWaitController(const virLXCEnd *end)
{
    if (end->controllerfd >= 0)
        ignore_value(virLXCEndWait(end->controllerfd, LXC_CONTROLLER_TIMEOUT));
}


bool
virLXCEndIsOver(pid_t pid)
{
    VIR_AUTOCLOSE pidfd = -1;

    if (pid <= 0)
        return true;

    if ((pidfd = syscall(SYS_pidfd_open, pid, 0)) < 0)
        return errno == ESRCH;

    return virLXCEndWait(pidfd, 0);
}


void
virLXCEndRemoveState(const char *stateDir,
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
