/*
 * landlock_enforce.c: enforce a Landlock ruleset
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCLandlockPlan. Out: the calling process is restricted by it.
 */

#include "landlock_enforce.h"

#include <errno.h>
#include <unistd.h>

#include "error.h"
#include "i18n.h"
#include "landlock_exec.h"
#include "landlock_rules.h"
#include "landlock_syscalls.h"

static int
lxcLandlockAddPaths(int ruleset, const GPtrArray *rules, GError **error)
{
    size_t i;

    for (i = 0; i < rules->len; i++) {
        const virLXCLandlockRule *rule = g_ptr_array_index(rules, i);

        if (virLXCLandlockAddPath(ruleset, rule->fd, rule->allow) < 0)
            return virLXCSetSystemError(error, errno,
                                        _("cannot add a Landlock path rule"));
    }
    return 0;
}

static int
lxcLandlockAddPorts(int ruleset, const GPtrArray *ports, GError **error)
{
    size_t i;

    for (i = 0; i < ports->len; i++) {
        const virLXCLandlockPlanPort *port = g_ptr_array_index(ports, i);

        if (virLXCLandlockAddPort(ruleset, port->number, port->allow) < 0)
            return virLXCSetSystemError(
                error, errno, _("cannot add a Landlock rule for port %1$u"),
                port->number);
    }
    return 0;
}

int
virLXCLandlockMakeRuleset(const virLXCLandlockPlan *plan, const char *init,
                          GError **error)
{
    g_autoptr(GPtrArray) rules = virLXCLandlockRulesResolve(plan, error);
    int ruleset;

    if (!rules || virLXCLandlockCheckExec(plan, rules, init, error) < 0)
        return -1;

    ruleset = virLXCLandlockCreateRuleset(
        plan->handled[VIR_LXC_LANDLOCK_FS], plan->handled[VIR_LXC_LANDLOCK_NET],
        plan->handled[VIR_LXC_LANDLOCK_SCOPE]);
    if (ruleset < 0)
        return virLXCSetSystemError(error, errno,
                                    _("cannot create a Landlock ruleset"));

    if (lxcLandlockAddPaths(ruleset, rules, error) < 0 ||
        lxcLandlockAddPorts(ruleset, plan->ports, error) < 0) {
        close(ruleset);
        return -1;
    }

    return ruleset;
}

int
virLXCLandlockRestrict(const virLXCLandlockPlan *plan, int ruleset,
                       GError **error)
{
    if (virLXCLandlockRestrictSelf(ruleset, plan->restrictFlags) < 0)
        return virLXCSetSystemError(error, errno,
                                    _("cannot enforce the Landlock ruleset"));
    return 0;
}
