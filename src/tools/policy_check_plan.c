/*
 * policy_check_plan.c: whether a domain would start
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a domain and a host. Out: the error with which the driver would refuse
 * it, or what would be in effect. The order of the checks is the driver's
 * (virLXCConfinementCheck(), virLXCConfinementPrepare()).
 */

#include <errno.h>
#include <unistd.h>

#include "cgroup_layout.h"
#include "descriptor.h"
#include "host_check.h"
#include "i18n.h"
#include "policy_check.h"
#include "policy_plan.h"
#include "prepare.h"
#include "profile_file.h"
#include "seccomp_listener.h"

static void
lxcPolicyAddAll(GPtrArray *array, char **texts)
{
    size_t i;

    for (i = 0; texts[i]; i++)
        g_ptr_array_add(array, g_strdup(texts[i]));
}

/* What a host lacks so that no domain starts, or none with <idmap>. That a user
 * cannot create user namespaces does not mean that the driver cannot. */
static int
lxcPolicyCheckHost(const virLXCPolicyCheckHost *host,
                   const virLXCPolicyDomain *domain, GPtrArray *unchecked,
                   GError **error)
{
    g_autoptr(GPtrArray) checks = virLXCHostChecks(host->info);
    size_t i;

    for (i = 0; i < checks->len; i++) {
        const virLXCHostCheck *check = g_ptr_array_index(checks, i);

        if (check->result == VIR_LXC_HOST_CHECK_FAIL)
            return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
                                  "%s", check->hint);
    }

    if (!domain->hasIdmap || host->info->userNamespaces)
        return 0;
    if (host->isOther || geteuid() == 0)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
            _("<idmap> requires user namespaces, which cannot "
              "be created on this host"));

    g_ptr_array_add(unchecked,
                    g_strdup(_("whether root can create user namespaces, which "
                               "<idmap> requires")));
    return 0;
}

/* The text of a profile of another host is not in its domain capabilities. */
static char *
lxcPolicyReadProfile(const virLXCPolicyCheckHost *host, const char *name,
                     GPtrArray *unchecked, GError **error)
{
    const char *const *profiles = (const char *const *)host->info->profiles;
    g_autofree char *path =
        g_strdup_printf("%s/%s%s", VIR_LXC_POLICY_PROFILE_DIRECTORY, name,
                        VIR_LXC_PROFILE_FILE_SUFFIX);

    if (host->isOther && !g_strv_contains(profiles, name)) {
        virLXCSetSystemError(error, ENOENT,
                             _("cannot read seccomp profile '%1$s'"), path);
        return NULL;
    }
    if (host->isOther)
        g_ptr_array_add(
            unchecked,
            g_strdup_printf(_("whether seccomp profile '%1$s' of that host is "
                              "the one in '%2$s'"),
                            name, host->profiles));
    return virLXCProfileFileRead(host->profiles, name, error);
}

static virLXCPrepared *
lxcPolicyPrepare(const virLXCPolicyCheckHost *host,
                 const virLXCPolicyDomain *domain, GPtrArray *unchecked,
                 GError **error)
{
    const virLXCSeccompDef *seccomp = domain->def->seccomp;
    const char *name = seccomp ? seccomp->profile : NULL;
    g_autofree char *profile = NULL;
    g_autoptr(virLXCPlan) plan = NULL;
    virLXCHost properties = host->info->host;

    /* user_namespaces(7): the bounding set of a new one is full. */
    if (domain->hasIdmap)
        properties.bounding = G_MAXUINT64;

    if (name && !(profile = lxcPolicyReadProfile(host, name, unchecked, error)))
        return NULL;

    plan = virLXCPlanNew(domain->def, &properties, profile,
                         virLXCPolicyDomainInitIsRoot(domain), error);
    return plan ? virLXCPlanPrepare(plan, NULL, error) : NULL;
}

/* An agent of another host cannot be reached from here, and that of this host
 * only by root. */
static int
lxcPolicyCheckAgent(const virLXCPolicyCheckHost *host,
                    const virLXCPrepared *prepared, GPtrArray *unchecked,
                    GError **error)
{
    const virLXCSeccompPlan *plan = prepared->plan->seccomp;
    VIR_LXC_AUTOCLOSE fd = -1;

    if (!plan || !plan->notifies)
        return 0;

    if (host->isOther || geteuid() != 0) {
        g_ptr_array_add(
            unchecked,
            g_strdup_printf(_("whether the seccomp agent at '%1$s' accepts "
                              "connections"),
                            plan->ruleset->listenerPath));
        return 0;
    }

    fd = virLXCSeccompListenerConnect(plan->ruleset->listenerPath, error);
    if (fd < 0)
        /* The controller connects, and the daemon reports its errors so. */
        g_prefix_error(error, _("guest failed to start: "));
    return fd < 0 ? -1 : 0;
}

