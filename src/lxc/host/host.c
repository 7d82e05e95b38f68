/*
 * host.c: probe the running kernel
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: /proc, uname(2), prctl(2). Out: a virLXCHost.
 */

#include <errno.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "capabilities_table.h"
#include "error.h"
#include "host.h"
#include "i18n.h"
#include "landlock_syscalls.h"
#include "seccomp_probe.h"

#define LAST_CAP_FILE "/proc/sys/kernel/cap_last_cap"

static int
lxcHostReadLastCap(unsigned int *lastCap, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) cause = NULL;
    guint64 value;

    if (!g_file_get_contents(LAST_CAP_FILE, &text, NULL, &cause))
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM, "%s",
                              cause->message);

    g_strchomp(text);
    if (!g_ascii_string_to_unsigned(text, 10, 0, VIR_LXC_CAPABILITY_MAX, &value,
                                    NULL))
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
            _("%1$s does not contain a capability number: '%2$s'"),
            LAST_CAP_FILE, text);

    *lastCap = value;
    return 0;
}

static int
lxcHostReadBounding(unsigned int lastCap, guint64 *bounding, GError **error)
{
    guint64 set = 0;
    size_t i;

    for (i = 0; i <= lastCap; i++) {
        int held = prctl(PR_CAPBSET_READ, i, 0, 0, 0);

        if (held < 0)
            return virLXCSetSystemError(
                error, errno, _("cannot read the capability bounding set"));
        if (held)
            set |= VIR_LXC_CAPABILITY_BIT(i);
    }

    *bounding = set;
    return 0;
}

static virLXCKernelVersion
lxcHostKernel(void)
{
    virLXCKernelVersion version = {0};
    struct utsname name;
    char *end = NULL;

    if (uname(&name) < 0)
        return version;

    version.major = g_ascii_strtoull(name.release, &end, 10);
    if (*end == '.')
        version.minor = g_ascii_strtoull(end + 1, NULL, 10);
    return version;
}

static int
lxcHostCountCPUs(unsigned int *cpus, GError **error)
{
    long count = sysconf(_SC_NPROCESSORS_CONF);

    if (count < 1)
        return virLXCSetSystemError(error, errno, _("cannot count the CPUs"));

    *cpus = count;
    return 0;
}

static int
lxcHostProbeLandlock(virLXCHost *host, GError **error)
{
    int abi = virLXCLandlockGetABI();

    if (abi < 0 && errno != ENOSYS && errno != EOPNOTSUPP)
        return virLXCSetSystemError(
            error, errno, _("cannot query the kernel's Landlock ABI"));

    host->landlockDisabled = abi < 0 && errno == EOPNOTSUPP;
    host->landlockABI = MAX(abi, 0);
    host->landlockErrata = virLXCLandlockGetErrata();
    return 0;
}

int
virLXCHostProbe(virLXCHost *host, bool newUserNamespace, GError **error)
{
    /* reboot(2): "Behavior inside PID namespaces", since Linux 3.4. */
    const virLXCKernelVersion rebootContained = {3, 4};
    virLXCHost probed = {
        .bounding = G_MAXUINT64,
        .kernel = lxcHostKernel(),
    };

    probed.rebootContained =
        virLXCKernelVersionCompare(probed.kernel, rebootContained) >= 0;

    if (lxcHostReadLastCap(&probed.lastCap, error) < 0 ||
        lxcHostCountCPUs(&probed.cpus, error) < 0 ||
        lxcHostProbeLandlock(&probed, error) < 0)
        return -1;

    virLXCSeccompProbe(&probed.seccompArch, &probed.seccompActions,
                       &probed.seccompFlags);

    if (!newUserNamespace &&
        lxcHostReadBounding(probed.lastCap, &probed.bounding, error) < 0)
        return -1;

    *host = probed;
    return 0;
}
