/*
 * policy_plan.c: plan a domain as it would be started
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a domain, and the domain capabilities of another host if it is not this
 * one. Out: its plan.
 */

#include "policy_plan.h"

#include "domain_caps_parse.h"
#include "profile_file.h"

virLXCHostInfo *
virLXCPolicyHostRead(const char *path, GError **error)
{
    g_autofree char *text =
        virLXCPolicyFileRead(path, VIR_LXC_POLICY_XML_MAX, error);
    g_autoptr(xmlDoc) doc =
        text ? virLXCPolicyXMLParse(text, path, error) : NULL;

    return doc ? virLXCDomainCapsParse(xmlDocGetRootElement(doc), error) : NULL;
}

/* user_namespaces(7): the bounding set of a new one is full. */
int
virLXCPolicyHostProbe(virLXCHost *host, const virLXCPolicyDomain *domain,
                      const char *path, GError **error)
{
    g_autoptr(virLXCHostInfo) info = NULL;

    if (!path)
        return virLXCHostProbe(host, domain->hasIdmap, error);

    if (!(info = virLXCPolicyHostRead(path, error)))
        return -1;
    *host = info->host;
    if (domain->hasIdmap)
        host->bounding = G_MAXUINT64;
    return 0;
}

virLXCPlan *
virLXCPolicyPlanNewOn(const virLXCPolicyDomain *domain, const virLXCHost *host,
                      GError **error)
{
    virLXCConfinementDef *def = domain->def;
    g_autofree char *profile = NULL;

    if (virLXCConfinementDefComplete(def, host->landlockABI, error) < 0)
        return NULL;

    if (def->seccomp && def->seccomp->profile &&
        !(profile = virLXCProfileFileRead(VIR_LXC_POLICY_PROFILE_DIRECTORY,
                                          def->seccomp->profile, error)))
        return NULL;

    return virLXCPlanNew(def, host, profile,
                         virLXCPolicyDomainInitIsRoot(domain), error);
}

virLXCPlan *
virLXCPolicyPlanNew(const virLXCPolicyDomain *domain, const char *path,
                    GError **error)
{
    virLXCHost host;

    if (virLXCPolicyHostProbe(&host, domain, path, error) < 0)
        return NULL;
    return virLXCPolicyPlanNewOn(domain, &host, error);
}
