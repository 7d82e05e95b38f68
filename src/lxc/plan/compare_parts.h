/*
 * compare_parts.h: what the parts of the comparison share
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "compare.h"

/**
 * virLXCComparisonAdd:
 * @comparison: the comparison
 * @difference: a difference, whose strings the comparison takes
 *
 * Adds a difference, unless it has the relation EQUAL, and updates the relation
 * of its leaf and the verdict.
 */
void virLXCComparisonAdd(virLXCComparison *comparison,
                         const virLXCDifference *difference);

/**
 * virLXCRelationOf:
 * @from: how restrictive something is in the first plan
 * @to: how restrictive it is in the second plan
 *
 * Returns the relation, which is never UNPROVABLE.
 */
virLXCRelation virLXCRelationOf(unsigned int from, unsigned int to);

/**
 * virLXCCompareLandlock:
 * @comparison: the comparison, to which differences are added
 * @from: the first ruleset, or NULL
 * @to: the second ruleset, or NULL
 */
void virLXCCompareLandlock(virLXCComparison *comparison,
                           const virLXCLandlockPlan *from,
                           const virLXCLandlockPlan *to);

/**
 * virLXCCompareSeccomp:
 * @comparison: the comparison, to which differences are added
 * @from: the first filter, or NULL
 * @to: the second filter, or NULL
 */
void virLXCCompareSeccomp(virLXCComparison *comparison,
                          const virLXCSeccompPlan *from,
                          const virLXCSeccompPlan *to);

/**
 * virLXCCompareKernelFiles:
 * @comparison: the comparison, to which differences are added
 * @from: the first list of files, or NULL
 * @to: the second list of files, or NULL
 */
void virLXCCompareKernelFiles(virLXCComparison *comparison,
                              const virLXCKernelFilesPlan *from,
                              const virLXCKernelFilesPlan *to);
