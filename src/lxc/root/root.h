/*
 * root.h: the container's tree of mounts, made by descriptors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The container's own file system may have been prepared by its root in an
 * earlier run: nothing in it is trusted. Therefore the order is
 *
 *     virLXCRootOpen    opens what comes from the host, as detached mounts
 *     virLXCRootEnter   changes the root; no path leads to the host any more
 *     virLXCRootAttach  resolves targets inside the new root, attaches mounts
 *     virLXCRootVerify  compares what is mounted with what was planned
 *
 * and each step works on descriptors. All four run in one process, which is in
 * a mount namespace of its own and has CAP_SYS_ADMIN in that namespace's user
 * namespace. Its PID namespace is the container's. A failure leaves it in a
 * state from which it can only exit. Linux 5.12 is the oldest kernel.
 *
 * Errors are of VIR_LXC_CONFINEMENT_ERROR: _UNSUPPORTED for an older kernel,
 * _INVALID for a plan or a container that is not acceptable, _SYSTEM for a
 * system call. They name the step, and the path or target.
 */

#pragma once

#include "root_plan.h"

/** virLXCRoot: a tree that is being made. */
typedef struct _virLXCRoot virLXCRoot;

/**
 * virLXCRootOpen:
 * @plan: the plan, which must outlive what is returned
 * @error: set on failure
 *
 * Makes all mounts of the caller's namespace private, and opens what the plan
 * takes from the host. Each file system of the plan is created here, because
 * the kernel allows new instances of procfs and sysfs in a user namespace only
 * while others can be seen. The settings of the plan are written, because the
 * files will be read-only in the container.
 *
 * The source of a mount that lies below the directory of another one belongs to
 * the container, too, whatever path leads there: it must not be, or be reached
 * through, a link that leads out of that directory. A bind mount of the host
 * that shows only a part of the directory is not recognised.
 *
 * Returns a tree for virLXCRootFree(), or NULL.
 */
virLXCRoot *virLXCRootOpen(const virLXCRootPlan *plan, GError **error);

/**
 * virLXCRootEnter:
 * @root: a tree from virLXCRootOpen()
 * @error: set on failure
 *
 * Makes the plan's first mount the root of the namespace and the caller's root
 * and working directory, and detaches all other mounts (pivot_root(2), "." as
 * both arguments).
 *
 * Returns 0 or -1.
 */
int virLXCRootEnter(virLXCRoot *root, GError **error);

/**
 * virLXCRootAttach:
 * @root: a tree from virLXCRootEnter()
 * @error: set on failure
 *
 * Attaches the plan's other mounts in order. Targets are resolved inside the
 * root, without magic links. Missing ones are made, never through a link.
 *
 * Returns 0 or -1.
 */
int virLXCRootAttach(virLXCRoot *root, GError **error);

/**
 * virLXCRootVerify:
 * @root: a tree from virLXCRootAttach()
 * @error: set on failure
 *
 * Reads the mounts of the namespace through a procfs that nobody else sees, and
 * compares them with the plan: each is where it was attached, with its
 * attributes, and no other mount exists. If the plan has a procfs, /proc must
 * be one in the end, and nothing may be mounted on the files of its process 1.
 *
 * Returns 0 or -1.
 */
int virLXCRootVerify(const virLXCRoot *root, GError **error);

/**
 * virLXCRootMake:
 * @plan: the plan
 * @error: set on failure
 *
 * All four steps.
 *
 * Returns 0 or -1.
 */
int virLXCRootMake(const virLXCRootPlan *plan, GError **error);

/**
 * virLXCRootDescriptor:
 * @root: a tree from virLXCRootOpen()
 *
 * Returns the descriptor of the container's root directory, which belongs to
 * @root.
 */
int virLXCRootDescriptor(const virLXCRoot *root);

/**
 * virLXCRootFree:
 * @root: a tree, or NULL
 *
 * Closes all of its descriptors. What has been attached stays.
 */
void virLXCRootFree(virLXCRoot *root);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCRoot, virLXCRootFree)
