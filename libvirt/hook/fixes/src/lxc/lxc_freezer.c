/*
 * lxc_freezer.c: suspend and resume containers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <dirent.h>

#define LIBVIRT_VIRCGROUPPRIV_H_ALLOW

#include "lxc_freezer.h"
#include "vircgrouppriv.h"
#include "virerror.h"
#include "virfile.h"

#define VIR_FROM_THIS VIR_FROM_LXC

/* Timeouts in milliseconds, and how often freezing is tried */
#define LXC_FREEZE_TIMEOUT 500
#define LXC_FREEZE_ATTEMPTS 3
#define LXC_THAW_TIMEOUT 3000


/* @requested is "1" if a cgroup is frozen itself, and not by one above. @state has
 * the line @frozen if all processes are frozen. */
typedef struct {
    const char *requested;
    const char *file;
    const char *freeze;
    const char *thaw;
    const char *state;
    const char *frozen;
} virLXCFreezerVersion;

static const virLXCFreezerVersion virLXCFreezerVersions[] = {
    { "freezer.self_freezing", "freezer.state", "FROZEN", "THAWED",
      "freezer.state", "FROZEN" },
    { "cgroup.freeze", "cgroup.freeze", "1", "0", "cgroup.events", "frozen 1" },
};


static int
virLXCFreezerCheck(virCgroup *cgroup)
{
    if (virCgroupHasController(cgroup, VIR_CGROUP_CONTROLLER_FREEZER))
        return 0;

    virReportError(VIR_ERR_OPERATION_UNSUPPORTED, "%s",
                   _("the host has neither the freezer of cgroup version 1 nor the file 'cgroup.freeze' of version 2 (Linux 5.2)"));
    return -1;
}


/* Returns 1 if all processes are in that state, 0 after the timeout, or -1 with an
 * error reported. */
static int
virLXCFreezerWait(virCgroup *cgroup,
                  const char *wanted,
                  int timeout)
{
    gint64 end = g_get_monotonic_time() + timeout * G_TIME_SPAN_MILLISECOND;
    gulong pause = G_TIME_SPAN_MILLISECOND;

    while (true) {
        g_autofree char *state = NULL;

        if (virCgroupGetFreezerState(cgroup, &state) < 0)
            return -1;
        if (STREQ(state, wanted))
            return 1;
        if (g_get_monotonic_time() > end)
            return 0;

        g_usleep(pause);
        pause = MIN(2 * pause, 20 * G_TIME_SPAN_MILLISECOND);
    }
}


static void
virLXCFreezerRestore(virCgroup *cgroup,
                     const char *state)
{
    virErrorPtr error;

    virErrorPreserveLast(&error);
    ignore_value(virCgroupSetFreezerState(cgroup, state));
    virErrorRestore(&error);
}


static bool
virLXCFreezerHasLine(const char *directory,
                     const char *file,
                     const char *line)
{
    g_autofree char *path = g_strdup_printf("%s/%s", directory, file);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (virFileReadAllQuiet(path, 4096, &text) < 0)
        return false;

    lines = g_strsplit(text, "\n", -1);
    return g_strv_contains((const char * const *) lines, line);
}


static int
virLXCFreezerWrite(const char *directory,
                   const char *file,
                   const char *text)
{
    g_autofree char *path = g_strdup_printf("%s/%s", directory, file);

    return virFileWriteStr(path, text, 0);
}


/* Returns the directories of the cgroups below @directory that have been frozen */
static GPtrArray *
virLXCFreezerFreezeBelow(const char *directory,
                         const virLXCFreezerVersion *version)
{
    g_autoptr(GPtrArray) frozen = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(DIR) dir = NULL;
    struct dirent *entry;

    if (virDirOpenQuiet(&dir, directory) < 0)
        return g_steal_pointer(&frozen);

    while (virDirRead(dir, &entry, NULL) > 0) {
        g_autofree char *path = g_strdup_printf("%s/%s", directory, entry->d_name);

        if (entry->d_type == DT_DIR &&
            virLXCFreezerHasLine(path, version->requested, "0") &&
            virLXCFreezerWrite(path, version->file, version->freeze) == 0)
            g_ptr_array_add(frozen, g_steal_pointer(&path));
    }

    return g_steal_pointer(&frozen);
}


static bool
virLXCFreezerAllFrozen(const GPtrArray *directories,
                       const virLXCFreezerVersion *version)
{
    size_t i;

    for (i = 0; i < directories->len; i++) {
        if (virFileExists(directories->pdata[i]) &&
            !virLXCFreezerHasLine(directories->pdata[i], version->state,
                                  version->frozen))
            return false;
    }

    return true;
}


static void
virLXCFreezerWaitBelow(const GPtrArray *directories,
                       const virLXCFreezerVersion *version)
{
    gint64 end = g_get_monotonic_time() + LXC_FREEZE_TIMEOUT * G_TIME_SPAN_MILLISECOND;

    while (!virLXCFreezerAllFrozen(directories, version) &&
           g_get_monotonic_time() < end)
        g_usleep(2 * G_TIME_SPAN_MILLISECOND);
}


