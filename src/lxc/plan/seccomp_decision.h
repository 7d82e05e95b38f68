/*
 * seccomp_decision.h: determine the result of a filter for each call number
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a ruleset, and an AUDIT_ARCH_… value, which several ABIs can share. Out:
 * segments that cover all call numbers from 0 to G_MAXUINT32.
 */

#pragma once

#include "seccomp_ruleset.h"

/**
 * virLXCSeccompStep: a rule for a call.
 *
 * @conditions: array of virLXCSeccompCondition, all of which must hold; may be
 *     empty
 * @answer: return value of the filter if the conditions hold
 */
typedef struct {
    GArray *conditions;
    guint32 answer;
} virLXCSeccompStep;

/**
 * virLXCSeccompSegment: a range of call numbers with the same rules.
 *
 * @first: lowest number; the segment ends where the next one starts
 * @steps: array of virLXCSeccompStep, which are tried in order, or NULL
 * @answer: return value of the filter if no step applies
 */
typedef struct {
    guint32 first;
    GPtrArray *steps;
    guint32 answer;
} virLXCSeccompSegment;

/**
 * virLXCSeccompAnswer:
 * @action: an action
 *
 * Returns the return value of a filter for @action (seccomp(2)).
 */
guint32 virLXCSeccompAnswer(const virLXCSeccompAction *action);

/**
 * virLXCSeccompDecide:
 * @ruleset: the ruleset
 * @audit: AUDIT_ARCH_… of at least one ABI of @ruleset
 *
 * Returns an array of virLXCSeccompSegment in ascending order, the first of
 * which starts at 0. The caller frees it.
 */
GPtrArray *
virLXCSeccompDecide(const virLXCSeccompRuleset *ruleset, guint32 audit);
