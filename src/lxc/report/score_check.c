/*
 * score_check.c: checks of capabilities, users, and files of the kernel
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a definition and its plan. Out: how exposed the host is.
 */

#include "score_check.h"

#include <string.h>

#include "score_names.h"

static int
lxcScoreBool(bool exposed)
{
    return exposed ? VIR_LXC_SCORE_EXPOSED : 0;
}

static bool
lxcScoreHoldsCapability(const virLXCScoreSubject *subject, const char *name)
{
    const virLXCCapabilitiesPlan *sets = &subject->plan->capabilities;
    const virLXCCapability *row = virLXCCapabilityByName(name);
    guint64 held = subject->plan->isRoot ? sets->bounding : sets->boundingUser;

    return held & VIR_LXC_CAPABILITY_BIT(row->number);
}

int
virLXCScoreCapabilities(const virLXCScoreSubject *subject,
                        const virLXCScoreRow *row)
{
    return virLXCScoreNames(subject, row, lxcScoreHoldsCapability);
}

int
virLXCScoreFutureCapabilities(const virLXCScoreSubject *subject,
                              const virLXCScoreRow *row G_GNUC_UNUSED)
{
    return lxcScoreBool(subject->def->capabilities.policy !=
                        VIR_LXC_CAPABILITIES_POLICY_DENY);
}

int
virLXCScoreIdmap(const virLXCScoreSubject *subject,
                 const virLXCScoreRow *row G_GNUC_UNUSED)
{
    if (!subject->isDomain)
        return VIR_LXC_SCORE_NOT_APPLICABLE;
    return lxcScoreBool(!subject->hasIdmap);
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

/* Returns the part of the files that policy='default' gives @access which are
 * restricted less. Those of each CPU are not looked at. */
static int
lxcScoreFiles(const virLXCScoreSubject *subject, virLXCKernelFileAccess access)
{
    g_autoptr(GHashTable) files =
        lxcScoreFilesByPath(subject->plan->kernelFiles);
    size_t nrows = 0;
    const virLXCKernelFileRow *rows = virLXCKernelFileTable(&nrows);
    int exposed = 0;
    int all = 0;
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (rows[i].byDriver || rows[i].access != access ||
            strchr(rows[i].path, '*'))
            continue;
        all++;
        exposed += !lxcScoreIsRestricted(files, rows[i].path, access);
    }
    return exposed * VIR_LXC_SCORE_EXPOSED / MAX(all, 1);
}

int
virLXCScoreReadableFiles(const virLXCScoreSubject *subject,
                         const virLXCScoreRow *row G_GNUC_UNUSED)
{
    return lxcScoreFiles(subject, VIR_LXC_KERNEL_FILE_MASKED);
}

int
virLXCScoreWritableFiles(const virLXCScoreSubject *subject,
                         const virLXCScoreRow *row G_GNUC_UNUSED)
{
    return lxcScoreFiles(subject, VIR_LXC_KERNEL_FILE_READONLY);
}
