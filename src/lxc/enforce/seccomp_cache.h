/*
 * seccomp_cache.h: cache of compiled filters
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The name of an entry is a digest of everything that affects the program. An
 * entry consists of that digest, the program, and a digest of both. Files that
 * were not written by the same user, or are not complete and intact, are
 * ignored. The number of entries is limited, and entries that have not been
 * used for a long time are removed (seccomp_cache_prune.h).
 */

#pragma once

#include "seccomp_filter.h"

/**
 * virLXCSeccompCacheKey:
 * @ruleset: a ruleset
 *
 * Returns the SHA-256 digest, in hexadecimal, of everything on which the result
 * of virLXCSeccompFilterCompile() depends: the ruleset except its flags and
 * listener, the table of system calls, and the versions of libseccomp and of
 * the compiler. The caller frees it.
 */
char *virLXCSeccompCacheKey(const virLXCSeccompRuleset *ruleset);

/**
 * virLXCSeccompCacheGet:
 * @directory: absolute path of the cache, which is created if it does not
 *     exist; NULL for no cache
 * @ruleset: a ruleset
 * @error: set as documented for virLXCSeccompFilterCompile()
 *
 * Reads the filter from the cache, or compiles it and adds it to the cache. If
 * the cache cannot be read, written or trusted, the filter is compiled; this is
 * not an error.
 *
 * Returns a filter that the caller frees, or NULL.
 */
virLXCSeccompFilter *
virLXCSeccompCacheGet(const char *directory,
                      const virLXCSeccompRuleset *ruleset, GError **error);
