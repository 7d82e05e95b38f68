/*
 * virlxcconfinementcgroup.c: cgroups of LXC containers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "virlxcconfinementcgroup.h"

#include "cgroup.h"

#include "domain_conf.h"
#include "viruuid.h"
#include "virlxcconfinementerror.h"


GPtrArray *
virLXCConfinementCgroupRead(pid_t pid)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = pid ? g_strdup_printf("%lld", (long long) pid)
                                : g_strdup("self");
    GPtrArray *layout = NULL;

    if (!(layout = virLXCPayloadLayoutRead(name, &error)))
        virLXCConfinementReportError(error);

    return layout;
}


int
virLXCConfinementCgroupDelegate(const virDomainDef *def,
                                pid_t init,
                                const GPtrArray *before)
{
    g_autoptr(GError) error = NULL;
    char uuid[VIR_UUID_STRING_BUFLEN];
    uid_t uid = def->idmap.uidmap ? def->idmap.uidmap[0].target : 0;
    gid_t gid = def->idmap.gidmap ? def->idmap.gidmap[0].target : 0;

    virUUIDFormat(def->uuid, uuid);

    if (virLXCPayloadDelegate(init, before, uuid, uid, gid, &error) < 0) {
        virLXCConfinementReportError(error);
        return -1;
    }

    return 0;
}


GPtrArray *
virLXCConfinementCgroupEnter(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) layout = virLXCConfinementCgroupRead(0);

    if (!layout)
        return NULL;

    if (virLXCPayloadUnshare(&error) < 0) {
        virLXCConfinementReportError(error);
        return NULL;
    }

    return g_steal_pointer(&layout);
}


void
virLXCConfinementCgroupRemove(const virDomainDef *def,
                              virCgroup *cgroup)
{
    char uuid[VIR_UUID_STRING_BUFLEN];
    size_t i;

    for (i = 0; cgroup && i < VIR_CGROUP_CONTROLLER_LAST; i++) {
        g_autofree char *path = NULL;

        if (virCgroupHasController(cgroup, i) &&
            virCgroupPathOfController(cgroup, i, VIR_LXC_CGROUP_PAYLOAD, &path) == 0)
            virLXCPayloadRemoveTree(path);
    }

    virUUIDFormat(def->uuid, uuid);
    virLXCPayloadRemove(uuid);
}
