/*
 * import_mount.h: mounts as <filesystem> and <kernel-files>
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Internal to src/lxc/import. LXC and OCI runtimes describe mounts in the same
 * terms, those of fstab(5).
 */

#pragma once

#include "import_domain.h"
#include "import_private.h"

/**
 * virLXCImportMount: a mount.
 *
 * @file: name of the document or of an included file
 * @line: its line there
 * @name: what findings call it
 * @source: directory, file or device
 * @target: absolute path in the container
 * @type: type of the file system
 * @options: options as in fstab(5)
 */
typedef struct {
    const char *file;
    int line;
    char *name;
    char *source;
    char *target;
    char *type;
    char **options;
} virLXCImportMount;

/**
 * virLXCImportMountFree:
 * @mount: a mount, or NULL
 */
void virLXCImportMountFree(virLXCImportMount *mount);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCImportMount, virLXCImportMountFree)

/**
 * virLXCImportMountConvert:
 * @import: the result
 * @domain: the domain
 * @mount: the mount
 *
 * Adds a <filesystem> or a <path> of <kernel-files>. What cannot be converted,
 * and what the driver mounts by itself, is a finding.
 */
void virLXCImportMountConvert(virLXCImport *import, virLXCImportDomain *domain,
                              const virLXCImportMount *mount);

/**
 * virLXCImportMountOptionIsHarmless:
 * @option: an option
 *
 * Returns whether it is the default, or does not affect what the container may
 * do, or, like "ro", has an equivalent.
 */
bool virLXCImportMountOptionIsHarmless(const char *option);

/**
 * virLXCImportMountIsBind:
 * @mount: a mount, with its type and options
 *
 * Returns whether its source is a directory or file.
 */
bool virLXCImportMountIsBind(const virLXCImportMount *mount);
