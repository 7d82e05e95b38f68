/*
 * seccomp_cache.h: a cache of filters
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An entry is named by a digest of everything that reaches the program, and
 * holds that digest, the program and a digest of it all. Anything else, or
 * written by another user, is not an entry.
 */

#pragma once

#include "seccomp_filter.h"

/**
 * virLXCSeccompCacheKey:
 * @ruleset: a ruleset
 *
 * Returns a SHA-256 in hexadecimal of all that virLXCSeccompFilterCompile()
 * uses: the ruleset except flags and listener, the table of calls, the version
 * of libseccomp and that of the compiler. The caller frees it.
 */
char *virLXCSeccompCacheKey(const virLXCSeccompRuleset *ruleset);

/**
 * virLXCSeccompCacheGet:
 * @directory: absolute path of the cache, which is made when it is missing;
 * NULL for no cache
 * @ruleset: a ruleset
 * @error: as for virLXCSeccompFilterCompile()
 *
 * Takes the filter from the cache, or builds it and puts it there. If the cache
 * cannot be read, written or trusted, the filter is built; this is not an
 * error.
 *
 * Returns a filter that the caller frees, or NULL.
 */
virLXCSeccompFilter *
virLXCSeccompCacheGet(const char *directory,
                      const virLXCSeccompRuleset *ruleset, GError **error);
