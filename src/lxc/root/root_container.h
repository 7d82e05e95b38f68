/*
 * root_container.h: the tree of a container, planned
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What libvirt's LXC driver gives every container, and what its domain asks
 * for. The functions are called in the order in which they stand here, with the
 * container's cgroups (cgroup.h) behind the first.
 */

#pragma once

#include "root_plan.h"

/**
 * virLXCRootVolumeKind: types of `<filesystem>`.
 *
 * @VIR_LXC_ROOT_VOLUME_HOST: 'mount', a directory or file of the host
 * @VIR_LXC_ROOT_VOLUME_DEVICE: 'block', and 'file' by a loop or NBD device
 * @VIR_LXC_ROOT_VOLUME_MEMORY: 'ram'
 * @VIR_LXC_ROOT_VOLUME_INNER: 'bind', a directory or file of the container
 */
typedef enum {
    VIR_LXC_ROOT_VOLUME_HOST,
    VIR_LXC_ROOT_VOLUME_DEVICE,
    VIR_LXC_ROOT_VOLUME_MEMORY,
    VIR_LXC_ROOT_VOLUME_INNER,
} virLXCRootVolumeKind;

/**
 * virLXCRootVolume: a `<filesystem>`.
 *
 * @kind: its type
 * @source: path or device; unused for VIR_LXC_ROOT_VOLUME_MEMORY
 * @target: absolute path in the container
 * @types: file systems that a device may hold, separated by blanks; used for
 *     VIR_LXC_ROOT_VOLUME_DEVICE only
 * @size: bytes; used for VIR_LXC_ROOT_VOLUME_MEMORY only
 * @readonly: whether it is
 */
typedef struct {
    virLXCRootVolumeKind kind;
    char *source;
    char *target;
    char *types;
    unsigned long long size;
    bool readonly;
} virLXCRootVolume;

/**
 * virLXCRootContainer: what is to be known of a container.
 *
 * @state: what the paths of its state begin with; ".dev", ".devpts" and ".fuse"
 *     are appended
 * @mapped: whether it has a user namespace
 * @noUserNamespaces: whether it cannot create others in it; no effect unless
 *     @mapped
 * @hostNetwork: whether it shares its network namespace
 * @meminfo: whether ".fuse" has a file for /proc/meminfo
 * @consoles: its terminals as in "/dev/pts/0", and NULL
 * @security: file systems of security modules that the host has mounted, each
 *     as its type and path, and NULL; may be NULL
 * @options: mount options of a security module, each with a comma before it
 * @volumes: of virLXCRootVolume; one has the target "/"
 */
typedef struct {
    char *state;
    bool mapped;
    bool noUserNamespaces;
    bool hostNetwork;
    bool meminfo;
    char **consoles;
    char **security;
    char *options;
    GPtrArray *volumes;
} virLXCRootContainer;

/**
 * virLXCRootContainerNew:
 *
 * Returns a container without anything, for virLXCRootContainerFree().
 */
virLXCRootContainer *virLXCRootContainerNew(void);

/**
 * virLXCRootContainerFree:
 * @container: a container, or NULL; freed with all of its members
 */
void virLXCRootContainerFree(virLXCRootContainer *container);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCRootContainer, virLXCRootContainerFree)

/**
 * virLXCRootContainerAddVolume:
 * @container: the container
 * @kind: type of the volume
 * @source: as in virLXCRootVolume, or NULL; copied
 * @target: as in virLXCRootVolume; copied
 *
 * Returns a new volume, which belongs to @container, for changes.
 */
virLXCRootVolume *
virLXCRootContainerAddVolume(virLXCRootContainer *container,
                             virLXCRootVolumeKind kind, const char *source,
                             const char *target);

/**
 * virLXCRootPlanSystem:
 * @plan: an empty plan
 * @container: the container
 *
 * Plans the root, procfs, sysfs and what is in them.
 */
void virLXCRootPlanSystem(virLXCRootPlan *plan,
                          const virLXCRootContainer *container);

/**
 * virLXCRootPlanDevices:
 * @plan: the plan
 * @container: the container
 *
 * Plans /dev.
 */
void virLXCRootPlanDevices(virLXCRootPlan *plan,
                           const virLXCRootContainer *container);

/**
 * virLXCRootPlanVolumes:
 * @plan: the plan
 * @container: the container
 *
 * Plans all volumes except the root.
 */
void virLXCRootPlanVolumes(virLXCRootPlan *plan,
                           const virLXCRootContainer *container);
