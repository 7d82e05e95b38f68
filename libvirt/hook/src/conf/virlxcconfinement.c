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
#include "oci_profile.h"
#include "plan.h"

#include "configmake.h"
#include "domain_conf.h"
#include "viraudit.h"
#include "virerror.h"
#include "virlog.h"
#include "virstring.h"
#include "viruuid.h"

#define VIR_FROM_THIS VIR_FROM_LXC

VIR_LOG_INIT("conf.virlxcconfinement");

#define SECCOMP_PROFILE_DIR SYSCONFDIR "/libvirt/lxc/seccomp"
#define SECCOMP_CACHE_DIR LOCALSTATEDIR "/cache/libvirt/lxc/seccomp"


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
    xmlNodePtr features = virXPathNode("./features", ctxt);

    if (!features)
        return 0;

    if (!(def->confinement = virLXCConfinementDefParse(features, &error))) {
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

    if (!def->confinement)
        return 0;

    if (virLXCHostProbe(&host, false, &error) < 0 ||
        virLXCConfinementDefComplete(def->confinement, host.landlockABI,
                                     &error) < 0) {
        virLXCConfinementReportError(error);
        return -1;
    }

    return 0;
}


static void
virLXCConfinementWarn(const virDomainDef *def)
{
    g_auto(GStrv) warnings = virLXCConfinementDefWarnings(def->confinement,
                                                          def->os.init);
    size_t i;

    for (i = 0; warnings[i]; i++)
        VIR_WARN("Domain '%s': %s", def->name, warnings[i]);
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


/* Who <inituser> is, only the container's own user database tells; that root
 * is called root there is what matters for the report in the live XML. */
static bool
virLXCConfinementInitIsRoot(const virDomainDef *def)
{
    const char *user = def->os.inituser;

    return !user || STREQ(user, "root") || STREQ(user, "0") || STREQ(user, "+0");
}


/* Without the filter, which takes time */
static virLXCPlan *
virLXCConfinementPlanOnly(const virDomainDef *def,
                          GError **error)
{
    bool newUserNamespace = def->idmap.uidmap && def->idmap.gidmap;
    const virLXCSeccompDef *seccomp = def->confinement ? def->confinement->seccomp : NULL;
    g_autofree char *profile = NULL;
    virLXCHost host;

    if (virLXCHostProbe(&host, newUserNamespace, error) < 0)
        return NULL;

    if (seccomp && seccomp->profile &&
        !(profile = virLXCOCIProfileRead(SECCOMP_PROFILE_DIR,
                                         seccomp->profile, error)))
        return NULL;

    host.seccompProfile = profile;
    return virLXCPlanNew(def->confinement, &host,
                         virLXCConfinementInitIsRoot(def), error);
}


int
virLXCConfinementCheck(const virDomainDef *def)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCPlan) plan = virLXCConfinementPlanOnly(def, &error);

    /* What this host lacks, it may have when the domain is started */
    if (!plan && error->code != VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED) {
        virLXCConfinementReportError(error);
        return -1;
    }

    virLXCConfinementWarn(def);
    return 0;
}


/* The daemon has told what will be in effect, but reads the administrator's
 * profile for itself. */
static int
virLXCConfinementCheckPromise(const virDomainDef *def,
                              const virLXCPlan *plan)
{
    const virLXCSeccompEffective *effective = NULL;

    if (!plan->seccomp ||
        !(effective = def->confinement->seccomp->effective) ||
        STREQ(effective->digest, plan->seccomp->filter->digest))
        return 0;

    virReportError(VIR_ERR_OPERATION_FAILED, "%s",
                   _("the profile of <seccomp> has changed while the domain was being started"));
    return -1;
}


static virLXCPlan *
virLXCConfinementPlanPrepared(const virDomainDef *def)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCPlan) plan = virLXCConfinementPlanOnly(def, &error);

    if (!plan ||
        virLXCPlanPrepare(plan, SECCOMP_CACHE_DIR, &error) < 0) {
        virLXCConfinementReportError(error);
        return NULL;
    }

    return g_steal_pointer(&plan);
}


