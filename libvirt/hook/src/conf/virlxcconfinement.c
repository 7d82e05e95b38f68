/*
 * virlxcconfinement.c: confinement of LXC domains, for the rest of libvirt
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <nss.h>

#include "virlxcconfinement.h"

#include "confinement_conf.h"
#include "cgroup.h"
#include "host.h"

#include "domain_conf.h"
#include "virerror.h"
#include "virstring.h"
#include "viruuid.h"

#define VIR_FROM_THIS VIR_FROM_LXC


void
virLXCConfinementReportError(const GError *error)
{
    int code = VIR_ERR_INTERNAL_ERROR;

    switch ((virLXCConfinementErrorCode) error->code) {
    case VIR_LXC_CONFINEMENT_ERROR_XML:
        code = VIR_ERR_XML_ERROR;
        break;
    case VIR_LXC_CONFINEMENT_ERROR_INVALID:
    case VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED:
        code = VIR_ERR_CONFIG_UNSUPPORTED;
        break;
    case VIR_LXC_CONFINEMENT_ERROR_SYSTEM:
        code = VIR_ERR_SYSTEM_ERROR;
        break;
    }

    virReportError(code, "%s", error->message);
}


bool
virLXCConfinementIsFeature(const xmlChar *name)
{
    return virLXCConfinementIsElement((const char *) name);
}


int
virLXCConfinementParse(virDomainDef *def,
                       xmlXPathContextPtr ctxt)
{
    g_autoptr(GError) error = NULL;

    if (!(def->confinement = virLXCConfinementDefParse(ctxt->node, &error))) {
        virLXCConfinementReportError(error);
        return -1;
    }

    return 0;
}


void
virLXCConfinementFormat(virBuffer *buf,
                        const virDomainDef *def)
{
    size_t indent = virBufferGetIndent(buf);
    g_autofree char *xml = virLXCConfinementDefFormat(def->confinement, indent);

    virBufferSetIndent(buf, 0);
    virBufferAdd(buf, xml, -1);
    virBufferSetIndent(buf, indent);
}


void
virLXCConfinementFree(virDomainDef *def)
{
    g_clear_pointer(&def->confinement, virLXCConfinementDefFree);
}


bool
virLXCConfinementCheckABIStability(const virDomainDef *src,
                                   const virDomainDef *dst)
{
    g_autoptr(GError) error = NULL;

    if (virLXCConfinementDefCheckABIStability(src->confinement,
                                              dst->confinement, &error) < 0) {
        virLXCConfinementReportError(error);
        return false;
    }

    return true;
}


int
virLXCConfinementValidate(const virDomainDef *def)
{
    if (def->confinement && def->confinement->present &&
        def->virtType != VIR_DOMAIN_VIRT_LXC) {
        virReportError(VIR_ERR_CONFIG_UNSUPPORTED,
                       _("<capabilities>, <no-new-privs>, <landlock> and <seccomp> in <features> are only supported for domains of type 'lxc', not '%s'"),
                       virDomainVirtTypeToString(def->virtType));
        return -1;
    }

    return 0;
}


int
virLXCConfinementComplete(virDomainDef *def)
{
    g_autoptr(GError) error = NULL;
    virLXCHost host;

    if (!def->confinement || !def->confinement->present)
        return 0;

    if (virLXCHostProbe(&host, false, &error) < 0 ||
        virLXCConfinementDefComplete(def->confinement, host.landlockABI,
                                     &error) < 0) {
        virLXCConfinementReportError(error);
        return -1;
    }

    return 0;
}


int
virLXCConfinementSetCapabilities(virDomainDef *def,
                                 bool allow,
                                 char **names)
{
    virLXCCapabilitiesDef caps = {
        .policy = allow ? VIR_LXC_CAPABILITIES_POLICY_ALLOW
                        : VIR_LXC_CAPABILITIES_POLICY_DENY,
    };

    for (; names && *names; names++) {
        const virLXCCapability *row = virLXCCapabilityByName(*names);
        unsigned int number = row ? row->number : 0;

        if (!row &&
            (virStrToLong_uip(*names, NULL, 10, &number) < 0 ||
             number > VIR_LXC_CAPABILITY_MAX)) {
            virReportError(VIR_ERR_CONFIG_UNSUPPORTED,
                           _("unknown capability '%s'"), *names);
            return -1;
        }

        if (allow)
            caps.off |= VIR_LXC_CAPABILITY_BIT(number);
        else
            caps.on |= VIR_LXC_CAPABILITY_BIT(number);
    }

    virLXCConfinementFree(def);
    def->confinement = g_new0(virLXCConfinementDef, 1);
    def->confinement->present = true;
    def->confinement->capabilities = caps;
    return 0;
}


bool
virLXCConfinementGrantsMknod(const virDomainDef *def)
{
    const virLXCCapability *mknod = virLXCCapabilityByName("mknod");

    return def->confinement &&
        (def->confinement->capabilities.on & VIR_LXC_CAPABILITY_BIT(mknod->number));
}


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


int
virLXCConfinementCgroupMount(const GPtrArray *layout,
                             const char *oldroot,
                             const char *mountopts)
{
    g_autoptr(GError) error = NULL;

    if (virLXCPayloadMount(layout, oldroot, mountopts, &error) < 0) {
        virLXCConfinementReportError(error);
        return -1;
    }

    return 0;
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


int
virLXCConfinementTrustOwnFilesOnly(void)
{
    static const char *const databases[] = { "passwd", "group", "initgroups" };
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(databases); i++) {
        if (__nss_configure_lookup(databases[i], "files") < 0) {
            virReportSystemError(errno,
                                 _("cannot confine look-ups of '%s' to files"),
                                 databases[i]);
            return -1;
        }
    }

    return 0;
}


void
virLXCConfinementSetNoNewPrivs(virDomainDef *def)
{
    def->confinement->noNewPrivs = VIR_LXC_SWITCH_ON;
}
