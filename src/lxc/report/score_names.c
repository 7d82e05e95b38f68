/*
 * score_names.c: checks that look at several names
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "score_names.h"

int
virLXCScoreNames(const virLXCScoreSubject *subject, const virLXCScoreRow *row,
                 bool (*isExposed)(const virLXCScoreSubject *subject,
                                   const char *name))
{
    g_auto(GStrv) names = g_strsplit(row->names, " ", -1);
    int exposed = 0;
    int all;

    for (all = 0; names[all]; all++)
        exposed += isExposed(subject, names[all]);
    return exposed * VIR_LXC_SCORE_EXPOSED / MAX(all, 1);
}
