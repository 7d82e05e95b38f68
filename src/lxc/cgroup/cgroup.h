/*
 * cgroup.h: keeps a container inside a cgroup subtree of its own
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Limits and device ACL stand on the cgroup that libvirt makes for a domain.
 * The container's processes live one level below it, in a cgroup that is the
 * root of their cgroup namespace: what holds them is out of their sight and
 * reach, whatever they mount, and below it they may do as they please
 * (cgroup_namespaces(7), cgroups(7) "Hierarchies").
 */

#pragma once

#include <sys/types.h>

#include "cgroup_layout.h"

/** Name of the cgroup of the container's processes below the domain's. */
#define VIR_LXC_CGROUP_PAYLOAD "container"

/** Name of it where libvirt has none for the domain; takes the UUID. */
#define VIR_LXC_CGROUP_UNMANAGED "libvirt-lxc-%s"

/**
 * virLXCPayloadDelegate:
 * @init: process ID of the container's init
 * @before: where @init was before libvirt put it into the domain's cgroups
 * @uuid: the domain's UUID as a string
 * @uid: owner of what the container may manage, in the host's terms
 * @gid: its group
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Moves @init one level down in every mounted hierarchy. In a hierarchy that
 * libvirt does not manage it gets a cgroup named after the domain's UUID. Where
 * version 1 has limits that do not hold for sub-cgroups (blkio) it stays where
 * the limits are, and virLXCPayloadMount() makes that hierarchy read-only.
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
 * Mounts every hierarchy anew where the host has it; in the caller's new cgroup
 * namespace that shows the container's own subtree.
 *
 * Returns 0 or -1.
 */
int virLXCPayloadMount(const GPtrArray *layout, const char *oldroot,
                       const char *options, GError **error);

/**
 * virLXCPayloadRemoveTree:
 * @directory: a cgroup's directory
 *
 * Removes the cgroup and all below, however deep. Best effort: it cleans up
 * after a container whose processes are gone.
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
