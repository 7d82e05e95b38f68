/*
 * host_info.c: probe what is reported about a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: /proc, securityfs, system calls, a directory. Out: a virLXCHostInfo.
 */

#include "host_info.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"
#include "i18n.h"
#include "lsm_probe.h"
#include "profile_directory.h"

#define MOUNTINFO_FILE "/proc/self/mountinfo"

/* Limits, LSMs and filters can all prevent it: only trying tells. */
static int
lxcHostTryUserNamespace(bool *possible, GError **error)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0)
        _exit(unshare(CLONE_NEWUSER) < 0);

    while (child > 0 && waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            child = -1;
    }
    if (child < 0)
        return virLXCSetSystemError(error, errno,
                                    _("cannot try to create a user namespace"));

    *possible = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return 0;
}

unsigned int
virLXCCgroupVersionsOf(const char *mountinfo)
{
    /* White space in paths and sources is escaped, so that only the type of a
     * file system is enclosed like this. */
    static const char *const types[] = {" - cgroup ", " - cgroup2 "};
    unsigned int versions = 0;
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strstr(mountinfo, types[i]))
            versions |= 1U << i;
    }
    return versions;
}

static int
lxcHostReadCgroups(unsigned int *cgroups, GError **error)
{
    g_autofree char *mountinfo = NULL;
    g_autoptr(GError) cause = NULL;

    if (!g_file_get_contents(MOUNTINFO_FILE, &mountinfo, NULL, &cause))
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM, "%s",
                              cause->message);

    *cgroups = virLXCCgroupVersionsOf(mountinfo);
    return 0;
}

virLXCHostInfo *
virLXCHostInfoProbe(const char *profiles, GError **error)
{
    g_autoptr(virLXCHostInfo) info = g_new0(virLXCHostInfo, 1);

    if (virLXCHostProbe(&info->host, false, error) < 0 ||
        lxcHostTryUserNamespace(&info->userNamespaces, error) < 0 ||
        lxcHostReadCgroups(&info->cgroups, error) < 0)
        return NULL;

    info->lsms = virLXCLSMProbe(VIR_LXC_LSM_FILE);
    info->profiles = virLXCProfileDirectoryList(profiles, error);
    return info->profiles ? g_steal_pointer(&info) : NULL;
}

void
virLXCHostInfoFree(virLXCHostInfo *info)
{
    if (!info)
        return;

    g_strfreev(info->lsms);
    g_strfreev(info->profiles);
    g_free(info);
}
