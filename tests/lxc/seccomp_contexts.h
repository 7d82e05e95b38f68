/*
 * seccomp_contexts.h: hosts and domains for tests of profiles
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "seccomp_ruleset.h"

/**
 * testCapabilities:
 * @words: names of capabilities, or of sets: none, docker (what docker leaves
 *     to containers), default (policy='default' of <capabilities>), all; with
 *     spaces between them
 *
 * Returns their bits. Ends the program when a word is neither.
 */
guint64 testCapabilities(const char *words);

/**
 * testSeccompContexts:
 *
 * Returns virLXCSeccompContext of several architectures, with each of the sets
 * and each single capability. The caller frees it.
 */
GArray *testSeccompContexts(void);

/**
 * testSeccompVerdict:
 * @ruleset: a ruleset
 * @name: name of a call
 *
 * Returns what the ruleset says of the call, as text of one line: actions with
 * their conditions, up to the first that has none. The caller frees it.
 */
char *testSeccompVerdict(const virLXCSeccompRuleset *ruleset, const char *name);

/**
 * testSeccompRuleText:
 * @rule: a rule
 *
 * Returns its action and conditions as text, which the caller frees.
 */
char *testSeccompRuleText(const virLXCSeccompRule *rule);
