/*
 * host.h: properties of the host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

#include "kernel_version.h"
#include "seccomp_table.h"

/**
 * virLXCHost: the properties of a host on which a plan depends. This is a plain
 * struct so that tests can make up hosts.
 *
 * @lastCap: highest capability of the kernel (/proc/sys/kernel/cap_last_cap)
 * @bounding: initial capability bounding set of the container; other
 *     capabilities cannot be granted (capabilities(7))
 * @rebootContained: whether reboot(2) in a PID namespace terminates that
 *     namespace instead of rebooting the host (reboot(2), since Linux 3.4)
 * @landlockABI: highest Landlock ABI of the kernel, 0 if Landlock is
 *     unavailable (landlock_create_ruleset(2), LANDLOCK_CREATE_RULESET_VERSION)
 * @landlockDisabled: if Landlock is unavailable, whether it was disabled at
 *     boot (EOPNOTSUPP) rather than not built in (ENOSYS)
 * @landlockErrata: bit N - 1 for each Landlock erratum N that the kernel
 *     reports as fixed; 0 if it cannot report errata
 *     (LANDLOCK_CREATE_RULESET_ERRATA)
 * @kernel: version of the kernel (uname(2))
 * @cpus: number of configured CPUs, which are numbered from 0 (sysconf(3),
 *     _SC_NPROCESSORS_CONF)
 * @seccompArch: native system call ABI, or NULL if it is not in our table
 * @seccompActions: bit N for each supported virLXCSeccompActionKind N
 *     (/proc/sys/kernel/seccomp/actions_avail); 0 without seccomp filters
 * @seccompFlags: the supported virLXCSeccompFlags (seccomp(2))
 */
typedef struct {
    unsigned int lastCap;
    guint64 bounding;
    bool rebootContained;
    unsigned int landlockABI;
    bool landlockDisabled;
    unsigned int landlockErrata;
    virLXCKernelVersion kernel;
    unsigned int cpus;
    const virLXCSeccompArch *seccompArch;
    unsigned int seccompActions;
    unsigned int seccompFlags;
} virLXCHost;

/**
 * virLXCHostProbe:
 * @host: filled on success, untouched on failure
 * @newUserNamespace: whether the container gets its own user namespace, whose
 *     initial bounding set is full (user_namespaces(7))
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Probes the running kernel. Requires /proc, but no privileges.
 *
 * Returns 0 or -1.
 */
int virLXCHostProbe(virLXCHost *host, bool newUserNamespace, GError **error);
