/*
 * virlxcconfinementroot.h: a domain's tree of mounts
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Translates between libvirt's types and errors and those of the confinement
 * libraries, and does nothing else.
 */

#pragma once

#include "internal.h"
#include "virconftypes.h"

/**
 * virLXCConfinementDetectType:
 * @path: a block device of the host
 * @type: filled with the name of the file system that it holds, or with NULL
 *
 * Returns 0, or -1 with an error reported.
 */
typedef int (*virLXCConfinementDetectType)(const char *path,
                                           char **type);

typedef struct _virLXCPrepared virLXCPrepared;

/**
 * virLXCConfinementRootData: what a domain's definition does not say about its
 * tree.
 *
 * @prepared: the container's confinement, or NULL
 * @stateDir: directory of the driver's state
 * @hostNetwork: whether the container shares its network namespace
 * @consoles: its terminals, as in "/dev/pts/0"
 * @nconsoles: how many
 * @mountOptions: mount options of the security driver, a comma before each
 * @detect: finds out what a block device holds
 */
typedef struct {
    const virLXCPrepared *prepared;
    const char *stateDir;
    bool hostNetwork;
    char **consoles;
    size_t nconsoles;
    const char *mountOptions;
    virLXCConfinementDetectType detect;
} virLXCConfinementRootData;

/**
 * virLXCConfinementMakeRoot:
 * @def: the domain definition
 * @data: what it does not say
 *
 * Enters a new cgroup namespace, makes the container's tree of mounts, and
 * leaves the host's.
 *
 * Returns 0, or -1 with an error reported; then the process must exit.
 */
int virLXCConfinementMakeRoot(const virDomainDef *def,
                              const virLXCConfinementRootData *data);
