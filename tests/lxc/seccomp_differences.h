/*
 * seccomp_differences.h: how the driver's profile differs from others
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A file has lines of "names | when | theirs | ours | why", where @when is
 * "always", or pairs of words: with CAPABILITY, without CAPABILITY, on ARCH,
 * off ARCH. All of them have to hold.
 */

#pragma once

#include "seccomp_ruleset.h"

/**
 * testWhenHolds:
 * @when: a condition as above
 * @context: a host and a domain
 *
 * Returns whether the condition holds.
 */
bool testWhenHolds(const char *when, const virLXCSeccompContext *context);

/**
 * testDifferencesRead:
 * @dir: a directory of tests/data
 *
 * Returns the lines of its differences.txt for g_ptr_array_unref().
 */
GPtrArray *testDifferencesRead(const char *dir);

/**
 * testDifferencesCompare:
 * @differences: from testDifferencesRead()
 * @name: name of a call
 * @context: a host and a domain
 * @theirs: verdict of the other profile
 * @ours: verdict of the driver's profile
 *
 * Fails the test, and prints what would have to be listed, unless both verdicts
 * are the same or their difference is listed.
 */
void testDifferencesCompare(GPtrArray *differences, const char *name,
                            const virLXCSeccompContext *context,
                            const char *theirs, const char *ours);

/**
 * testDifferencesCompareContext:
 * @differences: from testDifferencesRead()
 * @context: a host and a domain
 * @theirs: returns the other profile's verdict on a call, which is freed
 * @opaque: passed to @theirs
 *
 * Compares the verdicts on all calls that the host has.
 */
void testDifferencesCompareContext(
    GPtrArray *differences, const virLXCSeccompContext *context,
    char *(*theirs)(const char *name, const virLXCSeccompContext *context,
                    gpointer opaque),
    gpointer opaque);

/**
 * testDifferencesCheckSeen:
 * @differences: from testDifferencesRead()
 *
 * Fails the test for each line that no comparison needed.
 */
void testDifferencesCheckSeen(const GPtrArray *differences);

/**
 * testDifferencesCheckDocumented:
 * @differences: from testDifferencesRead()
 * @headline: a headline of docs/lxc-seccomp-default.rst
 * @end: beginning of a line behind the part to search
 *
 * Fails the test for each call that is not named in this part, which ends with
 * the text if there is no such line.
 */
void testDifferencesCheckDocumented(const GPtrArray *differences,
                                    const char *headline, const char *end);
