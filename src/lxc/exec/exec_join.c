/*
 * exec_join.c: join the namespaces and cgroups of a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a process outside a container. Out: the same process as the container's
 * root, except for its PID namespace.
 */

#include "exec_join.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cgroup_join.h"
#include "descriptor.h"
#include "error.h"
#include "i18n.h"

static const struct {
    const char *name;
    int flag;
} lxcExecNamespaces[] = {
    {"user", CLONE_NEWUSER},     {"mnt", CLONE_NEWNS},  {"uts", CLONE_NEWUTS},
    {"ipc", CLONE_NEWIPC},       {"net", CLONE_NEWNET}, {"pid", CLONE_NEWPID},
    {"cgroup", CLONE_NEWCGROUP},
};

static int
lxcExecNamespaceStat(const char *process, const char *name, struct stat *info)
{
    g_autofree char *path = g_strdup_printf("/proc/%s/ns/%s", process, name);

    return stat(path, info);
}

/* Joining a namespace that the process is in already can fail: EINVAL for a
 * user namespace, EPERM for others if a user namespace is joined as well. */
static int
lxcExecNamespaceFlags(const virLXCExecJoin *join, int *flags, GError **error)
{
    g_autofree char *init = g_strdup_printf("%d", (int)join->init);
    size_t i;

    *flags = 0;
    for (i = 0; i < G_N_ELEMENTS(lxcExecNamespaces); i++) {
        const char *name = lxcExecNamespaces[i].name;
        struct stat ours;
        struct stat theirs;

        if (lxcExecNamespaceStat("self", name, &ours) < 0 ||
            lxcExecNamespaceStat(init, name, &theirs) < 0)
            return virLXCSetSystemError(
                error, errno,
                _("cannot find the '%1$s' namespace of the "
                  "container"),
                name);

        if (ours.st_dev != theirs.st_dev || ours.st_ino != theirs.st_ino)
            *flags |= lxcExecNamespaces[i].flag;
    }
    return 0;
}

static int
lxcExecJoinNamespaces(const virLXCExecJoin *join, int flags, GError **error)
{
    /* Otherwise, the number could belong to another process by now. */
    if (syscall(SYS_pidfd_send_signal, join->process, 0, NULL, 0) < 0 ||
        setns(join->process, flags) < 0)
        return virLXCSetSystemError(
            error, errno, _("cannot join the namespaces of the container"));
    return 0;
}

static int
lxcExecBecomeRoot(GError **error)
{
    if (setgroups(0, NULL) < 0 || setresgid(0, 0, 0) < 0 ||
        setresuid(0, 0, 0) < 0)
        return virLXCSetSystemError(error, errno,
                                    _("cannot become root of the container"));
    return 0;
}

/* The controller is exempt from the OOM killer, unlike init. */
static int
lxcExecCopyOOMScore(pid_t init, GError **error)
{
    g_autofree char *path =
        g_strdup_printf("/proc/%d/oom_score_adj", (int)init);
    g_autofree char *value = NULL;
    VIR_LXC_AUTOCLOSE fd =
        open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

    if (!g_file_get_contents(path, &value, NULL, NULL) || fd < 0)
        return virLXCSetSystemError(
            error, errno, _("cannot read the OOM score of the container"));

    /* Lowering the value below that of the daemon needs CAP_SYS_RESOURCE */
    if (write(fd, value, strlen(value)) < 0 && errno != EACCES)
        return virLXCSetSystemError(error, errno,
                                    _("cannot set the OOM score"));
    return 0;
}

int
virLXCExecJoinEnter(const virLXCExecJoin *join, GError **error)
{
    int flags;

    /* The label may restrict access to the host. */
    if (lxcExecCopyOOMScore(join->init, error) < 0 ||
        lxcExecNamespaceFlags(join, &flags, error) < 0 ||
        virLXCPayloadJoinEnter(join->cgroups, error) < 0 ||
        (join->setLabel && join->setLabel(join->opaque, error) < 0) ||
        lxcExecJoinNamespaces(join, flags, error) < 0)
        return -1;

    return lxcExecBecomeRoot(error);
}