virLXCPlan *
virLXCConfinementPlan(const virDomainDef *def)
{
    g_autoptr(virLXCPlan) plan = virLXCConfinementPlanPrepared(def);

    if (!plan || virLXCConfinementCheckPromise(def, plan) < 0)
        return NULL;

    return g_steal_pointer(&plan);
}


void
virLXCConfinementPlanFree(virLXCPlan *plan)
{
    virLXCPlanFree(plan);
}


static void
virLXCConfinementAuditLandlock(const virDomainDef *def,
                               const virLXCLandlockPlan *plan)
{
    g_autofree char *lost = virLXCLandlockLostNames(plan->lost);
    g_autofree char *vmname = virAuditEncode("vm", def->name);
    char uuid[VIR_UUID_STRING_BUFLEN];

    virUUIDFormat(def->uuid, uuid);
    VIR_AUDIT(VIR_AUDIT_RECORD_RESOURCE, true,
              "virt=lxc resrc=landlock reason=start %s uuid=%s abi=%u lost=\"%s\"",
              vmname, uuid, plan->abi, lost ? lost : "");
}


static void
virLXCConfinementAuditSeccomp(const virDomainDef *def,
                              const virLXCSeccompPlan *plan)
{
    g_autofree char *vmname = virAuditEncode("vm", def->name);
    char uuid[VIR_UUID_STRING_BUFLEN];

    virUUIDFormat(def->uuid, uuid);
    VIR_AUDIT(VIR_AUDIT_RECORD_RESOURCE, true,
              "virt=lxc resrc=seccomp reason=start %s uuid=%s digest=%s instructions=%zu",
              vmname, uuid, plan->filter->digest, plan->filter->length);
}


/* What cgroup version 1 cannot do (docs/device-acl.rst, Limitations) */
static void
virLXCConfinementWarnBlkio(const virDomainDef *def,
                           const virLXCPlan *plan)
{
    const virLXCCapability *admin = virLXCCapabilityByName("sys_admin");
    g_autoptr(GPtrArray) layout = virLXCCgroupLayoutRead("self", NULL);
    size_t i;

    if ((def->blkio.weight == 0 && def->blkio.ndevices == 0) ||
        def->idmap.uidmap ||
        !(plan->capabilities.bounding & VIR_LXC_CAPABILITY_BIT(admin->number)))
        return;

    for (i = 0; layout && i < layout->len; i++) {
        if (virLXCCgroupHierarchyHas(g_ptr_array_index(layout, i), "blkio")) {
            VIR_WARN("Domain '%s': with cgroup version 1 the container can lift the limits of <blkiotune>, unless it is denied sys_admin or has an <idmap>",
                     def->name);
            return;
        }
    }
}


int
virLXCConfinementPrepare(virDomainDef *def)
{
    g_autoptr(virLXCPlan) plan = NULL;
    g_auto(GStrv) warnings = NULL;
    size_t i;

    if (!(plan = virLXCConfinementPlanPrepared(def)))
        return -1;

    warnings = virLXCPlanWarnings(plan);
    for (i = 0; warnings[i]; i++)
        VIR_WARN("Domain '%s': %s", def->name, warnings[i]);

    virLXCConfinementWarnBlkio(def, plan);
    if (plan->landlock)
        virLXCConfinementAuditLandlock(def, plan->landlock);
    if (plan->seccomp)
        virLXCConfinementAuditSeccomp(def, plan->seccomp);

    if (def->confinement)
        virLXCPlanSetEffective(plan, virLXCConfinementInitIsRoot(def),
                               def->confinement);

    return 0;
}


GPtrArray *
virLXCConfinementCgroupRead(pid_t pid)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = pid ? g_strdup_printf("%lld", (long long) pid)
                                : g_strdup("self");
    GPtrArray *layout = NULL;

    if (!(layout = virLXCCgroupLayoutRead(name, &error)))
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

    if (virLXCCgroupDelegate(init, before, uuid, uid, gid, &error) < 0) {
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

    if (virLXCCgroupUnshare(&error) < 0) {
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

    if (virLXCCgroupMount(layout, oldroot, mountopts, &error) < 0) {
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
            virLXCCgroupRemoveTree(path);
    }

    virUUIDFormat(def->uuid, uuid);
    virLXCCgroupRemove(uuid);
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
