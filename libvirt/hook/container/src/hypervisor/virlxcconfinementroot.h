/*
 * virlxcconfinementroot.h: create a domain's mount tree
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Translates between libvirt's types and errors and those of the confinement
 * libraries.
 */

#pragma once

#include "internal.h"
#include "virconftypes.h"

/**
 * virLXCConfinementDetectType:
 * @path: path of a block device on the host
 * @type: filled with the name of the device's file system type, which the
 *     caller frees, or NULL if it is unknown
 *
 * Returns 0, or -1 with an error reported.
 */
typedef int (*virLXCConfinementDetectType)(const char *path,
                                           char **type);

typedef struct _virLXCPrepared virLXCPrepared;

/**
 * virLXCConfinementRootData: parameters of the mount tree that are not in the
 * domain definition.
 *
 * @prepared: the container's confinement, or NULL
 * @stateDir: state directory of the driver
 * @hostNetwork: whether the container shares the network namespace of the host
 * @consoles: terminals of the container, for example "/dev/pts/0"
 * @nconsoles: number of @consoles
 * @mountOptions: mount options of the security driver, each preceded by a comma
 * @detect: detects the file system type of a block device
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
 * @data: parameters that are not in @def
 *
 * Enters a new cgroup namespace, creates the container's mount tree, and
 * detaches that of the host.
 *
 * Returns 0, or -1 with an error reported, in which case the process must exit.
 */
int virLXCConfinementMakeRoot(const virDomainDef *def,
                              const virLXCConfinementRootData *data);
