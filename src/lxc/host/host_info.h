/*
 * host_info.h: what is reported about a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "host.h"

/**
 * virLXCCgroupVersions: versions of cgroups. A host can have both.
 */
typedef enum {
    VIR_LXC_CGROUP_VERSION_1 = 1 << 0,
    VIR_LXC_CGROUP_VERSION_2 = 1 << 1,
} virLXCCgroupVersions;

/**
 * virLXCHostInfo: the properties of a host that domain capabilities and
 * virt-host-validate report. Plans depend only on @host. This is a plain struct
 * so that tests can make up hosts.
 *
 * @host: the host, with the bounding set of containers without a user namespace
 *     of their own
 * @userNamespaces: whether user namespaces can be created
 * @cgroups: virLXCCgroupVersions of the mounted hierarchies
 * @lsms: names of the active LSMs in the order in which the kernel calls them,
 *     or NULL if it is unknown
 * @profiles: sorted names of the administrator's seccomp profiles
 */
typedef struct {
    virLXCHost host;
    bool userNamespaces;
    unsigned int cgroups;
    char **lsms;
    char **profiles;
} virLXCHostInfo;

/**
 * virLXCHostInfoProbe:
 * @profiles: absolute path of the directory with the administrator's seccomp
 *     profiles
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Probes the running kernel. Requires /proc, but no privileges. Forks in order
 * to create a user namespace.
 *
 * Returns the properties, which the caller frees, or NULL.
 */
virLXCHostInfo *virLXCHostInfoProbe(const char *profiles, GError **error);

/**
 * virLXCCgroupVersionsOf:
 * @mountinfo: text with the format of /proc/PID/mountinfo (proc(5))
 *
 * Returns the virLXCCgroupVersions of the mounted hierarchies.
 */
unsigned int virLXCCgroupVersionsOf(const char *mountinfo);

/**
 * virLXCHostInfoFree:
 * @info: properties, or NULL
 */
void virLXCHostInfoFree(virLXCHostInfo *info);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCHostInfo, virLXCHostInfoFree)
