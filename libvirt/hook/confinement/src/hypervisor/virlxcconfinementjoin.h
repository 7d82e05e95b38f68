/*
 * virlxcconfinementjoin.h: run programs in a running container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * virsh lxc-enter-namespace and virt-login-shell run programs in a container
 * under the same policy as the container's other processes.
 */

#pragma once

#include "internal.h"

typedef struct _virLXCConfinementJoin virLXCConfinementJoin;

/**
 * virLXCConfinementJoinNew:
 * @xml: XML of a running domain
 *
 * Plans the confinement, opens the container's cgroups, and connects to the
 * seccomp agent. Must be called outside the container.
 *
 * Returns an argument for virLXCConfinementJoinRun(), which the caller frees
 * with virLXCConfinementJoinFree(), or NULL with an error reported, for example
 * if the policy has changed since the domain was started.
 */
virLXCConfinementJoin *virLXCConfinementJoinNew(const char *xml);

/**
 * virLXCConfinementJoinRun:
 * @join: returned by virLXCConfinementJoinNew() for the domain whose namespaces
 *     the caller has entered
 * @path: absolute path of the program to execute
 * @argv: its arguments
 * @uid: user ID of the program
 * @gid: group ID of the program
 * @groups: supplementary groups
 * @ngroups: number of @groups
 * @status: filled with the program's wait status, as defined by waitpid(2)
 *
 * Enters the cgroups of init, runs the confined program in a new process, and
 * waits for it to exit. Closes all descriptors of the caller except the
 * standard streams. The caller must not be in the container's PID namespace
 * itself.
 *
 * Returns 0, or -1 with an error reported if the program cannot be executed.
 */
int virLXCConfinementJoinRun(virLXCConfinementJoin *join,
                             const char *path,
                             char **argv,
                             uid_t uid,
                             gid_t gid,
                             const gid_t *groups,
                             size_t ngroups,
                             int *status);

/**
 * virLXCConfinementJoinFree:
 * @join: returned by virLXCConfinementJoinNew(), or NULL
 */
void virLXCConfinementJoinFree(virLXCConfinementJoin *join);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCConfinementJoin, virLXCConfinementJoinFree);
