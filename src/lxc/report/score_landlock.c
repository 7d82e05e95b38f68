/*
 * score_landlock.c: checks of Landlock
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a definition and its plan. Out: how exposed the host is.
 */

#include "compare_tree.h"
#include "score_check.h"

static bool
lxcScoreIsHandled(const virLXCScoreSubject *subject,
                  const virLXCLandlockRight *right)
{
    const virLXCLandlockPlan *plan = subject->plan->landlock;

    return plan && plan->handled[right->kind] & right->bit;
}

bool
virLXCScoreIsUnrestricted(const virLXCScoreSubject *subject, const char *name)
{
    return !lxcScoreIsHandled(subject, virLXCLandlockRightByName(name));
}

bool
virLXCScoreReachesAbstractSockets(const virLXCScoreSubject *subject,
                                  const char *name)
{
    return !subject->hasNetwork && virLXCScoreIsUnrestricted(subject, name);
}

/* What is looked for: a path on which all of @rights are allowed. @isOwn:
 * whether none of them is allowed above it. */
typedef struct {
    guint64 rights;
    bool onRoot;
    char *found;
    bool isOwn;
} lxcScoreSearch;

static void
lxcScoreVisit(const char *path, virLXCComparePair here, virLXCComparePair above,
              void *opaque)
{
    lxcScoreSearch *search = opaque;

    if (search->found || (here.value[0] & search->rights) != search->rights ||
        (search->onRoot && !g_str_equal(path, "/")))
        return;

    search->found = g_strdup(path);
    search->isOwn = !(above.value[0] & search->rights);
}

static void
lxcScoreFind(const virLXCLandlockPlan *plan, lxcScoreSearch *search)
{
    g_auto(virLXCCompareTree) tree = {0};
    guint i;

    virLXCCompareTreeInit(&tree, false, 0);
    for (i = 0; i < plan->paths->len; i++) {
        const virLXCLandlockPlanPath *path = g_ptr_array_index(plan->paths, i);

        virLXCCompareTreeAdd(&tree, 0, path->target, path->allow);
    }
    virLXCCompareTreeWalk(&tree, lxcScoreVisit, search);
}

bool
virLXCScoreIsEverywhere(const virLXCScoreSubject *subject, const char *name)
{
    const virLXCLandlockRight *right = virLXCLandlockRightByName(name);
    lxcScoreSearch search = {.rights = right->bit, .onRoot = true};
    g_autofree char *found = NULL;

    if (!lxcScoreIsHandled(subject, right))
        return true;

    lxcScoreFind(subject->plan->landlock, &search);
    found = search.found;
    return found;
}

/* Returns whether files are restricted. */
static bool
lxcScoreFindWriteExecute(const virLXCScoreSubject *subject,
                         lxcScoreSearch *search)
{
    const virLXCLandlockRight *write = virLXCLandlockRightByName("write_file");
    const virLXCLandlockRight *execute = virLXCLandlockRightByName("execute");

    search->rights = write->bit | execute->bit;
    if (!lxcScoreIsHandled(subject, write))
        return false;

    lxcScoreFind(subject->plan->landlock, search);
    return true;
}

int
virLXCScoreWriteExecute(const virLXCScoreSubject *subject,
                        const virLXCScoreRow *row G_GNUC_UNUSED)
{
    lxcScoreSearch search = {0};
    bool isRestricted = lxcScoreFindWriteExecute(subject, &search);
    g_autofree char *found = search.found;

    return isRestricted && !found ? 0 : VIR_LXC_SCORE_EXPOSED;
}

char *
virLXCScoreSuggestWriteExecute(const virLXCScoreSubject *subject,
                               const virLXCScoreRow *row,
                               const char *name G_GNUC_UNUSED)
{
    lxcScoreSearch search = {0};
    bool isRestricted = lxcScoreFindWriteExecute(subject, &search);
    g_autofree char *found = search.found;
    g_autofree char *target = found ? g_markup_escape_text(found, -1) : NULL;

    if (subject->landlockABI == 0)
        return NULL;
    if (!isRestricted)
        return g_strdup(row->remedy);
    return g_strdup_printf("<path target='%s' allow='%s'/>", target,
                           search.isOwn ? "read execute" : "read");
}

int
virLXCScoreBestEffort(const virLXCScoreSubject *subject,
                      const virLXCScoreRow *row G_GNUC_UNUSED)
{
    const virLXCLandlockDef *def = subject->def->landlock;

    return def && def->mode == VIR_LXC_LANDLOCK_REQUIRED
               ? 0
               : VIR_LXC_SCORE_EXPOSED;
}

static bool
lxcScoreHasPart(const virLXCLandlockDef *def, virLXCLandlockKind kind)
{
    switch (kind) {
    case VIR_LXC_LANDLOCK_FS:
        return def->hasFS;
    case VIR_LXC_LANDLOCK_NET:
        return def->hasNet;
    case VIR_LXC_LANDLOCK_SCOPE:
        return def->hasScope;
    case VIR_LXC_LANDLOCK_RESTRICT:
        break;
    }
    return false;
}

char *
virLXCScoreSuggestLandlock(const virLXCScoreSubject *subject,
                           const virLXCScoreRow *row, const char *name)
{
    const virLXCLandlockDef *def = subject->def->landlock;
    const virLXCLandlockRight *right =
        name ? virLXCLandlockRightByName(name) : NULL;
    unsigned int abi = right ? right->abi : 1;

    if (subject->landlockABI < abi)
        return NULL;
    /* It would not restrict anything. */
    if (!right && !def)
        return g_strdup("<fs>");
    if (!right || !def || def->abi >= abi)
        return g_strdup(row->remedy);

    /* A part that the ABI does not have is an error. */
    return g_strdup_printf("<landlock abi='%u'>%s", abi,
                           right->kind != VIR_LXC_LANDLOCK_SCOPE &&
                                   lxcScoreHasPart(def, right->kind)
                               ? ""
                               : row->remedy);
}
