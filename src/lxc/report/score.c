/*
 * score.c: how exposed the host is to a domain
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a definition and its plan. Out: the mean of what the checks find.
 */

#include "score.h"

/* 10 points */
#define LXC_SCORE_MAX 1000

static const struct {
    unsigned int below;
    const char *name;
} lxcScoreLevels[] = {
    {200, "low"},
    {500, "moderate"},
    {800, "high"},
};

const char *
virLXCScoreLevel(unsigned int hundredths)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcScoreLevels); i++) {
        if (hundredths < lxcScoreLevels[i].below)
            return lxcScoreLevels[i].name;
    }
    return "very high";
}

static unsigned int
lxcScoreRatio(unsigned int part, unsigned int whole, unsigned int scale)
{
    return whole > 0 ? (part * scale + whole / 2) / whole : 0;
}

/* Rows are compared by address, which is their order in the table. */
static gint
lxcScoreCompare(gconstpointer a, gconstpointer b)
{
    const virLXCScoreCheck *left = a;
    const virLXCScoreCheck *right = b;

    if (left->share != right->share)
        return left->share < right->share ? 1 : -1;
    return (left->row > right->row) - (left->row < right->row);
}

virLXCScore *
virLXCScoreNew(const virLXCScoreSubject *subject)
{
    virLXCScore *score = g_new0(virLXCScore, 1);
    size_t nrows = 0;
    const virLXCScoreRow *rows = virLXCScoreTable(&nrows);
    unsigned int exposed = 0;
    unsigned int all = 0;
    size_t i;

    score->checks = g_array_new(FALSE, FALSE, sizeof(virLXCScoreCheck));
    for (i = 0; i < nrows; i++) {
        const virLXCScoreCheck check = {
            .row = &rows[i],
            .exposure = rows[i].expose(subject, &rows[i]),
        };

        g_array_append_val(score->checks, check);
        if (check.exposure == VIR_LXC_SCORE_NOT_APPLICABLE)
            continue;
        exposed += rows[i].weight * (unsigned int)check.exposure;
        all += rows[i].weight * VIR_LXC_SCORE_EXPOSED;
    }

    for (i = 0; i < score->checks->len; i++) {
        virLXCScoreCheck *check =
            &g_array_index(score->checks, virLXCScoreCheck, i);

        if (check->exposure > 0)
            check->share = lxcScoreRatio(check->row->weight *
                                             (unsigned int)check->exposure,
                                         all, LXC_SCORE_MAX);
    }

    score->hundredths = lxcScoreRatio(exposed, all, LXC_SCORE_MAX);
    g_array_sort(score->checks, lxcScoreCompare);
    return score;
}

void
virLXCScoreFree(virLXCScore *score)
{
    if (!score)
        return;

    g_array_unref(score->checks);
    g_free(score);
}
