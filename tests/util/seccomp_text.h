/*
 * seccomp_text.h: rulesets for people to read
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "seccomp_ruleset.h"

/**
 * testSeccompRulesetText:
 * @ruleset: a ruleset
 *
 * Returns lines, indented by two spaces, with all that it holds; the caller
 * frees them.
 */
char *testSeccompRulesetText(const virLXCSeccompRuleset *ruleset);
