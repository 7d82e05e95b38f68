/*
 * kernel_files_plan.c: resolve <kernel-files> for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCKernelFilesDef, a virLXCHost and the bounding set. Out: a
 * virLXCKernelFilesPlan.
 */

#include "kernel_files_plan.h"

#include <string.h>

#include "capabilities_table.h"

static void
lxcKernelFileFree(gpointer opaque)
{
    virLXCKernelFile *file = opaque;

    g_free(file->path);
    g_free(file);
}

virLXCKernelFilesPlan *
virLXCKernelFilesPlanRef(virLXCKernelFilesPlan *plan)
{
    g_atomic_int_inc(&plan->refs);
    return plan;
}

void
virLXCKernelFilesPlanUnref(virLXCKernelFilesPlan *plan)
{
    if (!plan || !g_atomic_int_dec_and_test(&plan->refs))
        return;

    g_ptr_array_unref(plan->files);
    g_free(plan);
}

static bool
lxcKernelFilesKeeps(guint64 kept, const char *capability)
{
    const virLXCCapability *row = virLXCCapabilityByName(capability);

    return kept & VIR_LXC_CAPABILITY_BIT(row->number);
}

static void
lxcKernelFilesAddOne(virLXCKernelFilesPlan *plan, const char *path,
                     virLXCKernelFileAccess access)
{
    virLXCKernelFile *file = g_new0(virLXCKernelFile, 1);

    file->path = g_strdup(path);
    file->access = access;
    g_ptr_array_add(plan->files, file);
}

/* "cpu*" matches each CPU, except those for which there is a <path>. */
static void
lxcKernelFilesAdd(virLXCKernelFilesPlan *plan, const virLXCKernelFilesDef *def,
                  const virLXCHost *host, const char *path,
                  virLXCKernelFileAccess access)
{
    const char *star = strstr(path, "/cpu*/");
    unsigned int cpu;

    if (!star) {
        lxcKernelFilesAddOne(plan, path, access);
        return;
    }

    for (cpu = 0; cpu < host->cpus; cpu++) {
        g_autofree char *one =
            g_strdup_printf("%.*s/cpu%u/%s", (int)(star - path), path, cpu,
                            star + strlen("/cpu*/"));

        if (!virLXCKernelFilesDefFindPath(def, one))
            lxcKernelFilesAddOne(plan, one, access);
    }
}

static void
lxcKernelFilesAddDefault(virLXCKernelFilesPlan *plan,
                         const virLXCKernelFilesDef *def,
                         const virLXCHost *host, guint64 kept)
{
    size_t nrows = 0;
    const virLXCKernelFileRow *rows = virLXCKernelFileTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (!rows[i].byDriver &&
            !virLXCKernelFilesDefFindPath(def, rows[i].path) &&
            !(rows[i].unlessKept &&
              lxcKernelFilesKeeps(kept, rows[i].unlessKept)))
            lxcKernelFilesAdd(plan, def, host, rows[i].path, rows[i].access);
    }
}

static void
lxcKernelFilesAddListed(virLXCKernelFilesPlan *plan,
                        const virLXCKernelFilesDef *def, const virLXCHost *host)
{
    size_t i;

    for (i = 0; i < def->paths->len; i++) {
        const virLXCKernelFilesPath *path = g_ptr_array_index(def->paths, i);

        lxcKernelFilesAdd(plan, def, host, path->target, path->access);
    }
}

/* Sorts a directory before the files below it. */
static gint
lxcKernelFilesCompare(gconstpointer a, gconstpointer b)
{
    const virLXCKernelFile *const *left = a;
    const virLXCKernelFile *const *right = b;

    return strcmp((*left)->path, (*right)->path);
}

static void
lxcKernelFilesRemoveHidden(virLXCKernelFilesPlan *plan)
{
    g_autoptr(GPtrArray) all = plan->files;
    /* Freed after @masks, which has their paths */
    g_autoptr(GPtrArray) hidden =
        g_ptr_array_new_with_free_func(lxcKernelFileFree);
    g_autoptr(GHashTable) masks = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i;

    for (i = 0; i < all->len; i++) {
        const virLXCKernelFile *file = g_ptr_array_index(all, i);

        if (file->access == VIR_LXC_KERNEL_FILE_MASKED)
            g_hash_table_add(masks, file->path);
    }

    g_ptr_array_set_free_func(all, NULL);
    plan->files = g_ptr_array_new_with_free_func(lxcKernelFileFree);
    for (i = 0; i < all->len; i++) {
        virLXCKernelFile *file = g_ptr_array_index(all, i);

        if (virLXCKernelFilePathFindAbove(masks, file->path))
            g_ptr_array_add(hidden, file);
        else
            g_ptr_array_add(plan->files, file);
    }
}

virLXCKernelFilesPlan *
virLXCKernelFilesPlanNew(const virLXCKernelFilesDef *def,
                         const virLXCHost *host, guint64 kept)
{
    virLXCKernelFilesPlan *plan = g_new0(virLXCKernelFilesPlan, 1);

    plan->refs = 1;
    plan->files = g_ptr_array_new_with_free_func(lxcKernelFileFree);
    plan->locked = !lxcKernelFilesKeeps(kept, "sys_admin");

    if (def->policy == VIR_LXC_KERNEL_FILES_POLICY_DEFAULT)
        lxcKernelFilesAddDefault(plan, def, host, kept);
    lxcKernelFilesAddListed(plan, def, host);
    g_ptr_array_sort(plan->files, lxcKernelFilesCompare);
    lxcKernelFilesRemoveHidden(plan);

    return plan;
}
