/*
 * virlxcentry.h: prepare processes for entering a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * This covers the executable, the locale, the stack, the OOM score, and the
 * user and groups of such a process.
 */

#pragma once

#include "internal.h"
#include "virconftypes.h"

/**
 * virLXCEntrySealedExec:
 * @argv: the arguments of main()
 *
 * Same as virLXCSealedExec(). The error message is printed to stderr, because
 * error reporting has not been initialized yet.
 *
 * Returns 0 in the copy, or -1 on failure.
 */
int virLXCEntrySealedExec(char **argv);

/**
 * virLXCEntryClone:
 * @func: function to run in the child
 * @flags: flags of clone(2), without CLONE_VM
 * @opaque: argument of @func
 *
 * Creates a child whose stack has a fixed size and a guard page, so that it
 * cannot corrupt other memory.
 *
 * Returns the child's process ID, or -1 with an error reported.
 */
pid_t virLXCEntryClone(int (*func)(void *), int flags, void *opaque);

/**
 * virLXCEntryEndWithController:
 *
 * Arranges for the calling process to be killed when its parent exits. The
 * kernel forgets this when the process changes its user or group ID.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCEntryEndWithController(void);

/**
 * virLXCEntryCheckController:
 * @handshake: the container's end of the handshake with its parent
 *
 * Checks that the parent has not exited before virLXCEntryEndWithController()
 * was called. Its process ID does not tell: in a new PID namespace, it is 0.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCEntryCheckController(int handshake);

/**
 * virLXCEntryLeaveHost:
 *
 * Does the same as virLXCLocaleLeave() and virLXCEntryEndWithController().
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCEntryLeaveHost(void);

/**
 * virLXCEntryFindAccount:
 * @def: the domain
 * @uid: filled with the user ID of <inituser>, or (uid_t) -1 if it is not set
 * @gid: filled with the group ID of <initgroup>, or (gid_t) -1 if it is not set
 * @groups: filled with the supplementary groups, which the caller frees
 * @ngroups: filled with the number of @groups
 *
 * Looks up names in /etc/passwd and /etc/group beneath the root directory of
 * the calling process. The files are opened safely, and must be regular files
 * of limited size. Numbers are never looked up as names.
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
 * Exempts the calling process, which is in the memory cgroup of the container,
 * from the OOM killer (proc(5), oom_score_adj). Existing children are not
 * affected.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCEntryProtectController(void);
