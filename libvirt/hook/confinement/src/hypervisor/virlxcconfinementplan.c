/*
 * virlxcconfinementplan.c: plan a domain's confinement on this host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "virlxcconfinementplan.h"

#include "cgroup.h"
#include "oci_profile.h"
#include "prepare.h"
#include "profile_file.h"

#include "configmake.h"
#include "domain_conf.h"
#include "viraudit.h"
#include "virerror.h"
#include "virlxcconfinementerror.h"
#include "virlxcconfinementhost.h"
#include "virlog.h"
#include "viruuid.h"

#define VIR_FROM_THIS VIR_FROM_LXC

VIR_LOG_INIT("conf.virlxcconfinementplan");

#define SECCOMP_CACHE_DIR LOCALSTATEDIR "/cache/libvirt/lxc/seccomp"


static void
virLXCConfinementWarn(const virDomainDef *def)
{
    g_auto(GStrv) warnings = virLXCConfinementDefWarnings(def->confinement,
                                                          def->os.init,
                                                          def->idmap.uidmap);
    size_t i;

    for (i = 0; warnings[i]; i++)
        VIR_WARN("Domain '%s': %s", def->name, warnings[i]);
}


/* Only the container's own user database determines the user ID of <inituser>.
 * For the report in the live XML, it is enough to recognize the name root. */
bool
virLXCConfinementInitIsRoot(const virDomainDef *def)
{
    const char *user = def->os.inituser;

    return !user || STREQ(user, "root") || STREQ(user, "0") || STREQ(user, "+0");
}


/* Plans without compiling the filter, which takes time */
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
        !(profile = virLXCProfileFileRead(VIR_LXC_CONFINEMENT_PROFILE_DIR,
                                         seccomp->profile, error)))
        return NULL;

    return virLXCPlanNew(def->confinement, &host, profile,
                         virLXCConfinementInitIsRoot(def), error);
}


int
virLXCConfinementCheck(const virDomainDef *def)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCPlan) plan = virLXCConfinementPlanOnly(def, &error);
    g_autoptr(virLXCPrepared) prepared = plan ? virLXCPlanPrepare(plan, NULL, &error) : NULL;

    /* Missing features may be available when the domain is started */
    if (!prepared &&
        error->code != VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED) {
        virLXCConfinementReportError(error);
        return -1;
    }

    virLXCConfinementWarn(def);
    return 0;
}


/* The daemon has reported the policy in the live XML, but the administrator's
 * profile is read again here. */
static int
virLXCConfinementCheckPromise(const virDomainDef *def,
                              const virLXCPrepared *plan)
{
    const virLXCSeccompEffective *effective = NULL;
    g_autofree char *policy = NULL;

    if (!plan->seccomp || !def->confinement->seccomp ||
        !(effective = def->confinement->seccomp->effective))
        return 0;

    policy = virLXCPreparedSeccompDigest(plan->seccomp);
    if (STREQ_NULLABLE(effective->policy, policy))
        return 0;

    virReportError(VIR_ERR_OPERATION_FAILED, "%s",
                   _("the policy of <seccomp> is not the one that the domain was started with: its profile or libvirt has changed since then"));
    return -1;
}


static virLXCPrepared *
virLXCConfinementPlanPrepared(const virDomainDef *def)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCPlan) plan = virLXCConfinementPlanOnly(def, &error);
    virLXCPrepared *prepared = NULL;

    if (!plan ||
        !(prepared = virLXCPlanPrepare(plan, SECCOMP_CACHE_DIR, &error)))
        virLXCConfinementReportError(error);

    return prepared;
}


virLXCPrepared *
virLXCConfinementPlan(const virDomainDef *def)
{
    g_autoptr(virLXCPrepared) plan = virLXCConfinementPlanPrepared(def);

    if (!plan || virLXCConfinementCheckPromise(def, plan) < 0)
        return NULL;

    return g_steal_pointer(&plan);
}


void
virLXCConfinementPlanFree(virLXCPrepared *plan)
{
    virLXCPreparedFree(plan);
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
                              const virLXCPreparedSeccomp *plan)
{
    g_autofree char *vmname = virAuditEncode("vm", def->name);
    char uuid[VIR_UUID_STRING_BUFLEN];

    virUUIDFormat(def->uuid, uuid);
    VIR_AUDIT(VIR_AUDIT_RECORD_RESOURCE, true,
              "virt=lxc resrc=seccomp reason=start %s uuid=%s digest=%s instructions=%zu",
              vmname, uuid, plan->filter->digest, plan->filter->length);
}


/* A limitation of cgroup version 1 (lxc-device-acl(7), LIMITATIONS) */
static void
virLXCConfinementWarnBlkio(const virDomainDef *def,
                           const virLXCPlan *plan)
{
    const virLXCCapability *admin = virLXCCapabilityByName("sys_admin");
    g_autoptr(GPtrArray) layout = virLXCPayloadLayoutRead("self", NULL);
    size_t i;

    if ((def->blkio.weight == 0 && def->blkio.ndevices == 0) ||
        def->idmap.uidmap ||
        !(plan->capabilities.bounding & VIR_LXC_CAPABILITY_BIT(admin->number)))
        return;

    for (i = 0; layout && i < layout->len; i++) {
        if (virLXCPayloadHierarchyHas(g_ptr_array_index(layout, i), "blkio")) {
            VIR_WARN("Domain '%s': with cgroup version 1, the container can lift the limits of <blkiotune> unless capability 'sys_admin' is dropped or <idmap> is used",
                     def->name);
            return;
        }
    }
}


int
virLXCConfinementPrepare(virDomainDef *def)
{
    g_autoptr(virLXCPrepared) prepared = NULL;
    const virLXCPlan *plan = NULL;
    g_auto(GStrv) warnings = NULL;
    size_t i;

    if (!(prepared = virLXCConfinementPlanPrepared(def)))
        return -1;
    plan = prepared->plan;

    warnings = virLXCPlanWarnings(plan);
    for (i = 0; warnings[i]; i++)
        VIR_WARN("Domain '%s': %s", def->name, warnings[i]);

    virLXCConfinementWarnBlkio(def, plan);
    if (plan->landlock)
        virLXCConfinementAuditLandlock(def, plan->landlock);
    if (prepared->seccomp)
        virLXCConfinementAuditSeccomp(def, prepared->seccomp);

    if (def->confinement)
        virLXCPreparedSetEffective(prepared, virLXCConfinementInitIsRoot(def),
                                   def->confinement);

    return 0;
}
