/*
 * capabilities_enforce.c: set the capability sets
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCCapabilitiesPlan. Out: capability sets of the calling process
 * that execve(2) transforms into those of the plan.
 *
 * libcap-ng is not used: it reads /proc/PID/status, which belongs to the
 * container here. For a process that joins the container, it is even that of
 * another process.
 */

#include "capabilities_enforce.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "error.h"
#include "i18n.h"

typedef struct __user_cap_data_struct lxcCapabilitySets;

static int
lxcCapabilitiesGet(lxcCapabilitySets *sets, GError **error)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};

    if (syscall(SYS_capget, &header, sets) == 0)
        return 0;
    return virLXCSetSystemError(
        error, errno, _("cannot read the capabilities of the process"));
}

static int
lxcCapabilitiesSet(const lxcCapabilitySets *sets, GError **error)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};

    if (syscall(SYS_capset, &header, sets) == 0)
        return 0;
    return virLXCSetSystemError(
        error, errno, _("cannot set the capabilities of the process"));
}

static bool
lxcCapabilitiesHas(guint64 set, unsigned int number)
{
    return set & VIR_LXC_CAPABILITY_BIT(number);
}

/* Covers every capability of the kernel, including those missing in our
 * headers: reading a nonexistent one fails (prctl(2), PR_CAPBSET_READ). */
static bool
lxcCapabilitiesExists(unsigned int number)
{
    return prctl(PR_CAPBSET_READ, number, 0, 0, 0) >= 0;
}

static int
lxcCapabilitiesDropBounding(guint64 kept, GError **error)
{
    unsigned int i;

    for (i = 0; lxcCapabilitiesExists(i); i++) {
        if (!lxcCapabilitiesHas(kept, i) &&
            prctl(PR_CAPBSET_DROP, i, 0, 0, 0) < 0)
            return virLXCSetSystemError(
                error, errno,
                _("cannot drop capability %1$u from the bounding set"), i);
    }
    return 0;
}

static int
lxcCapabilitiesClearAmbient(GError **error)
{
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0)
        return 0;
    return virLXCSetSystemError(
        error, errno, _("cannot clear the ambient set of capabilities"));
}

static int
lxcCapabilitiesSetInheritable(guint64 inheritable, GError **error)
{
    lxcCapabilitySets sets[_LINUX_CAPABILITY_U32S_3] = {0};
    size_t i;

    if (lxcCapabilitiesGet(sets, error) < 0)
        return -1;

    for (i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
        sets[i].inheritable = (guint32)(inheritable >> (32 * i));
    return lxcCapabilitiesSet(sets, error);
}

static int
lxcCapabilitiesRaiseAmbient(guint64 ambient, GError **error)
{
    unsigned int i;

    for (i = 0; lxcCapabilitiesExists(i); i++) {
        if (lxcCapabilitiesHas(ambient, i) &&
            prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0) < 0)
            return virLXCSetSystemError(
                error, errno,
                _("cannot raise capability %1$u in the ambient "
                  "set"),
                i);
    }
    return 0;
}

static int
lxcCapabilitiesVerifyOne(bool has, bool wanted, unsigned int number,
                         GError **error)
{
    if (has == wanted)
        return 0;

    return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
                          wanted ? _("the kernel did not grant capability %1$u")
                                 : _("the kernel did not drop capability %1$u"),
                          number);
}

static int
lxcCapabilitiesVerify(guint64 bounding, guint64 inheritable, GError **error)
{
    lxcCapabilitySets sets[_LINUX_CAPABILITY_U32S_3] = {0};
    unsigned int i;

    if (lxcCapabilitiesGet(sets, error) < 0)
        return -1;

    for (i = 0; i <= VIR_LXC_CAPABILITY_MAX; i++) {
        bool inherits = sets[CAP_TO_INDEX(i)].inheritable & CAP_TO_MASK(i);
        bool ambient =
            prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0, 0) == 1;
        bool wanted = lxcCapabilitiesHas(inheritable, i);

        if (lxcCapabilitiesVerifyOne(prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1,
                                     lxcCapabilitiesHas(bounding, i), i,
                                     error) < 0 ||
            lxcCapabilitiesVerifyOne(inherits, wanted, i, error) < 0 ||
            lxcCapabilitiesVerifyOne(ambient, wanted, i, error) < 0)
            return -1;
    }
    return 0;
}

static guint64
lxcCapabilitiesBounding(const virLXCCapabilitiesPlan *plan, bool isRoot)
{
    return isRoot ? plan->bounding : plan->boundingUser;
}

/* Root obtains its capabilities from the bounding set. If they were inheritable
 * too, other users could obtain them through files with inheritable
 * capabilities. */
static guint64
lxcCapabilitiesInheritable(const virLXCCapabilitiesPlan *plan, bool isRoot)
{
    return isRoot ? 0 : plan->listed;
}

int
virLXCCapabilitiesRestrict(const virLXCCapabilitiesPlan *plan, bool isRoot,
                           GError **error)
{
    /* The bounding set is first, because changing it requires CAP_SETPCAP. */
    if (lxcCapabilitiesDropBounding(lxcCapabilitiesBounding(plan, isRoot),
                                    error) < 0 ||
        lxcCapabilitiesClearAmbient(error) < 0)
        return -1;

    return lxcCapabilitiesSetInheritable(
        lxcCapabilitiesInheritable(plan, isRoot), error);
}

int
virLXCCapabilitiesFinish(const virLXCCapabilitiesPlan *plan, bool isRoot,
                         GError **error)
{
    guint64 inheritable = lxcCapabilitiesInheritable(plan, isRoot);

    if (lxcCapabilitiesRaiseAmbient(inheritable, error) < 0)
        return -1;

    return lxcCapabilitiesVerify(lxcCapabilitiesBounding(plan, isRoot),
                                 inheritable, error);
}

int
virLXCCapabilitiesLimitPermitted(guint64 kept, GError **error)
{
    lxcCapabilitySets sets[_LINUX_CAPABILITY_U32S_3] = {0};
    size_t i;

    if (lxcCapabilitiesGet(sets, error) < 0)
        return -1;

    for (i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
        sets[i].permitted &= (guint32)(kept >> (32 * i));
        sets[i].effective &= sets[i].permitted;
    }
    return lxcCapabilitiesSet(sets, error);
}
