/*
 * seccomp_agree.h: whether filters do what rulesets mean
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "bpf.h"
#include "seccomp_filter.h"

/**
 * testSeccompCompile:
 * @ruleset: a ruleset
 *
 * Returns its filter, of which every kernel accepts the program, and which the
 * caller frees. Ends the program on failure.
 */
virLXCSeccompFilter *testSeccompCompile(const virLXCSeccompRuleset *ruleset);

/**
 * testSeccompCompileAny:
 * @ruleset: a ruleset
 *
 * Returns as above, but NULL when it is too long for a filter.
 */
virLXCSeccompFilter *testSeccompCompileAny(const virLXCSeccompRuleset *ruleset);

/**
 * testSeccompRun:
 * @filter: a filter
 * @call: a call
 *
 * Returns what the filter does on a host of the call's byte order,
 * SECCOMP_RET_….
 */
guint32
testSeccompRun(const virLXCSeccompFilter *filter, const testBPFCall *call);

/**
 * testSeccompCallText:
 * @call: a call
 *
 * Returns it in words, which the caller frees.
 */
char *testSeccompCallText(const testBPFCall *call);

/**
 * testSeccompAgree:
 * @ruleset: a ruleset
 * @filter: its filter
 * @call: a call
 *
 * Ends the program when filter and ruleset differ about the call.
 */
void
testSeccompAgree(const virLXCSeccompRuleset *ruleset,
                 const virLXCSeccompFilter *filter, const testBPFCall *call);

/**
 * testSeccompKernelAgrees:
 * @filter: a filter
 * @calls: testBPFCall
 *
 * Has the running kernel run the filter on those of @calls whose ABIs it knows.
 * Ends the program when kernel and interpreter differ about one.
 *
 * Returns how many they were.
 */
guint testSeccompKernelAgrees(const virLXCSeccompFilter *filter, GArray *calls);