static const virLXCFreezerVersion *
virLXCFreezerFindVersion(const char *directory)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(virLXCFreezerVersions); i++) {
        g_autofree char *path = g_strdup_printf("%s/%s", directory,
                                                virLXCFreezerVersions[i].file);

        if (virFileExists(path))
            return &virLXCFreezerVersions[i];
    }

    virReportError(VIR_ERR_OPERATION_FAILED, _("cgroup '%1$s' cannot be frozen"),
                   directory);
    return NULL;
}


/* With systemd, libvirt_lxc is in a cgroup below that of the scope */
static char *
virLXCFreezerDirectory(virCgroup *cgroup)
{
    char *directory = NULL;

    ignore_value(virCgroupPathOfController(cgroup->nested ? cgroup->nested : cgroup,
                                           VIR_CGROUP_CONTROLLER_FREEZER, NULL,
                                           &directory));
    return directory;
}


/* libvirt_lxc is in the domain's cgroup, and processes of the container may be in
 * cgroups below it. A process that waits for the FUSE file system of libvirt_lxc
 * cannot be frozen until it is answered, so libvirt_lxc is frozen last. Returns the
 * same as virLXCFreezerWait(). */
static int
virLXCFreezerFreezeInOrder(virCgroup *cgroup)
{
    const virLXCFreezerVersion *version;
    g_autoptr(GPtrArray) below = NULL;
    g_autofree char *directory = virLXCFreezerDirectory(cgroup);
    size_t i;
    int rc = -1;

    if (!directory ||
        !(version = virLXCFreezerFindVersion(directory)))
        return -1;

    below = virLXCFreezerFreezeBelow(directory, version);
    virLXCFreezerWaitBelow(below, version);

    if (virCgroupSetFreezerState(cgroup, "FROZEN") == 0)
        rc = virLXCFreezerWait(cgroup, "FROZEN", LXC_FREEZE_TIMEOUT);

    /* They stay frozen as long as the domain's cgroup is */
    for (i = 0; i < below->len; i++)
        ignore_value(virLXCFreezerWrite(below->pdata[i], version->file, version->thaw));

    return rc;
}


int
virLXCFreezerFreeze(virCgroup *cgroup)
{
    int rc = 0;
    size_t i;

    if (virLXCFreezerCheck(cgroup) < 0)
        return -1;

    for (i = 0; i < LXC_FREEZE_ATTEMPTS && rc == 0; i++) {
        if ((rc = virLXCFreezerFreezeInOrder(cgroup)) <= 0)
            virLXCFreezerRestore(cgroup, "THAWED");
    }

    if (rc == 0)
        virReportError(VIR_ERR_OPERATION_FAILED,
                       _("processes of the container could not be frozen within %1$d seconds"),
                       2 * LXC_FREEZE_TIMEOUT * LXC_FREEZE_ATTEMPTS / 1000);
    return rc > 0 ? 0 : -1;
}


int
virLXCFreezerThaw(virCgroup *cgroup)
{
    int rc;

    if (virLXCFreezerCheck(cgroup) < 0 ||
        virCgroupSetFreezerState(cgroup, "THAWED") < 0)
        return -1;

    if ((rc = virLXCFreezerWait(cgroup, "THAWED", LXC_THAW_TIMEOUT)) > 0) {
        virLXCFreezerRecover(cgroup);
        return 0;
    }

    if (rc == 0)
        virReportError(VIR_ERR_OPERATION_FAILED, "%s",
                       _("processes of the container remain frozen: a cgroup above the domain's may be frozen"));
    virLXCFreezerRestore(cgroup, "FROZEN");
    return -1;
}


void
virLXCFreezerRecover(virCgroup *cgroup)
{
    const virLXCFreezerVersion *version;
    g_autofree char *state = NULL;
    g_autofree char *directory = NULL;
    g_autoptr(DIR) dir = NULL;
    struct dirent *entry;

    if (!virCgroupHasController(cgroup, VIR_CGROUP_CONTROLLER_FREEZER) ||
        virCgroupGetFreezerState(cgroup, &state) < 0 ||
        STRNEQ(state, "THAWED") ||
        !(directory = virLXCFreezerDirectory(cgroup)) ||
        !(version = virLXCFreezerFindVersion(directory)) ||
        virDirOpenQuiet(&dir, directory) < 0)
        return;

    while (virDirRead(dir, &entry, NULL) > 0) {
        g_autofree char *path = g_strdup_printf("%s/%s", directory, entry->d_name);

        if (entry->d_type == DT_DIR &&
            virLXCFreezerHasLine(path, version->requested, "1"))
            ignore_value(virLXCFreezerWrite(path, version->file, version->thaw));
    }
}
