/*
 * lxc_privileges.c: no thread of libvirt_lxc keeps capabilities
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <cap-ng.h>
#include <dirent.h>

#include "lxc_privileges.h"
#include "virerror.h"
#include "virfile.h"
#include "virgdbus.h"
#include "virstring.h"
#include "virthread.h"

#define VIR_FROM_THIS VIR_FROM_LXC

#define LXC_PRIVILEGES_TASKS "/proc/self/task"
#define LXC_PRIVILEGES_TIMEOUT (5 * G_USEC_PER_SEC)
#define LXC_PRIVILEGES_PAUSE (5 * 1000)


int
virLXCPrivilegesDrop(void)
{
    capng_clear(CAPNG_SELECT_BOTH);

    if (capng_apply(CAPNG_SELECT_BOTH) < 0) {
        virReportSystemError(errno, "%s",
                             _("cannot drop the capabilities of a thread"));
        return -1;
    }

    return 0;
}


/* Errors belong to threads */
static void
virLXCPrivilegesWorkersThread(void *opaque)
{
    virErrorPtr *error = opaque;

    if (virLXCPrivilegesDrop() < 0)
        virErrorPreserveLast(error);
    else
        ignore_value(virGDBusHasSystemBus());
}


int
virLXCPrivilegesStartWorkers(void)
{
    virErrorPtr error = NULL;
    virThread thread;

    if (virThreadCreateFull(&thread, true, virLXCPrivilegesWorkersThread,
                            "lxc-workers", false, &error) < 0) {
        virReportSystemError(errno, "%s", _("cannot create a thread"));
        return -1;
    }

    virThreadJoin(&thread);
    if (error) {
        virErrorRestore(&error);
        return -1;
    }

    return 0;
}


/* The permitted set contains the effective one. A thread that has exited has no
 * capabilities. */
static int
virLXCPrivilegesRead(const char *path,
                     unsigned long long *permitted)
{
    g_autofree char *text = NULL;
    char *line;
    int rc;

    if ((rc = virFileReadAllQuiet(path, 65536, &text)) < 0) {
        *permitted = 0;
        return rc == -ENOENT || rc == -ESRCH ? 0 : -1;
    }

    if (!(line = strstr(text, "\nCapPrm:\t")))
        return -1;

    return virStrToLong_ull(line + strlen("\nCapPrm:\t"), &line, 16, permitted);
}


/* Returns the first thread that may have capabilities that the main thread lacks */
static char *
virLXCPrivilegesFindThread(unsigned long long allowed)
{
    g_autoptr(DIR) dir = NULL;
    struct dirent *entry;
    int rc;

    if (virDirOpenQuiet(&dir, LXC_PRIVILEGES_TASKS) < 0)
        return g_strdup("?");

    while ((rc = virDirRead(dir, &entry, NULL)) > 0) {
        g_autofree char *path = g_strdup_printf(LXC_PRIVILEGES_TASKS "/%s/status",
                                                entry->d_name);
        unsigned long long permitted = 0;

        if (virLXCPrivilegesRead(path, &permitted) < 0 ||
            (permitted & ~allowed))
            return g_strdup(entry->d_name);
    }

    return rc < 0 ? g_strdup("?") : NULL;
}


int
virLXCPrivilegesCheckThreads(void)
{
    gint64 end = g_get_monotonic_time() + LXC_PRIVILEGES_TIMEOUT;
    unsigned long long allowed = 0;

    if (virLXCPrivilegesRead("/proc/thread-self/status", &allowed) < 0) {
        virReportError(VIR_ERR_INTERNAL_ERROR, "%s",
                       _("cannot read the capabilities of libvirt_lxc"));
        return -1;
    }

    while (true) {
        g_autofree char *task = virLXCPrivilegesFindThread(allowed);

        if (!task)
            return 0;

        if (g_get_monotonic_time() > end) {
            virReportError(VIR_ERR_INTERNAL_ERROR,
                           _("thread '%1$s' of libvirt_lxc has capabilities"), task);
            return -1;
        }

        g_usleep(LXC_PRIVILEGES_PAUSE);
    }
}
