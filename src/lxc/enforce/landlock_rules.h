/*
 * landlock_rules.h: path rules resolved inside the container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <sys/types.h>

#include "landlock_plan.h"

/**
 * virLXCLandlockRule: a rule on an existing file or directory.
 *
 * @fd: descriptor of it, closed with the rule
 * @device: its file system
 * @inode: its number there
 * @allow: bits of kind FS, all of which may be given to it
 */
typedef struct {
    int fd;
    dev_t device;
    ino_t inode;
    guint64 allow;
} virLXCLandlockRule;

/**
 * virLXCLandlockOpen:
 * @path: an absolute path
 *
 * Opens @path with O_PATH such that neither ".." nor a symbolic link leads out
 * of the caller's root (openat2(2), RESOLVE_IN_ROOT).
 *
 * Returns a descriptor, or -1 with errno.
 */
int virLXCLandlockOpen(const char *path);

/**
 * virLXCLandlockRulesResolve:
 * @plan: the plan
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED for a target that is
 *     missing, or a file that was given a right that only applies to
 *     directories
 *
 * Returns an array of virLXCLandlockRule that frees its elements, or NULL.
 */
GPtrArray *
virLXCLandlockRulesResolve(const virLXCLandlockPlan *plan, GError **error);

/**
 * virLXCLandlockRulesAllow:
 * @rules: rules
 * @path: an absolute path without symbolic links
 *
 * Returns the bits of kind FS that rules on @path and on the directories that
 * it is beneath allow, which is how the kernel adds them up
 * (Documentation/userspace-api/landlock.rst).
 */
guint64 virLXCLandlockRulesAllow(const GPtrArray *rules, const char *path);
