/*
 * compare_steps.h: compare the rules of two filters for a system call
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "compare.h"
#include "seccomp_decision.h"

/**
 * virLXCCompareSearch: limits and settings of a comparison.
 *
 * @sameAgent: whether both filters notify the same agent
 * @budget: the number of conditions that may still be evaluated; when it
 *     reaches 0, what has not been compared is UNPROVABLE
 */
typedef struct {
    bool sameAgent;
    gint64 budget;
} virLXCCompareSearch;

/** The initial budget of a comparison of two filters. */
#define VIR_LXC_COMPARE_BUDGET (G_GINT64_CONSTANT(1) << 26)

/**
 * virLXCCompareSteps: how the rules for a call relate.
 *
 * @relation: how the second rules relate to the first
 * @isUndecided: whether @relation is UNPROVABLE because the budget was used up,
 *     and nothing else is set
 * @from: return value of the first filter for @args
 * @to: return value of the second filter for @args
 * @hasArgs: whether @args is set: @relation is not EQUAL
 * @args: arguments for which the filters have the relation
 */
typedef struct {
    virLXCRelation relation;
    bool isUndecided;
    guint32 from;
    guint32 to;
    bool hasArgs;
    guint64 args[VIR_LXC_SECCOMP_ARGUMENTS];
} virLXCCompareSteps;

/**
 * virLXCCompareStepsRun:
 * @search: settings, whose budget is reduced
 * @from: the rules of the first filter
 * @to: the rules of the second filter
 *
 * Compares the actions of both for all arguments.
 *
 * Returns how they relate.
 */
virLXCCompareSteps virLXCCompareStepsRun(virLXCCompareSearch *search,
                                         const virLXCSeccompSegment *from,
                                         const virLXCSeccompSegment *to);

/**
 * virLXCCompareAnswers:
 * @search: settings
 * @from: return value of the first filter
 * @to: return value of the second filter
 *
 * Returns how the actions relate.
 */
virLXCRelation virLXCCompareAnswers(const virLXCCompareSearch *search,
                                    guint32 from, guint32 to);

/**
 * virLXCCompareAction:
 * @answer: return value of a filter
 *
 * Returns the action.
 */
virLXCSeccompAction virLXCCompareAction(guint32 answer);
