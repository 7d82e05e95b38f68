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
 * @target: path of the rule, owned by the plan
 * @fd: O_PATH descriptor of the file, closed with the rule; -1 if not open
 * @device: device number of its file system
 * @inode: inode number
 * @allow: bits of kind FS, all of which apply to the file
 */
typedef struct {
    const char *target;
    int fd;
    dev_t device;
    ino_t inode;
    guint64 allow;
} virLXCLandlockRule;

/**
 * virLXCLandlockRuleNew:
 * @path: the path, which must outlive the rule
 *
 * Returns a rule without a file, which the caller frees.
 */
virLXCLandlockRule *virLXCLandlockRuleNew(const virLXCLandlockPlanPath *path);

/**
 * virLXCLandlockRuleFree:
 * @opaque: a virLXCLandlockRule
 */
void virLXCLandlockRuleFree(gpointer opaque);

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
 *     exist, is a file and its rule names a right that applies only to
 *     directories, or leads through a link that the container could have made
 *     (virLXCLandlockWalk())
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
