/*
 * compare_calls.h: name ranges of system call numbers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "seccomp_conf.h"

/**
 * virLXCCompareCalls: the calls of an ABI.
 *
 * @arch: the ABI
 * @calls: private
 */
typedef struct {
    const virLXCSeccompArch *arch;
    GArray *calls;
} virLXCCompareCalls;

/**
 * virLXCCompareCallsNew:
 * @arch: an ABI
 *
 * Returns its calls, which the caller frees.
 */
virLXCCompareCalls *virLXCCompareCallsNew(const virLXCSeccompArch *arch);

/**
 * virLXCCompareCallsFind:
 * @calls: the calls of an ABI
 * @first: a number
 * @last: a number that is not lower
 * @names: array of strings that do not belong to it, to which the names of the
 *     calls from @first to @last are appended
 *
 * Returns whether these are all calls of the ABI.
 */
bool virLXCCompareCallsFind(const virLXCCompareCalls *calls, guint32 first,
                            guint32 last, GPtrArray *names);

/**
 * virLXCCompareCallsFree:
 * @calls: the calls of an ABI, or NULL
 */
void virLXCCompareCallsFree(virLXCCompareCalls *calls);
