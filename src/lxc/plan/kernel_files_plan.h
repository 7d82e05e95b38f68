/*
 * kernel_files_plan.h: access to files of the kernel, resolved for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "host.h"
#include "kernel_files_conf.h"

/**
 * virLXCKernelFile: access to one file or directory.
 *
 * @path: absolute path in the container
 * @access: access to it, and to what is below until a longer path
 */
typedef struct {
    char *path;
    virLXCKernelFileAccess access;
} virLXCKernelFile;

/**
 * virLXCKernelFilesPlan: what is to be mounted over /proc and /sys.
 *
 * @refs: number of references
 * @files: virLXCKernelFile, in the order in which they are to be mounted: what
 *     is below a directory comes after it, no path comes twice, and none is
 *     below a masked one. A path that does not exist on the host is skipped.
 * @locked: whether nothing in the container can unmount them
 */
typedef struct {
    int refs;
    GPtrArray *files;
    bool locked;
} virLXCKernelFilesPlan;

/**
 * virLXCKernelFilesPlanNew:
 * @def: the definition
 * @host: the host it is to be enforced on
 * @kept: bounding set of the container's processes
 *
 * Returns a plan that the caller unreferences.
 */
virLXCKernelFilesPlan *
virLXCKernelFilesPlanNew(const virLXCKernelFilesDef *def,
                         const virLXCHost *host, guint64 kept);

/**
 * virLXCKernelFilesPlanRef:
 * @plan: a plan
 *
 * Returns @plan with one more reference.
 */
virLXCKernelFilesPlan *virLXCKernelFilesPlanRef(virLXCKernelFilesPlan *plan);

/**
 * virLXCKernelFilesPlanUnref:
 * @plan: a plan, or NULL
 *
 * Drops a reference, and frees @plan with the last one.
 */
void virLXCKernelFilesPlanUnref(virLXCKernelFilesPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCKernelFilesPlan, virLXCKernelFilesPlanUnref)
