/*
 * score_names.h: checks that look at several names
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "score.h"

/**
 * virLXCScoreNames:
 * @subject: what is checked
 * @row: the check
 * @isExposed: returns whether one of the names is exposed
 *
 * Returns the exposure: the part of the names of @row that are exposed.
 */
int
virLXCScoreNames(const virLXCScoreSubject *subject, const virLXCScoreRow *row,
                 bool (*isExposed)(const virLXCScoreSubject *subject,
                                   const char *name));
