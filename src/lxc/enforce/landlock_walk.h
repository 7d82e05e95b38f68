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
 * Returns an array of virLXCLandlockRule, which frees its elements, for those
 * paths of @plan that exist and allow entries of directories to be replaced
 * (virLXCLandlockEntryRights()). The caller frees the array.
 */
GPtrArray *virLXCLandlockWritableFind(const virLXCLandlockPlan *plan);

/**
 * virLXCLandlockWalk:
 * @path: an absolute path
 * @writable: array of virLXCLandlockRule: directories in which the container
 *     can replace entries
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
int virLXCLandlockWalk(const char *path, const GPtrArray *writable,
                       const virLXCLandlockRule **found);
