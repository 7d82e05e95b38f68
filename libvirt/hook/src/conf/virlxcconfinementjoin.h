/*
 * virlxcconfinementjoin.h: programs that join a running container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * They get the policy that the container's own processes have. For clients on
 * the container's host: virsh lxc-enter-namespace and virt-login-shell.
 */

#pragma once

#include "internal.h"

typedef struct _virLXCConfinementJoin virLXCConfinementJoin;

/**
 * virLXCConfinementJoinNew:
 * @xml: XML of a running domain
 *
 * To be called outside of the container: plans its confinement, opens its
 * cgroups, and connects the agent that calls are notified to.
 *
 * Returns what virLXCConfinementJoinRun() needs, for
 * virLXCConfinementJoinFree(), or NULL with an error reported, as when the
 * policy is not the one that the domain was started with any more.
 */
virLXCConfinementJoin *virLXCConfinementJoinNew(const char *xml);

/**
 * virLXCConfinementJoinRun:
 * @join: of the domain whose namespaces the caller has entered
 * @path: program to execute
 * @argv: its arguments
 * @uid: user it runs as
 * @gid: its group
 * @groups: supplementary groups
 * @ngroups: how many
 * @status: filled with its end as by waitpid(2)
 *
 * Enters the cgroups that init is in, and runs the program, confined, in a
 * process of its own, for whose end it waits.
 * To be called by a process that does nothing else any more, and is not in the
 * container's PID namespace itself: all its descriptors but the standard
 * streams are closed.
 *
 * Returns 0, or -1 with an error reported when it could not be executed.
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
 * @join: what virLXCConfinementJoinNew() has returned, or NULL
 */
void virLXCConfinementJoinFree(virLXCConfinementJoin *join);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCConfinementJoin, virLXCConfinementJoinFree);
