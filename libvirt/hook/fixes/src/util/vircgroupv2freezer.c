/*
 * vircgroupv2freezer.c: methods for the freezer of cgroup version 2
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#define LIBVIRT_VIRCGROUPPRIV_H_ALLOW

#include "vircgroupv2freezer.h"
#include "vircgrouppriv.h"
#include "virerror.h"
#include "virfile.h"

#define VIR_FROM_THIS VIR_FROM_CGROUP

/* Levels of cgroups in which processes are looked for that are not frozen yet */
#define FREEZER_DEPTH 64


bool
virCgroupV2FreezerAvailable(virCgroup *group)
{
    g_autofree char *path = NULL;

    if (!group->unified.mountPoint || !group->unified.placement ||
        group->legacy[VIR_CGROUP_CONTROLLER_FREEZER].mountPoint)
        return false;

    path = g_strdup_printf("%s%s/cgroup.freeze", group->unified.mountPoint,
                           group->unified.placement);
    return virFileExists(path);
}


int
virCgroupV2SetFreezerState(virCgroup *group,
                           const char *state)
{
    return virCgroupSetValueStr(group, VIR_CGROUP_CONTROLLER_FREEZER,
                                "cgroup.freeze", STREQ(state, "FROZEN") ? "1" : "0");
}


/* cgroup.events has a line for each key */
static bool
virCgroupV2FreezerIsFrozen(int dirfd)
{
    VIR_AUTOCLOSE fd = openat(dirfd, "cgroup.events", O_RDONLY | O_CLOEXEC);
    g_autofree char *events = NULL;
    g_auto(GStrv) lines = NULL;

    if (fd < 0 || virFileReadLimFD(fd, 4096, &events) < 0)
        return false;

    lines = g_strsplit(events, "\n", -1);
    return g_strv_contains((const char * const *) lines, "frozen 1");
}


/* The kernel says that a cgroup is frozen as soon as its own processes are, even if
 * those of its descendants are not. A cgroup that has been removed is not an error. */
static bool
virCgroupV2FreezerAllFrozen(int dirfd,
                            unsigned int depth)
{
    g_autoptr(DIR) dir = NULL;
    struct dirent *entry;
    int fd;

    if (!virCgroupV2FreezerIsFrozen(dirfd))
        return faccessat(dirfd, "cgroup.events", F_OK, 0) < 0 && errno == ENOENT;

    if (depth == 0)
        return true;

    if ((fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
        return false;
    if (!(dir = fdopendir(fd))) {
        VIR_FORCE_CLOSE(fd);
        return false;
    }

    while ((entry = readdir(dir))) {
        VIR_AUTOCLOSE below = -1;

        if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
            continue;
        below = openat(dirfd, entry->d_name, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (below >= 0 && !virCgroupV2FreezerAllFrozen(below, depth - 1))
            return false;
    }

    return true;
}


int
virCgroupV2GetFreezerState(virCgroup *group,
                           char **state)
{
    g_autofree char *requested = NULL;
    g_autofree char *path = NULL;
    VIR_AUTOCLOSE dirfd = -1;

    if (virCgroupGetValueStr(group, VIR_CGROUP_CONTROLLER_FREEZER,
                             "cgroup.freeze", &requested) < 0 ||
        virCgroupPathOfController(group, VIR_CGROUP_CONTROLLER_FREEZER,
                                  NULL, &path) < 0)
        return -1;

    if ((dirfd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) {
        virReportSystemError(errno, _("cannot open cgroup '%1$s'"), path);
        return -1;
    }

    if (STREQ(requested, "0"))
        *state = g_strdup(virCgroupV2FreezerIsFrozen(dirfd) ? "FROZEN" : "THAWED");
    else
        *state = g_strdup(virCgroupV2FreezerAllFrozen(dirfd, FREEZER_DEPTH) ?
                          "FROZEN" : "FREEZING");

    return 0;
}
