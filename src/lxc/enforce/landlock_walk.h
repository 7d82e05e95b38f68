/*
 * landlock_walk.h: resolve targets below writable directories
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "landlock_rules.h"

/**
 * virLXCLandlockWritableFind:
 * @plan: the plan
 *
 * Returns a set of virLXCLandlockRule, compared by inode, for those paths of
 * @plan that exist and allow entries of directories to be replaced
 * (virLXCLandlockEntryRights()). The set owns its elements. The caller frees
 * it.
 */
GHashTable *virLXCLandlockWritableFind(const virLXCLandlockPlan *plan);

/**
 * virLXCLandlockWalk:
 * @path: an absolute path
 * @writable: the set of directories in which the container can replace
 *     entries, from virLXCLandlockWritableFind()
 * @found: filled with the directory of @writable in which a symbolic link was
 *     found
 *
 * Opens @path like virLXCLandlockOpen(), except that symbolic links are not
 * followed once a directory in @writable has been entered, by whichever name
 * and links: the container can make links there.
 *
 * Returns a descriptor, which the caller closes, or -1 with errno set. @found
 * is changed only on failure.
 */
int virLXCLandlockWalk(const char *path, GHashTable *writable,
                       const virLXCLandlockRule **found);
