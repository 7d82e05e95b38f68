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
 * @landlockABI: Landlock ABI of the host, 0 if it has none
 * @isDomain: whether the members below are known; they are not if there is only
 *     a <features>
 * @hasIdmap: whether the container has a user namespace of its own
 * @mapsHostRoot: whether a user or group of that is root of the host
 * @hasNetwork: whether the container has a network namespace of its own
 */
typedef struct {
    const virLXCConfinementDef *def;
    const virLXCPlan *plan;
    unsigned int landlockABI;
    bool isDomain;
    bool hasIdmap;
    bool mapsHostRoot;
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
 * @remedy: the line of XML that would improve it; NAME in it stands for the
 *     first of @names that is exposed
 * @expose: returns the exposure from 0 to VIR_LXC_SCORE_EXPOSED, or
 *     VIR_LXC_SCORE_NOT_APPLICABLE; NULL if it is the part of @names that are
 *     exposed
 * @names: capabilities, rights, system calls or socket families, separated by
 *     spaces, or NULL
 * @isExposed: returns whether one of @names is exposed
 * @suggest: returns a remedy that depends on more, which the caller frees, or
 *     NULL if the host does not have one; NULL if that is @remedy. @name is the
 *     first of @names that is exposed, or NULL.
 */
typedef struct _virLXCScoreRow virLXCScoreRow;
struct _virLXCScoreRow {
    const char *name;
    unsigned int weight;
    const char *meaning;
    const char *remedy;
    int (*expose)(const virLXCScoreSubject *subject, const virLXCScoreRow *row);
    const char *names;
    bool (*isExposed)(const virLXCScoreSubject *subject, const char *name);
    char *(*suggest)(const virLXCScoreSubject *subject,
                     const virLXCScoreRow *row, const char *name);
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
 * @remedy: the line of XML that would improve it, or NULL if the check finds
 *     nothing, or if nothing would improve it on this host
 * @share: what the check adds to the score, in hundredths of a point
 */
typedef struct {
    const virLXCScoreRow *row;
    int exposure;
    char *remedy;
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
