/*
 * compare_range.h: sets of values of an argument of a system call
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "seccomp_conf.h"

/**
 * virLXCCompareRange: the values from @low to @high that have @bits under the
 * mask @known. Both @low and @high are such values, so it is never empty.
 */
typedef struct {
    guint64 low;
    guint64 high;
    guint64 known;
    guint64 bits;
} virLXCCompareRange;

/**
 * virLXCCompareBox: values for all arguments of a call.
 */
typedef struct {
    virLXCCompareRange args[VIR_LXC_SECCOMP_ARGUMENTS];
} virLXCCompareBox;

/**
 * virLXCCompareTruth: whether a condition holds.
 *
 * @VIR_LXC_COMPARE_NEVER: for no value
 * @VIR_LXC_COMPARE_ALWAYS: for all values
 * @VIR_LXC_COMPARE_SOMETIMES: perhaps for some values and not for others
 */
typedef enum {
    VIR_LXC_COMPARE_NEVER,
    VIR_LXC_COMPARE_ALWAYS,
    VIR_LXC_COMPARE_SOMETIMES,
} virLXCCompareTruth;

/**
 * virLXCCompareRangeAll:
 *
 * Returns the range of all values.
 */
virLXCCompareRange virLXCCompareRangeAll(void);

/**
 * virLXCCompareRangeEvaluate:
 * @range: a range
 * @condition: a condition on the argument
 *
 * Returns whether the condition holds in the range.
 */
virLXCCompareTruth
virLXCCompareRangeEvaluate(const virLXCCompareRange *range,
                           const virLXCSeccompCondition *condition);

/**
 * virLXCCompareRangeCuts:
 * @range: a range
 * @condition: a condition that holds sometimes in it; its operator is not
 *     MASKED_EQ
 * @cuts: array of guint64, to which the values are appended at which the truth
 *     of the condition changes: one or two
 */
void
virLXCCompareRangeCuts(const virLXCCompareRange *range,
                       const virLXCSeccompCondition *condition, GArray *cuts);

/**
 * virLXCCompareRangeCut:
 * @range: a range
 * @cut: one of its values above the lowest
 * @parts: filled with the values below @cut, and the others
 */
void virLXCCompareRangeCut(const virLXCCompareRange *range, guint64 cut,
                           virLXCCompareRange parts[2]);

/**
 * virLXCCompareRangeSplit:
 * @range: a range
 * @condition: a condition that holds sometimes in it; its operator is MASKED_EQ
 * @parts: filled with the values in which one bit of the mask is 0, and those
 *     in which it is 1
 *
 * Returns the number of parts: one if the bit has the same value in all of
 * @range.
 */
unsigned int virLXCCompareRangeSplit(const virLXCCompareRange *range,
                                     const virLXCSeccompCondition *condition,
                                     virLXCCompareRange parts[2]);

/**
 * virLXCCompareConditionHolds:
 * @condition: a condition on an argument
 * @value: the value of the argument
 *
 * Returns whether the condition holds.
 */
bool virLXCCompareConditionHolds(const virLXCSeccompCondition *condition,
                                 guint64 value);
