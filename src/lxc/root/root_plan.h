/*
 * root_plan.h: which mounts the tree of a container consists of
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Pure data: nothing here looks at the host or at the container. root.h makes
 * the tree.
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * virLXCRootKind: what is attached, or made, at a target.
 *
 * @VIR_LXC_ROOT_BIND: a directory or file of the host
 * @VIR_LXC_ROOT_INNER: a directory or file of the container, as it is when
 *     everything that stands before it in the plan is attached
 * @VIR_LXC_ROOT_FILESYSTEM: a file system that is mounted for the container: a
 *     new one such as tmpfs or proc, or one on a block device
 * @VIR_LXC_ROOT_MASK: something that has nothing in it: /dev/null over a file,
 *     an empty read-only tmpfs over a directory
 * @VIR_LXC_ROOT_DIRECTORY: a directory, which is made where it is missing
 * @VIR_LXC_ROOT_LINK: a symbolic link, whose target must not exist
 */
typedef enum {
    VIR_LXC_ROOT_BIND,
    VIR_LXC_ROOT_INNER,
    VIR_LXC_ROOT_FILESYSTEM,
    VIR_LXC_ROOT_MASK,
    VIR_LXC_ROOT_DIRECTORY,
    VIR_LXC_ROOT_LINK,
} virLXCRootKind;

/**
 * virLXCRootAttribute: attributes that a mount gets in addition to those that
 * its source has. The values are those of statvfs(3) and of MOUNT_ATTR_* in
 * mount_setattr(2).
 */
typedef enum {
    VIR_LXC_ROOT_READONLY = 1 << 0,
    VIR_LXC_ROOT_NOSUID = 1 << 1,
    VIR_LXC_ROOT_NODEV = 1 << 2,
    VIR_LXC_ROOT_NOEXEC = 1 << 3,
} virLXCRootAttribute;

/**
 * virLXCRootFlag: how a mount is made.
 *
 * @VIR_LXC_ROOT_RECURSIVE: with the mounts below the source, which get its
 *     attributes, too
 * @VIR_LXC_ROOT_STRICT: no component of the target, and for an inner one of the
 *     source, may be a symbolic link
 * @VIR_LXC_ROOT_OPTIONAL: does nothing where the target is missing
 * @VIR_LXC_ROOT_WRITABLE: an inner mount is writable where its source is
 *     read-only; mounts below it stay as they are
 */
typedef enum {
    VIR_LXC_ROOT_RECURSIVE = 1 << 0,
    VIR_LXC_ROOT_STRICT = 1 << 1,
    VIR_LXC_ROOT_OPTIONAL = 1 << 2,
    VIR_LXC_ROOT_WRITABLE = 1 << 3,
} virLXCRootFlag;

/**
 * virLXCRootMount: one row of a plan.
 *
 * @kind: what it is
 * @target: absolute path in the container
 * @source: path on the host or in the container, block device, or text of the
 *     link; NULL for file systems that have none, masks and directories
 * @types: names of file systems; the first that recognises the source is taken
 * @options: options of the file system as in fstab(5), or NULL
 * @attributes: of virLXCRootAttribute
 * @flags: of virLXCRootFlag
 */
typedef struct {
    virLXCRootKind kind;
    char *target;
    char *source;
    char **types;
    char *options;
    unsigned int attributes;
    unsigned int flags;
} virLXCRootMount;

/**
 * virLXCRootAccess: what a container may do with a file of the kernel.
 */
typedef enum {
    VIR_LXC_ROOT_ACCESS_MASKED,
    VIR_LXC_ROOT_ACCESS_READONLY,
    VIR_LXC_ROOT_ACCESS_WRITABLE,
} virLXCRootAccess;

/**
 * virLXCRootSetting: a value that is written to a file of procfs.
 *
 * @path: path below the root of procfs, for example
 * "sys/user/max_user_namespaces"
 * @value: text to write
 */
typedef struct {
    char *path;
    char *value;
} virLXCRootSetting;

/**
 * virLXCRootPlan: the tree of a container.
 *
 * @mounts: of virLXCRootMount, in order; the first has the target "/"
 * @detached: paths whose mounts, and all below them, come with the root and are
 *     taken away from it
 * @settings: of virLXCRootSetting, in order
 */
typedef struct {
    GPtrArray *mounts;
    GPtrArray *detached;
    GPtrArray *settings;
} virLXCRootPlan;

/**
 * virLXCRootPlanNew:
 *
 * Returns an empty plan for virLXCRootPlanFree().
 */
virLXCRootPlan *virLXCRootPlanNew(void);

/**
 * virLXCRootPlanFree:
 * @plan: a plan, or NULL
 */
void virLXCRootPlanFree(virLXCRootPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCRootPlan, virLXCRootPlanFree)

/**
 * virLXCRootPlanAdd:
 * @plan: the plan
 * @kind: what is attached or made
 * @source: as in virLXCRootMount; copied
 * @target: as in virLXCRootMount; copied
 *
 * Appends a row without attributes and flags.
 *
 * Returns the row, which belongs to @plan, for changes.
 */
virLXCRootMount *virLXCRootPlanAdd(virLXCRootPlan *plan, virLXCRootKind kind,
                                   const char *source, const char *target);

/**
 * virLXCRootPlanAddFilesystem:
 * @plan: the plan
 * @type: name of the file system
 * @options: its options, or NULL; copied
 * @target: absolute path in the container; copied
 * @attributes: of virLXCRootAttribute
 *
 * Appends a file system that has no device, on a target that may not be, or be
 * reached through, a symbolic link.
 *
 * Returns the row, which belongs to @plan, for changes.
 */
virLXCRootMount *
virLXCRootPlanAddFilesystem(virLXCRootPlan *plan, const char *type,
                            const char *options, const char *target,
                            unsigned int attributes);

/**
 * virLXCRootPlanAddAccess:
 * @plan: the plan
 * @target: a file or directory of procfs or sysfs
 * @access: what the container may do with it
 *
 * Appends a row that masks @target, makes it read-only, or makes it writable
 * below a directory that is read-only. Where @target does not exist, it has no
 * effect.
 */
void virLXCRootPlanAddAccess(virLXCRootPlan *plan, const char *target,
                             virLXCRootAccess access);

/**
 * virLXCRootPlanDetach:
 * @plan: the plan
 * @target: absolute path in the container; copied
 *
 * Has the mounts on @target and below, which a recursive bind of the root
 * brings with it, taken away before anything is attached.
 */
void virLXCRootPlanDetach(virLXCRootPlan *plan, const char *target);

/**
 * virLXCRootPlanSet:
 * @plan: the plan
 * @path: as in virLXCRootSetting; copied
 * @value: as in virLXCRootSetting; copied
 *
 * Has @value written when the tree is made. The kernel's limits below sys/user
 * are those of the caller's user namespace, which should be the container's.
 */
void
virLXCRootPlanSet(virLXCRootPlan *plan, const char *path, const char *value);

/**
 * virLXCRootPlanFormat:
 * @plan: the plan
 *
 * Returns a line for each row, which the caller frees.
 */
char *virLXCRootPlanFormat(const virLXCRootPlan *plan);
