/*
 * cgroup.h: confine a container to its own cgroup subtree
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Limits and the device ACL are set on the cgroup that libvirt creates for a
 * domain. The container's processes run in a cgroup one level below it, which
 * is the root of their cgroup namespace. They can neither see nor change the
 * cgroup with the limits, whatever they mount, and can manage the cgroups below
 * their root freely (cgroup_namespaces(7), cgroups(7) "Hierarchies").
 */

#pragma once

#include <sys/types.h>

#include "cgroup_layout.h"
#include "root_plan.h"

/** Name of the container's cgroup below the domain's cgroup. */
#define VIR_LXC_CGROUP_PAYLOAD "container"

/**
 * Name of the domain's cgroup in hierarchies that libvirt does not manage; a
 * format string for the UUID.
 */
#define VIR_LXC_CGROUP_UNMANAGED "libvirt-lxc-%s"

/**
 * virLXCPayloadDelegate:
 * @init: process ID of the container's init
 * @before: cgroups of @init before libvirt moved it to the domain's cgroups:
 *     array of virLXCPayloadHierarchy
 * @uuid: the domain's UUID as a string
 * @uid: owner of the delegated files, as a user ID on the host
 * @gid: group of the delegated files, as a group ID on the host
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Moves @init one level down in every hierarchy. In hierarchies that libvirt
 * does not manage, the parent is a cgroup named after the domain's UUID. The
 * limits of blkio (version 1) do not apply to sub-cgroups. There, @init stays
 * in the cgroup with the limits, and virLXCPayloadPlan() makes the hierarchy
 * read-only.
 *
 * Returns 0 or -1.
 */
int virLXCPayloadDelegate(pid_t init, const GPtrArray *before, const char *uuid,
                          uid_t uid, gid_t gid, GError **error);

/**
 * virLXCPayloadUnshare:
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Moves the caller to a new cgroup namespace, whose roots are the caller's
 * current cgroups. Requires CAP_SYS_ADMIN in the caller's user namespace.
 *
 * Returns 0 or -1.
 */
int virLXCPayloadUnshare(GError **error);

/**
 * virLXCPayloadPlan:
 * @layout: hierarchies of the host, read before the cgroup namespace was
 *     created: array of virLXCPayloadHierarchy
 * @options: additional tmpfs mount options, starting with a comma, or an empty
 *     string
 * @plan: a plan that already contains a sysfs
 *
 * Adds a mount of every hierarchy to @plan, at the path where the host has it.
 * In the caller's new cgroup namespace, the mounts show only the container's
 * subtree.
 */
void virLXCPayloadPlan(const GPtrArray *layout, const char *options,
                       virLXCRootPlan *plan);

/**
 * virLXCPayloadRemoveTree:
 * @directory: directory of a cgroup
 *
 * Removes the cgroup and all its descendants, at any depth. Best effort: to be
 * called after all processes of the container have exited.
 */
void virLXCPayloadRemoveTree(const char *directory);

/**
 * virLXCPayloadRemove:
 * @uuid: a domain's UUID as a string
 *
 * Removes the cgroups named after @uuid, which virLXCPayloadDelegate() created
 * in hierarchies that libvirt does not manage, and all their descendants. Best
 * effort: to be called after all processes of the container have exited.
 */
void virLXCPayloadRemove(const char *uuid);
