/*
 * host.h: what the kernel can do
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

#include "kernel_version.h"
#include "seccomp_table.h"

/**
 * virLXCHost: the facts of a host that a plan depends on. A plain struct, so
 * that tests can invent hosts.
 *
 * @lastCap: highest capability of the kernel, /proc/sys/kernel/cap_last_cap
 * @bounding: the capability bounding set that the container starts from; what
 *     is missing here cannot be granted (capabilities(7))
 * @rebootContained: whether reboot(2) in a PID namespace ends that namespace
 *     and not the host (reboot(2), since Linux 3.4)
 * @landlockABI: highest Landlock ABI of the kernel, 0 when it has none
 *     (landlock_create_ruleset(2), LANDLOCK_CREATE_RULESET_VERSION)
 * @landlockDisabled: when it has none, whether that is because it was disabled
 *     at boot (EOPNOTSUPP) and not because it was not built in (ENOSYS)
 * @landlockErrata: bit N - 1 for each Landlock erratum N that the kernel says
 * it has fixed; 0 where it does not say (LANDLOCK_CREATE_RULESET_ERRATA)
 * @kernel: version of the kernel (uname(2))
 * @cpus: how many CPUs it can have, numbered from 0 (sysconf(3),
 *     _SC_NPROCESSORS_CONF)
 * @seccompArch: its own ABI of system calls, or NULL when that is none we know
 * @seccompActions: bit N for each virLXCSeccompActionKind N that it has
 *     (/proc/sys/kernel/seccomp/actions_avail); 0 without seccomp filters
 * @seccompFlags: virLXCSeccompFlags that it has (seccomp(2))
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
 * @newUserNamespace: whether the container gets a user namespace of its own,
 *     whose bounding set starts full (user_namespaces(7))
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Asks the running kernel. Needs no privilege, but /proc.
 *
 * Returns 0 or -1.
 */
int virLXCHostProbe(virLXCHost *host, bool newUserNamespace, GError **error);
