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

static void
lxcScoreClearCheck(gpointer opaque)
{
    virLXCScoreCheck *check = opaque;

    g_free(check->remedy);
}

/* Returns the part of the names that are exposed. @first is set to the first
 * of them, which the caller frees. */
static int
lxcScoreNames(const virLXCScoreSubject *subject, const virLXCScoreRow *row,
              char **first)
{
    g_auto(GStrv) names = g_strsplit(row->names, " ", -1);
    int exposed = 0;
    int all;

    for (all = 0; names[all]; all++) {
        if (!row->isExposed(subject, names[all]))
            continue;
        if (exposed++ == 0)
            *first = g_strdup(names[all]);
    }
    return exposed * VIR_LXC_SCORE_EXPOSED / MAX(all, 1);
}

static char *
lxcScoreRemedy(const virLXCScoreSubject *subject, const virLXCScoreRow *row,
               const char *name)
{
    g_auto(GStrv) parts = NULL;

    if (row->suggest)
        return row->suggest(subject, row, name);

    parts = g_strsplit(row->remedy, "NAME", -1);
    return g_strjoinv(name ? name : "", parts);
}

static virLXCScoreCheck
lxcScoreCheck(const virLXCScoreSubject *subject, const virLXCScoreRow *row)
{
    virLXCScoreCheck check = {.row = row};
    g_autofree char *first = NULL;

    check.exposure = row->expose ? row->expose(subject, row)
                                 : lxcScoreNames(subject, row, &first);
    if (check.exposure > 0)
        check.remedy = lxcScoreRemedy(subject, row, first);
    return check;
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
    g_array_set_clear_func(score->checks, lxcScoreClearCheck);
    for (i = 0; i < nrows; i++) {
        const virLXCScoreCheck check = lxcScoreCheck(subject, &rows[i]);

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
