/*
 * cgroup.h: confines a container to its own cgroup subtree
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Limits and the device ACL are set on the cgroup that libvirt creates for a
 * domain. The container's processes live one level below it, in a cgroup that
 * is the root of their cgroup namespace: they can neither see nor reach the
 * cgroup that limits them, whatever they mount, but may manage everything below
 * their own (cgroup_namespaces(7), cgroups(7) "Hierarchies").
 */

#pragma once

#include <sys/types.h>

#include "cgroup_layout.h"

/** Name of the cgroup of the container's processes below the domain's. */
#define VIR_LXC_CGROUP_PAYLOAD "container"

/** Its name in hierarchies where libvirt has no cgroup for the domain; takes
 * the UUID. */
#define VIR_LXC_CGROUP_UNMANAGED "libvirt-lxc-%s"

/**
 * virLXCPayloadDelegate:
 * @init: process ID of the container's init
 * @before: the cgroups of @init before libvirt moved it into the domain's
 * @uuid: the domain's UUID as a string
 * @uid: owner of the cgroups that the container may manage, as a user ID of the
 *     host
 * @gid: its group
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Moves @init one level down in every mounted hierarchy. In a hierarchy that
 * libvirt does not manage it gets a cgroup named after the domain's UUID. Where
 * limits of version 1 do not apply to sub-cgroups (blkio), it stays in the
 * domain's cgroup, and virLXCPayloadMount() makes that hierarchy read-only.
 *
 * Returns 0 or -1.
 */
int virLXCPayloadDelegate(pid_t init, const GPtrArray *before, const char *uuid,
                          uid_t uid, gid_t gid, GError **error);

/**
 * virLXCPayloadUnshare:
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Makes the caller's cgroups the roots of a new cgroup namespace. Needs
 * CAP_SYS_ADMIN in the caller's user namespace.
 *
 * Returns 0 or -1.
 */
int virLXCPayloadUnshare(GError **error);

/**
 * virLXCPayloadMount:
 * @layout: the host's hierarchies, read before the root was changed
 * @oldroot: where the host's root is now, such as "/.oldroot"
 * @options: options for a tmpfs, starting with a comma, or the empty string
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Mounts every hierarchy where the host has it. In the caller's new cgroup
 * namespace, the mounts show the container's own subtree.
 *
 * Returns 0 or -1.
 */
int virLXCPayloadMount(const GPtrArray *layout, const char *oldroot,
                       const char *options, GError **error);

/**
 * virLXCPayloadRemoveTree:
 * @directory: a cgroup's directory
 *
 * Removes the cgroup and everything below it, at any depth. Best effort: it
 * cleans up after a container whose processes are gone.
 */
void virLXCPayloadRemoveTree(const char *directory);

/**
 * virLXCPayloadRemove:
 * @uuid: a domain's UUID as a string
 *
 * Removes the cgroups named after @uuid that virLXCPayloadDelegate() made where
 * libvirt manages none, with all below. Best effort: it cleans up after a
 * container whose processes are gone.
 */
void virLXCPayloadRemove(const char *uuid);
