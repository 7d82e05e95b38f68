/*
 * seccomp_cache.h: filters that have been built before
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An entry is named by a digest of everything that reaches the program, and
 * holds that digest, the program and a digest of it all. What is not exactly
 * what was written by the same user is not an entry.
 */

#pragma once

#include "seccomp_filter.h"

/**
 * virLXCSeccompCacheKey:
 * @ruleset: a ruleset
 *
 * Returns a SHA-256 in hexadecimal of all that virLXCSeccompFilterCompile()
 * looks at: the ruleset but for flags and listener, the table of calls, the
 * version of libseccomp and that of the compiler. The caller frees it.
 */
char *virLXCSeccompCacheKey(const virLXCSeccompRuleset *ruleset);

/**
 * virLXCSeccompCacheGet:
 * @directory: absolute path of the cache, which is made when it is missing;
 * NULL for no cache
 * @ruleset: a ruleset
 * @error: as for virLXCSeccompFilterCompile()
 *
 * Takes the filter from the cache, or builds it and puts it there. A cache that
 * cannot be read, written or trusted is no error: the filter is built.
 *
 * Returns a filter that the caller frees, or NULL.
 */
virLXCSeccompFilter *
virLXCSeccompCacheGet(const char *directory,
                      const virLXCSeccompRuleset *ruleset, GError **error);
