/*
 * kernel_files_conf.h: <kernel-files> as a definition
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "error.h"
#include "kernel_file_table.h"

struct _xmlNode;

/**
 * virLXCKernelFilesPolicy: access to files that are not listed.
 *
 * @VIR_LXC_KERNEL_FILES_POLICY_DEFAULT: as in virLXCKernelFileTable()
 * @VIR_LXC_KERNEL_FILES_POLICY_NONE: not restricted
 */
typedef enum {
    VIR_LXC_KERNEL_FILES_POLICY_DEFAULT,
    VIR_LXC_KERNEL_FILES_POLICY_NONE,
} virLXCKernelFilesPolicy;

/**
 * virLXCKernelFilesPath: a <path>.
 *
 * @target: path below /proc or /sys
 * @access: the attribute access
 * @line: line of the document, for errors; 0 when unknown
 */
typedef struct {
    char *target;
    virLXCKernelFileAccess access;
    int line;
} virLXCKernelFilesPath;

/**
 * virLXCKernelFilesEffective: what is in effect in a running domain.
 *
 * @locked: whether no process of the container can undo it
 */
typedef struct {
    bool locked;
} virLXCKernelFilesEffective;

/**
 * virLXCKernelFilesDef: the kernel files in a domain's XML.
 *
 * @policy: the attribute policy
 * @paths: its virLXCKernelFilesPath, each target once
 * @byTarget: the same, by target
 * @effective: what is in effect in a running domain, or NULL
 */
typedef struct {
    virLXCKernelFilesPolicy policy;
    GPtrArray *paths;
    GHashTable *byTarget;
    virLXCKernelFilesEffective *effective;
} virLXCKernelFilesDef;

/**
 * virLXCKernelFilesDefNew:
 *
 * Returns a definition with policy='default' and without paths, which the
 * caller frees.
 */
virLXCKernelFilesDef *virLXCKernelFilesDefNew(void);

/**
 * virLXCKernelFilesDefParse:
 * @node: the <kernel-files> element
 * @live: as for virLXCCapabilitiesDefParse()
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML or, for a path that cannot be
 *     accessed because a directory above it is masked, to
 *     VIR_LXC_CONFINEMENT_ERROR_INVALID, naming element, value and line
 *
 * Returns a definition that the caller frees, or NULL.
 */
virLXCKernelFilesDef *
virLXCKernelFilesDefParse(struct _xmlNode *node, bool live, GError **error);

/**
 * virLXCKernelFilesPolicyNames:
 *
 * Returns the names of all policies in XML, in the order of
 * virLXCKernelFilesPolicy and with a NULL at the end. Static, never to be
 * freed.
 */
const char *const *virLXCKernelFilesPolicyNames(void);

/**
 * virLXCKernelFilesDefFindPath:
 * @def: the definition
 * @target: a path
 *
 * Returns its <path> with exactly that target, or NULL.
 */
const virLXCKernelFilesPath *
virLXCKernelFilesDefFindPath(const virLXCKernelFilesDef *def,
                             const char *target);

/**
 * virLXCKernelFilesDefFormat:
 * @def: the definition
 * @out: text is appended here
 * @indent: spaces before the element
 *
 * Appends the element, ending in a newline.
 */
void virLXCKernelFilesDefFormat(const virLXCKernelFilesDef *def, GString *out,
                                unsigned int indent);

/**
 * virLXCKernelFilesDefFree:
 * @def: a definition, or NULL
 */
void virLXCKernelFilesDefFree(virLXCKernelFilesDef *def);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCKernelFilesDef, virLXCKernelFilesDefFree)
