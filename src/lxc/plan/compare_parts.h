/*
 * compare_parts.h: what the parts of the comparison share
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "compare.h"

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
