/*
 * lxc_reboot.c: remember that a container wants to be restarted
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <unistd.h>

#include "lxc_reboot.h"
#include "virfile.h"
#include "virlog.h"

VIR_LOG_INIT("lxc.lxc_reboot");


static char *
virLXCRebootPath(const char *stateDir,
                 const char *name)
{
    return g_strdup_printf("%s/%s.reboot", stateDir, name);
}


void
virLXCRebootRequest(const char *stateDir,
                    const char *name)
{
    g_autofree char *path = virLXCRebootPath(stateDir, name);

    if (virFileTouch(path, 0600) < 0)
        VIR_WARN("Cannot create %s: %s", path, virGetLastErrorMessage());
}


bool
virLXCRebootIsRequested(const char *stateDir,
                        const char *name)
{
    g_autofree char *path = virLXCRebootPath(stateDir, name);

    return virFileExists(path);
}


void
virLXCRebootForget(const char *stateDir,
                   const char *name)
{
    g_autofree char *path = virLXCRebootPath(stateDir, name);

    if (unlink(path) < 0 && errno != ENOENT)
        VIR_WARN("Cannot remove %s: %s", path, g_strerror(errno));
}
