/*
 * score_check.c: checks of capabilities, users, and files of the kernel
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a definition and its plan. Out: how exposed the host is.
 */

#include "score_check.h"

#include <string.h>

static int
lxcScoreBool(bool exposed)
{
    return exposed ? VIR_LXC_SCORE_EXPOSED : 0;
}

bool
virLXCScoreHoldsCapability(const virLXCScoreSubject *subject, const char *name)
{
    const virLXCCapabilitiesPlan *sets = &subject->plan->capabilities;
    const virLXCCapability *row = virLXCCapabilityByName(name);
    guint64 held = subject->plan->isRoot ? sets->bounding : sets->boundingUser;

    return held & VIR_LXC_CAPABILITY_BIT(row->number);
}

/* The bounding set of a user other than root only has what is listed, unless
 * policy='allow'. */
int
virLXCScoreFutureCapabilities(const virLXCScoreSubject *subject,
                              const virLXCScoreRow *row G_GNUC_UNUSED)
{
    switch (subject->def->capabilities.policy) {
    case VIR_LXC_CAPABILITIES_POLICY_DEFAULT:
        return lxcScoreBool(subject->plan->isRoot);
    case VIR_LXC_CAPABILITIES_POLICY_ALLOW:
        return VIR_LXC_SCORE_EXPOSED;
    case VIR_LXC_CAPABILITIES_POLICY_DENY:
        break;
    }
    return 0;
}

int
virLXCScoreIdmap(const virLXCScoreSubject *subject,
                 const virLXCScoreRow *row G_GNUC_UNUSED)
{
    if (!subject->isDomain)
        return VIR_LXC_SCORE_NOT_APPLICABLE;
    return lxcScoreBool(!subject->hasIdmap || subject->mapsHostRoot);
}

int
virLXCScoreNetwork(const virLXCScoreSubject *subject,
                   const virLXCScoreRow *row G_GNUC_UNUSED)
{
    if (!subject->isDomain)
        return VIR_LXC_SCORE_NOT_APPLICABLE;
    return lxcScoreBool(!subject->hasNetwork);
}

int
virLXCScoreInitUser(const virLXCScoreSubject *subject,
                    const virLXCScoreRow *row G_GNUC_UNUSED)
{
    if (!subject->isDomain)
        return VIR_LXC_SCORE_NOT_APPLICABLE;
    return lxcScoreBool(subject->plan->isRoot);
}

int
virLXCScoreNoNewPrivs(const virLXCScoreSubject *subject,
                      const virLXCScoreRow *row G_GNUC_UNUSED)
{
    return lxcScoreBool(!subject->plan->noNewPrivs);
}

/* The access of the entry for the path, or else of the innermost directory
 * above it. @files maps paths to entries. */
static bool
lxcScoreIsRestricted(GHashTable *files, const char *path,
                     virLXCKernelFileAccess access)
{
    const char *above = g_hash_table_contains(files, path)
                            ? path
                            : virLXCKernelFilePathFindAbove(files, path);
    const virLXCKernelFile *file =
        above ? g_hash_table_lookup(files, above) : NULL;

    return file && file->access <= access;
}

static GHashTable *
lxcScoreFilesByPath(const virLXCKernelFilesPlan *plan)
{
    GHashTable *files = g_hash_table_new(g_str_hash, g_str_equal);
    guint i;

    for (i = 0; plan && i < plan->files->len; i++) {
        virLXCKernelFile *file = g_ptr_array_index(plan->files, i);

        g_hash_table_insert(files, file->path, file);
    }
    return files;
}

/* Returns whether @path is @above, or below it. */
static bool
lxcScoreIsAtOrBelow(const char *path, const char *above)
{
    return g_str_has_prefix(path, above) &&
           strchr("/", path[strlen(above)]) != NULL;
}

/* Returns a file at or below that of @row with more access than @access, or
 * NULL. What the driver restricts is only exposed by an entry. */
static const char *
lxcScoreFindExposed(GHashTable *files, const virLXCKernelFileRow *row,
                    virLXCKernelFileAccess access)
{
    const char *found = NULL;
    GHashTableIter iter;
    gpointer value;

    if (!row->byDriver && !lxcScoreIsRestricted(files, row->path, access))
        return row->path;

    g_hash_table_iter_init(&iter, files);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const virLXCKernelFile *file = value;

        if (file->access > access &&
            lxcScoreIsAtOrBelow(file->path, row->path) &&
            (!found || strcmp(file->path, found) < 0))
            found = file->path;
    }
    return found;
}

/* Returns the part of the files that policy='default' gives @access which are
 * restricted less. @first is set to the first of them, which the caller frees.
 * Those of each CPU are not looked at, and those that the driver restricts only
 * count if they are exposed. */
static int
lxcScoreFiles(const virLXCScoreSubject *subject, virLXCKernelFileAccess access,
              char **first)
{
    g_autoptr(GHashTable) files =
        lxcScoreFilesByPath(subject->plan->kernelFiles);
    size_t nrows = 0;
    const virLXCKernelFileRow *rows = virLXCKernelFileTable(&nrows);
    int exposed = 0;
    int all = 0;
    size_t i;

    for (i = 0; i < nrows; i++) {
        const char *found;

        if (rows[i].access != access || strchr(rows[i].path, '*'))
            continue;

        found = lxcScoreFindExposed(files, &rows[i], access);
        if (found && exposed++ == 0)
            *first = g_strdup(found);
        all += !rows[i].byDriver || found;
    }
    return exposed * VIR_LXC_SCORE_EXPOSED / MAX(all, 1);
}

int
virLXCScoreReadableFiles(const virLXCScoreSubject *subject,
                         const virLXCScoreRow *row G_GNUC_UNUSED)
{
    g_autofree char *first = NULL;

    return lxcScoreFiles(subject, VIR_LXC_KERNEL_FILE_MASKED, &first);
}

int
virLXCScoreWritableFiles(const virLXCScoreSubject *subject,
                         const virLXCScoreRow *row G_GNUC_UNUSED)
{
    g_autofree char *first = NULL;

    return lxcScoreFiles(subject, VIR_LXC_KERNEL_FILE_READONLY, &first);
}

char *
virLXCScoreSuggestFile(const virLXCScoreSubject *subject,
                       const virLXCScoreRow *row,
                       const char *name G_GNUC_UNUSED)
{
    const virLXCKernelFilesDef *def = subject->def->kernelFiles;
    virLXCKernelFileAccess access = row->expose == virLXCScoreReadableFiles
                                        ? VIR_LXC_KERNEL_FILE_MASKED
                                        : VIR_LXC_KERNEL_FILE_READONLY;
    g_autofree char *first = NULL;
    g_autofree char *target = NULL;

    if (!def || def->policy != VIR_LXC_KERNEL_FILES_POLICY_DEFAULT)
        return g_strdup(row->remedy);

    lxcScoreFiles(subject, access, &first);
    target = g_markup_escape_text(first, -1);
    return g_strdup_printf("<path target='%s' access='%s'/>", target,
                           virLXCKernelFileAccessNames()[access]);
}
