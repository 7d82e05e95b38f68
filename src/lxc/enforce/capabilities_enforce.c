/*
 * capabilities_enforce.c: set the capability sets
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCCapabilitiesPlan. Out: capability sets of the calling process
 * that execve(2) transforms into those of the plan.
 */

#include "capabilities_enforce.h"

#include <cap-ng.h>
#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "error.h"
#include "i18n.h"

/* libcap-ng caches the ID of the thread that first used it, and does not notice
 * that clone(2) has created another one. */
static int
lxcCapabilitiesRead(GError **error)
{
    capng_setpid(gettid());
    if (capng_get_caps_process() < 0)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
            _("cannot read the capabilities of the container's init"));
    return 0;
}

/* Covers every capability of the kernel, including those missing in our
 * headers: reading a nonexistent one fails (prctl(2), PR_CAPBSET_READ). */
static int
lxcCapabilitiesSelect(capng_type_t type, guint64 set, GError **error)
{
    size_t i;

    for (i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++) {
        capng_act_t action =
            set & VIR_LXC_CAPABILITY_BIT(i) ? CAPNG_ADD : CAPNG_DROP;

        if (capng_update(action, type, i) < 0)
            return virLXCSetError(
                error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
                _("cannot select the capabilities of the container's init"));
    }
    return 0;
}

static int
lxcCapabilitiesApply(capng_select_t set, GError **error)
{
    int rc = capng_apply(set);

    if (rc < 0)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
            _("cannot set the capabilities of the container's init "
              "(libcap-ng error %1$d)"),
            rc);
    return 0;
}

/* Asks the kernel: /proc, where libcap-ng looks, could be the container's. */
static int
lxcCapabilitiesReadInheritable(guint64 *set, GError **error)
{
    struct __user_cap_header_struct header = {
        .version = _LINUX_CAPABILITY_VERSION_3,
    };
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};

    if (syscall(SYS_capget, &header, data) < 0)
        return virLXCSetSystemError(
            error, errno,
            _("cannot read the capabilities of the container's init"));
    *set = (guint64)data[1].inheritable << 32 | data[0].inheritable;
    return 0;
}

static int
lxcCapabilitiesVerify(const char *name, unsigned int number, bool has,
                      guint64 wanted, GError **error)
{
    if (has == !!(wanted & VIR_LXC_CAPABILITY_BIT(number)))
        return 0;
    return virLXCSetError(
        error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
        has ? _("the kernel did not drop capability %1$u from the %2$s set")
            : _("the kernel did not grant capability %1$u in the %2$s set"),
        number, name);
}

static int
lxcCapabilitiesVerifyAll(guint64 bounding, guint64 inheritable, GError **error)
{
    guint64 found = 0;
    unsigned int i;

    if (lxcCapabilitiesReadInheritable(&found, error) < 0)
        return -1;

    /* Reading fails for capabilities that the kernel does not have. */
    for (i = 0; i <= VIR_LXC_CAPABILITY_MAX; i++) {
        bool bound = prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1;
        bool ambient =
            prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0, 0) == 1;
        bool inherits = found & VIR_LXC_CAPABILITY_BIT(i);

        if (lxcCapabilitiesVerify("bounding", i, bound, bounding, error) < 0 ||
            lxcCapabilitiesVerify("inheritable", i, inherits, inheritable,
                                  error) < 0 ||
            lxcCapabilitiesVerify("ambient", i, ambient, inheritable, error) <
                0)
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
    guint64 bounding = lxcCapabilitiesBounding(plan, isRoot);
    guint64 inheritable = lxcCapabilitiesInheritable(plan, isRoot);

    /* The bounding set is first, because changing it requires CAP_SETPCAP. */
    if (lxcCapabilitiesRead(error) < 0 ||
        lxcCapabilitiesSelect(CAPNG_BOUNDING_SET, bounding, error) < 0 ||
        lxcCapabilitiesSelect(CAPNG_INHERITABLE, inheritable, error) < 0 ||
        lxcCapabilitiesSelect(CAPNG_AMBIENT, 0, error) < 0)
        return -1;

    return lxcCapabilitiesApply(CAPNG_SELECT_ALL, error);
}

int
virLXCCapabilitiesFinish(const virLXCCapabilitiesPlan *plan, bool isRoot,
                         GError **error)
{
    guint64 bounding = lxcCapabilitiesBounding(plan, isRoot);
    guint64 inheritable = lxcCapabilitiesInheritable(plan, isRoot);

    if (lxcCapabilitiesRead(error) < 0 ||
        lxcCapabilitiesSelect(CAPNG_AMBIENT, inheritable, error) < 0 ||
        lxcCapabilitiesApply(CAPNG_SELECT_AMBIENT, error) < 0)
        return -1;

    return lxcCapabilitiesVerifyAll(bounding, inheritable, error);
}