/* Only a container has its files, and only the driver knows its devices. */
static void
lxcPolicyAddUnchecked(const virLXCPolicyDomain *domain, GPtrArray *unchecked)
{
    const virLXCLandlockDef *landlock = domain->def->landlock;

    if (landlock && landlock->paths->len > 0)
        g_ptr_array_add(unchecked,
                        g_strdup(_("whether the targets of <path> exist in the "
                                   "container")));
    if (landlock && landlock->hasFS)
        g_ptr_array_add(
            unchecked,
            g_strdup(_("whether <fs> of <landlock> allows init to be "
                       "executed")));
    if (domain->initUser)
        g_ptr_array_add(unchecked,
                        g_strdup(_("whether the user of <inituser> exists in "
                                   "the container")));
    g_ptr_array_add(unchecked,
                    g_strdup(_("whether elements that are not about "
                               "confinement, such as <devices>, prevent the "
                               "start")));
}

/* As virDomainIdmapDefParse() of libvirt, whose messages these are */
static int
lxcPolicyCheckIdmap(const virLXCPolicyDomain *domain, GError **error)
{
    if (domain->hasHalfIdmap)
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                              _("uid and gid should be mapped both"));
    if (domain->hasIdmap && !domain->mapsRoot)
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                              _("You must map the root user of container"));
    return 0;
}

/* Domains that a host cannot confine can still be defined. */
static virLXCPolicyStage
lxcPolicyFailedStage(const GError *error)
{
    return error->code == VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED
               ? VIR_LXC_POLICY_START
               : VIR_LXC_POLICY_DEFINE;
}

/* Of another host, only the versions of cgroups are known. */
static bool
lxcPolicyHasBlkioVersion1(const virLXCPolicyCheckHost *host)
{
    g_autoptr(GPtrArray) layout = NULL;
    size_t i;

    if (host->isOther)
        return host->info->cgroups & VIR_LXC_CGROUP_VERSION_1;

    layout = virLXCPayloadLayoutRead("self", NULL);
    for (i = 0; layout && i < layout->len; i++) {
        if (virLXCPayloadHierarchyHas(g_ptr_array_index(layout, i), "blkio"))
            return true;
    }
    return false;
}

/* As virLXCConfinementWarnBlkio() of the driver, whose message this is */
static void
lxcPolicyWarnBlkio(const virLXCPolicyCheckHost *host,
                   const virLXCPolicyDomain *domain, const virLXCPlan *plan,
                   GPtrArray *warnings)
{
    const virLXCCapability *admin = virLXCCapabilityByName("sys_admin");

    if (domain->hasBlkio && !domain->hasIdmap &&
        plan->capabilities.bounding & VIR_LXC_CAPABILITY_BIT(admin->number) &&
        lxcPolicyHasBlkioVersion1(host))
        g_ptr_array_add(
            warnings,
            g_strdup(_("with cgroup version 1, the container can lift the "
                       "limits of <blkiotune> unless capability 'sys_admin' is "
                       "dropped or <idmap> is used")));
}

static virLXCPolicyStage
lxcPolicyCheckStart(const virLXCPolicyCheckHost *host,
                    virLXCPolicyDomain *domain, virLXCPolicyCheckResult *result)
{
    g_autoptr(virLXCPrepared) prepared = NULL;
    g_auto(GStrv) warnings = NULL;

    if (!(prepared = lxcPolicyPrepare(host, domain, result->unchecked,
                                      &result->cause)))
        return lxcPolicyFailedStage(result->cause);

    if (lxcPolicyCheckHost(host, domain, result->unchecked, &result->cause) <
            0 ||
        lxcPolicyCheckAgent(host, prepared, result->unchecked, &result->cause) <
            0)
        return VIR_LXC_POLICY_START;

    warnings = virLXCPlanWarnings(prepared->plan);
    lxcPolicyAddAll(result->warnings, warnings);
    lxcPolicyWarnBlkio(host, domain, prepared->plan, result->warnings);
    virLXCPreparedSetEffective(prepared, virLXCPolicyDomainInitIsRoot(domain),
                               domain->def);
    return VIR_LXC_POLICY_STARTED;
}

virLXCPolicyCheckResult *
virLXCPolicyCheckDomain(const virLXCPolicyCheckHost *host,
                        virLXCPolicyDomain *domain)
{
    virLXCPolicyCheckResult *result = g_new0(virLXCPolicyCheckResult, 1);
    g_auto(GStrv) warnings = NULL;

    result->warnings = g_ptr_array_new_with_free_func(g_free);
    result->unchecked = g_ptr_array_new_with_free_func(g_free);
    result->stage = VIR_LXC_POLICY_DEFINE;

    if (virLXCPolicyDomainParse(domain, &result->cause) < 0 ||
        (domain->def->present &&
         virLXCConfinementDefComplete(domain->def, host->info->host.landlockABI,
                                      &result->cause) < 0) ||
        lxcPolicyCheckIdmap(domain, &result->cause) < 0)
        return result;

    warnings = virLXCConfinementDefWarnings(domain->def, domain->init,
                                            domain->hasIdmap);
    lxcPolicyAddAll(result->warnings, warnings);
    lxcPolicyAddUnchecked(domain, result->unchecked);
    result->stage = lxcPolicyCheckStart(host, domain, result);
    return result;
}

void
virLXCPolicyCheckResultFree(virLXCPolicyCheckResult *result)
{
    if (!result)
        return;

    g_clear_error(&result->cause);
    g_ptr_array_unref(result->warnings);
    g_ptr_array_unref(result->unchecked);
    g_free(result);
}
