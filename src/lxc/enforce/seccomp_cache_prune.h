/*
 * seccomp_cache_prune.h: bound the cache of compiled filters
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/** Number of entries that are kept. */
#define VIR_LXC_SECCOMP_CACHE_ENTRIES 128

/** Days after its last use when an entry is removed. */
#define VIR_LXC_SECCOMP_CACHE_DAYS 60

/**
 * virLXCSeccompCacheUsed:
 * @entry: descriptor of an entry
 *
 * Records in the time of its last modification that the entry has been used.
 * To save writes, this time is accurate to an hour only.
 */
void virLXCSeccompCacheUsed(int entry);

/**
 * virLXCSeccompCachePrune:
 * @directory: descriptor of the cache
 *
 * Removes entries that have not been used for VIR_LXC_SECCOMP_CACHE_DAYS days,
 * the least recently used ones of more than VIR_LXC_SECCOMP_CACHE_ENTRIES, and
 * temporary files of processes that were killed. Best effort.
 */
void virLXCSeccompCachePrune(int directory);
