/*
 * seccomp_rule.h: <syscall>
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For the files of <seccomp> in this directory only.
 */

#pragma once

#include "seccomp_conf.h"

/**
 * virLXCSeccompRuleParse:
 * @node: the <syscall> element
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML or, for a condition that can
 *     never hold, VIR_LXC_CONFINEMENT_ERROR_INVALID
 *
 * Returns a rule that the caller frees, or NULL.
 */
virLXCSeccompRule *
virLXCSeccompRuleParse(const struct _xmlNode *node, GError **error);

/**
 * virLXCSeccompRuleCheckReached:
 * @rule: a rule
 * @earlier: virLXCSeccompRule, those that are tried before it
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID if @rule can never be
 *     applied because one of them is for the same call and has no conditions,
 *     or the same ones
 *
 * Returns 0 or -1.
 */
int virLXCSeccompRuleCheckReached(const virLXCSeccompRule *rule,
                                  const GPtrArray *earlier, GError **error);
