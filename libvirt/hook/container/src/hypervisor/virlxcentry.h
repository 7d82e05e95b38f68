/*
 * virlxcentry.h: what a process that enters a container brings along
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Its executable, its locale, its stack, its place in the order of the OOM
 * killer, and the user that it becomes.
 */

#pragma once

#include "internal.h"
#include "virconftypes.h"

/**
 * virLXCEntrySealedExec:
 * @argv: the arguments of main()
 *
 * As virLXCSealedExec(). The message is printed to stderr, because there is no
 * error reporting yet.
 */
int virLXCEntrySealedExec(char **argv);

/**
 * virLXCEntryClone:
 * @func: what the child runs
 * @flags: flags of clone(2), without CLONE_VM
 * @opaque: argument of @func
 *
 * Makes a child that has a stack of a fixed size with a guard page, so that it
 * cannot overwrite anything else.
 *
 * Returns the child's process ID, or -1 with an error reported.
 */
pid_t virLXCEntryClone(int (*func)(void *), int flags, void *opaque);

/**
 * virLXCEntryLeaveHost:
 *
 * As virLXCConfinementLeaveLocale(), with libvirt's error. The process is also
 * killed when its parent ends.
 */
int virLXCEntryLeaveHost(void);

/**
 * virLXCEntryFindAccount:
 * @def: the domain
 * @uid: filled with the user ID of <inituser>, or (uid_t) -1 without one
 * @gid: filled with the group ID of <initgroup>, likewise
 * @groups: filled with the supplementary groups, which the caller frees
 * @ngroups: filled with how many there are
 *
 * Looks up names in the files of the calling process's root directory. They are
 * read by descriptor, and only if they are regular files of a sensible size. A
 * number is a number, whatever names the container has for its users.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCEntryFindAccount(const virDomainDef *def,
                           uid_t *uid,
                           gid_t *gid,
                           gid_t **groups,
                           size_t *ngroups);

/**
 * virLXCEntryProtectController:
 *
 * Makes the OOM killer spare the calling process, which is in the memory cgroup
 * of the container (proc(5), oom_score_adj). Processes that it has made before
 * are not affected.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCEntryProtectController(void);
