/*
 * score.h: how exposed the host is to a domain
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a definition and its plan. Out: the result of each check of the table in
 * score_table.c, and a score from 0 to 10.
 */

#pragma once

#include "plan.h"

/**
 * virLXCScoreSubject: what is checked.
 *
 * @def: the definition
 * @plan: its plan for a host with seccomp filters
 * @isDomain: whether the members below are known; they are not if there is only
 *     a <features>
 * @hasIdmap: whether the container has a user namespace of its own
 * @hasNetwork: whether the container has a network namespace of its own
 */
typedef struct {
    const virLXCConfinementDef *def;
    const virLXCPlan *plan;
    bool isDomain;
    bool hasIdmap;
    bool hasNetwork;
} virLXCScoreSubject;

/** The exposure of a check that finds nothing wrong is 0. */
#define VIR_LXC_SCORE_EXPOSED 100

/** What a check returns that does not apply to the subject. */
#define VIR_LXC_SCORE_NOT_APPLICABLE (-1)

/**
 * virLXCScoreRow: a check.
 *
 * @name: its name
 * @weight: how much it counts, compared with the others
 * @meaning: what processes in the container can do if it finds something, a
 *     sentence that is not translated yet
 * @remedy: the line of XML that would improve it
 * @expose: returns the exposure from 0 to VIR_LXC_SCORE_EXPOSED, or
 *     VIR_LXC_SCORE_NOT_APPLICABLE
 * @names: the capabilities, rights, system calls or socket families that
 *     @expose looks at, separated by spaces, or NULL
 */
typedef struct _virLXCScoreRow virLXCScoreRow;
struct _virLXCScoreRow {
    const char *name;
    unsigned int weight;
    const char *meaning;
    const char *remedy;
    int (*expose)(const virLXCScoreSubject *subject, const virLXCScoreRow *row);
    const char *names;
};

/**
 * virLXCScoreTable:
 * @nrows: filled with the number of rows
 *
 * Returns the table of checks. Static, never to be freed.
 */
const virLXCScoreRow *virLXCScoreTable(size_t *nrows);

/**
 * virLXCScoreCheck: the result of a check.
 *
 * @row: the check
 * @exposure: see virLXCScoreRow
 * @share: what the check adds to the score, in hundredths of a point
 */
typedef struct {
    const virLXCScoreRow *row;
    int exposure;
    unsigned int share;
} virLXCScoreCheck;

/**
 * virLXCScore: how exposed the host is.
 *
 * @hundredths: the score in hundredths of a point: 0 is least exposed, 1000 is
 *     most exposed. It is the mean of the exposures of all checks that apply,
 *     by weight.
 * @checks: array of virLXCScoreCheck, those that add most to the score first,
 *     and otherwise in the order of the table
 */
typedef struct {
    unsigned int hundredths;
    GArray *checks;
} virLXCScore;

/**
 * virLXCScoreNew:
 * @subject: what is checked
 *
 * Returns the score, which the caller frees.
 */
virLXCScore *virLXCScoreNew(const virLXCScoreSubject *subject);

/**
 * virLXCScoreLevel:
 * @hundredths: a score
 *
 * Returns a word for it, which is not translated: "low" for a score below 2,
 * "moderate" below 5, "high" below 8, "very high" above. Static.
 */
const char *virLXCScoreLevel(unsigned int hundredths);

/**
 * virLXCScoreFree:
 * @score: a score, or NULL
 */
void virLXCScoreFree(virLXCScore *score);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCScore, virLXCScoreFree)
