/*
 * landlock_rules.h: path rules resolved inside the container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <sys/types.h>

#include "landlock_plan.h"

/**
 * virLXCLandlockRule: a rule for an existing file or directory.
 *
 * @fd: O_PATH descriptor of the file, closed with the rule
 * @device: device number of its file system
 * @inode: inode number
 * @allow: bits of kind FS, all of which apply to the file
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
 * Opens @path with O_PATH. Neither ".." nor symbolic links can lead out of the
 * caller's root (openat2(2), RESOLVE_IN_ROOT).
 *
 * Returns a descriptor, which the caller closes, or -1 with errno set.
 */
int virLXCLandlockOpen(const char *path);

/**
 * virLXCLandlockRulesResolve:
 * @plan: the plan
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED if a target does not
 *     exist, or is a file and its rule names a right that applies only to
 *     directories
 *
 * Returns an array of virLXCLandlockRule, which frees its elements, or NULL.
 * The caller frees the array.
 */
GPtrArray *
virLXCLandlockRulesResolve(const virLXCLandlockPlan *plan, GError **error);

/**
 * virLXCLandlockRulesAllow:
 * @rules: array of virLXCLandlockRule
 * @path: an absolute path without symbolic links
 *
 * Returns the bits of kind FS allowed by the rules on @path and on all
 * directories above it, which the kernel combines in the same way
 * (Documentation/userspace-api/landlock.rst).
 */
guint64 virLXCLandlockRulesAllow(const GPtrArray *rules, const char *path);
