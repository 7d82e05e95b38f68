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
 * @earlier: those that are tried before it, as this function has added them to
 *     a hash table with keys that g_free() frees; borrowed from the caller
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID if @rule can never be
 *     applied because one of them is for the same call and has no conditions,
 *     or the same ones
 *
 * Adds @rule to @earlier unless it can never be applied. The time this takes
 * does not depend on the number of rules.
 *
 * Returns 0 or -1.
 */
int virLXCSeccompRuleCheckReached(const virLXCSeccompRule *rule,
                                  GHashTable *earlier, GError **error);
