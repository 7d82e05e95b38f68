/*
 * lxc_netmark.c: recognize interfaces of starts that were interrupted
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include "lxc_netmark.h"
#include "virerror.h"
#include "virlog.h"
#include "virnetdevveth.h"
#include "virnetlink.h"
#include "virstring.h"
#include "viruuid.h"

#define VIR_FROM_THIS VIR_FROM_LXC

VIR_LOG_INIT("lxc.lxc_netmark");

#define LXC_NET_ALIAS "libvirt-lxc "


static int
virLXCNetSetAlias(const char *ifname,
                  const char *alias)
{
    const uint32_t group = 0;
    struct ifinfomsg info = { .ifi_family = AF_UNSPEC };
    struct nl_msg *message = nlmsg_alloc_simple(RTM_SETLINK, NLM_F_REQUEST | NLM_F_ACK);
    g_autofree struct nlmsghdr *reply = NULL;
    unsigned int len = 0;
    int rc;

    if (nlmsg_append(message, &info, sizeof(info), NLMSG_ALIGNTO) < 0 ||
        nla_put_string(message, IFLA_IFNAME, ifname) < 0 ||
        nla_put_string(message, IFLA_IFALIAS, alias) < 0 ||
        nla_put_u32(message, IFLA_GROUP, group) < 0)
        rc = -1;
    else
        rc = virNetlinkCommand(message, &reply, &len, 0, 0, NETLINK_ROUTE, 0);

    nlmsg_free(message);
    if (rc < 0 || !reply || reply->nlmsg_type != NLMSG_ERROR)
        return -1;

    return ((struct nlmsgerr *) NLMSG_DATA(reply))->error == 0 ? 0 : -1;
}


void
virLXCNetMark(const char *ifname,
              const unsigned char *uuid)
{
    char string[VIR_UUID_STRING_BUFLEN];
    g_autofree char *alias = NULL;

    virUUIDFormat(uuid, string);
    alias = g_strdup_printf(LXC_NET_ALIAS "%s", string);

    if (virLXCNetSetAlias(ifname, alias) < 0)
        VIR_WARN("Cannot set the alias of %s", ifname);
}


void
virLXCNetDelete(virLXCNetCreated *ifname)
{
    virErrorPtr error;

    virErrorPreserveLast(&error);
    ignore_value(virNetDevVethDelete(ifname));
    virErrorRestore(&error);
    g_free(ifname);
}


/* Whether the interface has an alias of ours, whose UUID is filled in */
static bool
virLXCNetHasAlias(struct nlattr **attributes,
                  unsigned char *uuid)
{
    const char *alias;

    if (!attributes[IFLA_IFALIAS])
        return false;

    alias = nla_get_string(attributes[IFLA_IFALIAS]);
    return STRPREFIX(alias, LXC_NET_ALIAS) &&
        virUUIDParse(alias + strlen(LXC_NET_ALIAS), uuid) == 0;
}


void
virLXCNetDeleteOf(const unsigned char *uuid,
                  const char *ifname)
{
    struct nlattr *attributes[IFLA_MAX + 1] = { NULL };
    g_autofree void *data = NULL;
    unsigned char found[VIR_UUID_BUFLEN];

    if (virNetlinkDumpLink(ifname, -1, &data, attributes, 0, 0) < 0)
        virResetLastError();
    else if (virLXCNetHasAlias(attributes, found) &&
             memcmp(found, uuid, VIR_UUID_BUFLEN) == 0)
        ignore_value(virNetDevVethDelete(ifname));
}


/* Whether the interface has been created for a container, but not given to it */
static bool
virLXCNetIsUnused(const char *ifname)
{
    struct nlattr *attributes[IFLA_MAX + 1] = { NULL };
    unsigned char uuid[VIR_UUID_BUFLEN];
    g_autofree void *data = NULL;

    if (virNetlinkDumpLink(ifname, -1, &data, attributes, 0, 0) < 0 ||
        attributes[IFLA_LINK_NETNSID])
        return false;

    if (attributes[IFLA_GROUP] &&
        nla_get_u32(attributes[IFLA_GROUP]) == VIR_NETLINK_GROUP_UNRECORDED)
        return true;

    return virLXCNetHasAlias(attributes, uuid);
}


static int
virLXCNetIsOfDomain(virDomainObj *vm,
                    void *opaque)
{
    VIR_LOCK_GUARD lock = virObjectLockGuard(vm);
    size_t i;

    for (i = 0; virDomainObjIsActive(vm) && i < vm->def->nnets; i++) {
        if (STREQ_NULLABLE(vm->def->nets[i]->ifname, opaque))
            return -1;
    }

    return 0;
}


void
virLXCNetRemoveUnused(virLXCDriver *driver)
{
    struct if_nameindex *all = if_nameindex();
    struct if_nameindex *one;

    for (one = all; one && one->if_name; one++) {
        if (!virLXCNetIsUnused(one->if_name) ||
            virDomainObjListForEach(driver->domains, false, virLXCNetIsOfDomain,
                                    one->if_name) < 0)
            continue;

        VIR_WARN("Removing %s of a domain that is not running", one->if_name);
        ignore_value(virNetDevVethDelete(one->if_name));
    }

    virResetLastError();
    if_freenameindex(all);
}
