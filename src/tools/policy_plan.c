/*
 * policy_plan.c: plan a domain as it would be started
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a domain. Out: its plan on this host.
 */

#include "policy_plan.h"

#include "profile_file.h"

virLXCPlan *
virLXCPolicyPlanNew(const virLXCPolicyDomain *domain, GError **error)
{
    virLXCConfinementDef *def = domain->def;
    g_autofree char *profile = NULL;
    virLXCHost host;

    if (virLXCHostProbe(&host, domain->hasIdmap, error) < 0 ||
        virLXCConfinementDefComplete(def, host.landlockABI, error) < 0)
        return NULL;

    if (def->seccomp && def->seccomp->profile &&
        !(profile = virLXCProfileFileRead(VIR_LXC_POLICY_PROFILE_DIRECTORY,
                                          def->seccomp->profile, error)))
        return NULL;

    return virLXCPlanNew(def, &host, profile,
                         virLXCPolicyDomainInitIsRoot(domain), error);
}
