/*
 * enforce.c: enforce a plan on the process that becomes init
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCPrepared and the credentials of init. Out: a process that
 * execve(2) turns into a confined init. The order is: capability sets that
 * execve(2) considers, Landlock ruleset, set*id, ambient capabilities,
 * no_new_privs, Landlock restriction.
 */

#include "enforce.h"

#include <errno.h>
#include <grp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "capabilities_enforce.h"
#include "descriptor.h"
#include "i18n.h"
#include "keyring.h"
#include "landlock_enforce.h"

static int
lxcEnforceGroups(const virLXCCredentials *credentials, GError **error)
{
    if (credentials->gid == (gid_t)-1)
        return 0;

    if (setgroups(credentials->ngroups, credentials->groups) < 0 ||
        setresgid(credentials->gid, credentials->gid, credentials->gid) < 0)
        return virLXCSetSystemError(error, errno, _("cannot become group %1$u"),
                                    credentials->gid);
    return 0;
}

static int
lxcEnforceUser(const virLXCCredentials *credentials, GError **error)
{
    if (credentials->uid == (uid_t)-1)
        return 0;

    /* Without this, changing the user ID from 0 would clear the permitted set,
     * which is needed to raise the ambient set. execve(2) resets the flag. */
    if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 ||
        setresuid(credentials->uid, credentials->uid, credentials->uid) < 0)
        return virLXCSetSystemError(error, errno, _("cannot become user %1$u"),
                                    credentials->uid);
    return 0;
}

static int
lxcEnforceNoNewPrivs(const virLXCPlan *plan, GError **error)
{
    if (!plan->noNewPrivs)
        return 0;

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return virLXCSetSystemError(error, errno, _("cannot set no_new_privs"));
    return 0;
}

/* The ruleset is created earlier, while the process can open everything, and
 * enforced last, so that no later step is restricted by it. */
static int
lxcEnforceRestricted(const virLXCPlan *plan,
                     const virLXCCredentials *credentials, bool isRoot,
                     int ruleset, GError **error)
{
    if (lxcEnforceGroups(credentials, error) < 0 ||
        lxcEnforceUser(credentials, error) < 0 ||
        virLXCCapabilitiesFinish(&plan->capabilities, isRoot, error) < 0 ||
        lxcEnforceNoNewPrivs(plan, error) < 0)
        return -1;

    return ruleset < 0 ? 0
                       : virLXCLandlockRestrict(plan->landlock, ruleset, error);
}

int
virLXCPreparedEnforce(const virLXCPrepared *prepared,
                      const virLXCCredentials *credentials, const char *init,
                      GError **error)
{
    const virLXCPlan *plan = prepared->plan;
    uid_t uid = credentials->uid == (uid_t)-1 ? geteuid() : credentials->uid;
    bool isRoot = uid == 0;
    VIR_LXC_AUTOCLOSE ruleset = -1;

    if (virLXCKeyringJoinNew(error) < 0 ||
        virLXCCapabilitiesRestrict(&plan->capabilities, isRoot, error) < 0)
        return -1;

    if (plan->landlock &&
        (ruleset = virLXCLandlockMakeRuleset(plan->landlock, init, error)) < 0)
        return -1;

    return lxcEnforceRestricted(plan, credentials, isRoot, ruleset, error);
}
