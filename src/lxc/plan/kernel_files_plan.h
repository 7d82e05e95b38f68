/*
 * kernel_files_plan.h: <kernel-files> resolved for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "host.h"
#include "kernel_files_conf.h"

/**
 * virLXCKernelFile: access to a file or directory.
 *
 * @path: absolute path in the container
 * @access: access to the file, or to the directory and everything below it that
 *     does not have an entry for a longer path
 */
typedef struct {
    char *path;
    virLXCKernelFileAccess access;
} virLXCKernelFile;

/**
 * virLXCKernelFilesPlan: mounts over files in /proc and /sys.
 *
 * @refs: number of references
 * @files: array of virLXCKernelFile, in mount order: directories precede the
 *     files below them. Paths are unique, and none is below a masked one. Paths
 *     that do not exist on the host are to be skipped.
 * @locked: whether processes of the container cannot unmount them, since they
 *     do not have CAP_SYS_ADMIN
 */
typedef struct {
    int refs;
    GPtrArray *files;
    bool locked;
} virLXCKernelFilesPlan;

/**
 * virLXCKernelFilesPlanNew:
 * @def: the definition
 * @host: the host
 * @kept: bounding set of the container's processes, as a bit mask
 *
 * Returns a plan, which the caller unreferences.
 */
virLXCKernelFilesPlan *
virLXCKernelFilesPlanNew(const virLXCKernelFilesDef *def,
                         const virLXCHost *host, guint64 kept);

/**
 * virLXCKernelFilesPlanRef:
 * @plan: a plan
 *
 * Returns @plan with an additional reference.
 */
virLXCKernelFilesPlan *virLXCKernelFilesPlanRef(virLXCKernelFilesPlan *plan);

/**
 * virLXCKernelFilesPlanUnref:
 * @plan: a plan, or NULL
 *
 * Drops a reference. Frees @plan when the last one is dropped.
 */
void virLXCKernelFilesPlanUnref(virLXCKernelFilesPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCKernelFilesPlan, virLXCKernelFilesPlanUnref)
