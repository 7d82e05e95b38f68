/*
 * compare_kernel_files.c: compare access to files in /proc and /sys
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: two lists of files. Out: the paths to which access differs.
 */

#include "compare_parts.h"
#include "compare_tree.h"

#include <string.h>

/* From the least to the most restrictive. Where a list has no entry, the driver
 * has the say, which makes some directories read-only. Only an entry can make
 * these writable. */
typedef enum {
    LXC_ACCESS_WRITABLE,
    LXC_ACCESS_UNLISTED,
    LXC_ACCESS_READONLY,
    LXC_ACCESS_MASKED,
} lxcAccess;

static const char *const lxcAccessNames[] = {
    [LXC_ACCESS_WRITABLE] = "writable",
    [LXC_ACCESS_UNLISTED] = "as without <kernel-files>",
    [LXC_ACCESS_READONLY] = "readonly",
    [LXC_ACCESS_MASKED] = "masked",
};

static bool
lxcIsBelowOrSame(const char *path, const char *directory)
{
    size_t length = strlen(directory);

    return strncmp(path, directory, length) == 0 &&
           (path[length] == '/' || path[length] == '\0');
}

static bool
lxcIsRestrictedByDriver(const char *path)
{
    size_t nrows = 0;
    const virLXCKernelFileRow *rows = virLXCKernelFileTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (rows[i].byDriver && lxcIsBelowOrSame(path, rows[i].path))
            return true;
    }
    return false;
}

static lxcAccess
lxcAccessOf(const virLXCKernelFile *file)
{
    switch (file->access) {
    case VIR_LXC_KERNEL_FILE_MASKED:
        return LXC_ACCESS_MASKED;
    case VIR_LXC_KERNEL_FILE_READONLY:
        return LXC_ACCESS_READONLY;
    case VIR_LXC_KERNEL_FILE_WRITABLE:
        break;
    }
    return lxcIsRestrictedByDriver(file->path) ? LXC_ACCESS_WRITABLE
                                               : LXC_ACCESS_UNLISTED;
}

static void
lxcAddFiles(virLXCCompareTree *tree, unsigned int side,
            const virLXCKernelFilesPlan *plan)
{
    guint i;

    for (i = 0; plan && i < plan->files->len; i++) {
        const virLXCKernelFile *file = g_ptr_array_index(plan->files, i);

        virLXCCompareTreeAdd(tree, side, file->path, lxcAccessOf(file));
    }
}

static void
lxcComparePath(const char *path, virLXCComparePair here,
               virLXCComparePair above, void *opaque)
{
    virLXCComparison *comparison = opaque;
    lxcAccess from = here.value[0];
    lxcAccess to = here.value[1];

    /* Already reported for the directory */
    if (from == above.value[0] && to == above.value[1])
        return;

    virLXCComparisonAdd(comparison, &(virLXCDifference){
                                        .leaf = VIR_LXC_LEAF_KERNEL_FILES,
                                        .relation = virLXCRelationOf(from, to),
                                        .what = g_strdup(path),
                                        .from = g_strdup(lxcAccessNames[from]),
                                        .to = g_strdup(lxcAccessNames[to]),
                                    });
}

static bool
lxcIsUnlocked(const virLXCKernelFilesPlan *plan)
{
    return plan && plan->files->len > 0 && !plan->locked;
}

void
virLXCCompareKernelFiles(virLXCComparison *comparison,
                         const virLXCKernelFilesPlan *from,
                         const virLXCKernelFilesPlan *to)
{
    g_auto(virLXCCompareTree) tree = {0};

    virLXCCompareTreeInit(&tree, true, LXC_ACCESS_UNLISTED);
    lxcAddFiles(&tree, 0, from);
    lxcAddFiles(&tree, 1, to);
    virLXCCompareTreeWalk(&tree, lxcComparePath, comparison);

    if (from && to && lxcIsUnlocked(from) != lxcIsUnlocked(to))
        virLXCComparisonAdd(
            comparison,
            &(virLXCDifference){
                .leaf = VIR_LXC_LEAF_KERNEL_FILES,
                .relation =
                    virLXCRelationOf(!lxcIsUnlocked(from), !lxcIsUnlocked(to)),
                .what = g_strdup("locked"),
                .from = g_strdup(lxcIsUnlocked(from) ? "no" : "yes"),
                .to = g_strdup(lxcIsUnlocked(to) ? "no" : "yes"),
            });
}
