/*
 * virlxcconfinementjoin.h: programs that join a running container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Programs that are started in a container by virsh lxc-enter-namespace and
 * virt-login-shell get the policy of the container's own processes.
 */

#pragma once

#include "internal.h"

typedef struct _virLXCConfinementJoin virLXCConfinementJoin;

/**
 * virLXCConfinementJoinNew:
 * @xml: XML of a running domain
 *
 * To be called outside the container: plans its confinement, opens its
 * cgroups, and connects to the seccomp agent.
 *
 * Returns an argument for virLXCConfinementJoinRun(), to be freed with
 * virLXCConfinementJoinFree(); or NULL with an error reported, for example when
 * the policy has changed since the domain was started.
 */
virLXCConfinementJoin *virLXCConfinementJoinNew(const char *xml);

/**
 * virLXCConfinementJoinRun:
 * @join: for the domain whose namespaces the caller has entered
 * @path: program to execute
 * @argv: its arguments
 * @uid: user it runs as
 * @gid: its group
 * @groups: supplementary groups
 * @ngroups: how many
 * @status: filled with its exit status as by waitpid(2)
 *
 * Enters the cgroups of init, runs the program, confined, in a new process and
 * waits for it to exit. Closes all descriptors of the caller except the standard
 * streams. The caller must not be in the container's PID namespace itself.
 *
 * Returns 0, or -1 with an error reported when the program could not be
 * executed.
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
