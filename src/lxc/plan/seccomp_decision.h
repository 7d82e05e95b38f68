/*
 * seccomp_decision.h: the action of a filter for each system call number
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a ruleset. Out: for the ABIs that the kernel reports as one AUDIT_ARCH_…
 * all numbers from 0 to G_MAXUINT32 in segments, each with its decision.
 */

#pragma once

#include "seccomp_ruleset.h"

/**
 * virLXCSeccompStep: one of the rules that decide a call.
 *
 * @conditions: virLXCSeccompCondition, all of which must hold; may be empty
 * @answer: what the filter returns then
 */
typedef struct {
    GArray *conditions;
    guint32 answer;
} virLXCSeccompStep;

/**
 * virLXCSeccompSegment: numbers that are decided alike.
 *
 * @first: the lowest; the segment ends where the next one begins
 * @steps: virLXCSeccompStep that are tried in order, or NULL
 * @answer: the action if none of them matches
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
 * Returns what a filter returns for it (seccomp(2)).
 */
guint32 virLXCSeccompAnswer(const virLXCSeccompAction *action);

/**
 * virLXCSeccompDecide:
 * @ruleset: the ruleset
 * @audit: AUDIT_ARCH_… of at least one of its ABIs
 *
 * Returns an array of virLXCSeccompSegment by rising numbers, of which the
 * first begins with 0; the caller frees it.
 */
GPtrArray *
virLXCSeccompDecide(const virLXCSeccompRuleset *ruleset, guint32 audit);
