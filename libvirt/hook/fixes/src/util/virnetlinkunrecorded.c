/*
 * virnetlinkunrecorded.c: interfaces that have been created, but not recorded
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "virnetlinkunrecorded.h"

#include "virerror.h"
#include "virnetlink.h"

#if defined(WITH_LIBNL)

static bool
virNetlinkIsUnrecorded(const char *ifname)
{
    struct nlattr *attributes[IFLA_MAX + 1] = { NULL };
    g_autofree void *data = NULL;

    return virNetlinkDumpLink(ifname, -1, &data, attributes, 0, 0) == 0 &&
        attributes[IFLA_GROUP] &&
        nla_get_u32(attributes[IFLA_GROUP]) == VIR_NETLINK_GROUP_UNRECORDED;
}


void
virNetlinkDelUnrecorded(const char *ifname)
{
    virErrorPtr error;

    virErrorPreserveLast(&error);
    if (virNetlinkIsUnrecorded(ifname))
        ignore_value(virNetlinkDelLink(ifname, NULL));
    virErrorRestore(&error);
}

#endif /* WITH_LIBNL */
