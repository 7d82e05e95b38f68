/*
 * seccomp_random.h: any ruleset, any call
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "bpf.h"
#include "seccomp_ruleset.h"

/**
 * testSeccompRulesetFromBytes:
 * @data: any bytes
 * @size: how many
 *
 * Returns a ruleset that they stand for, which the caller frees. Few calls have
 * many rules, values are often those that 32 bits can or cannot hold.
 */
virLXCSeccompRuleset *
testSeccompRulesetFromBytes(const guint8 *data, size_t size);

/**
 * testSeccompAnyCall:
 * @rand: where chance comes from
 * @ruleset: a ruleset
 *
 * Returns a call, most often one that @ruleset has a rule for, with arguments
 * of which many are what a rule compares them with, or differ in one bit, by
 * one, or in one half.
 */
testBPFCall
testSeccompAnyCall(GRand *rand, const virLXCSeccompRuleset *ruleset);
