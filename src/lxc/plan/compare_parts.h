/*
 * compare_parts.h: what the parts of the comparison share
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "compare.h"

/**
 * virLXCComparisonNew:
 *
 * Returns a comparison without differences, which the caller frees.
 */
virLXCComparison *virLXCComparisonNew(void);

/**
 * virLXCCompareUserNamespaces:
 * @comparison: the comparison, to which a difference is added
 * @from: the first plan
 * @to: the second plan
 */
void virLXCCompareUserNamespaces(virLXCComparison *comparison,
                                 const virLXCPlan *from, const virLXCPlan *to);

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
