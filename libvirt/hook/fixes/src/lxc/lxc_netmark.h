/*
 * lxc_netmark.h: recognize interfaces of starts that were interrupted
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The daemon creates the interfaces of a container before it can record them.
 * If it is killed then, its successor recognizes them by their alias. Since the
 * kernel cannot set an alias when it creates an interface, they have a device
 * group until then (VIR_NETLINK_GROUP_UNRECORDED).
 */

#pragma once

#include "lxc_conf.h"

/**
 * virLXCNetMark:
 * @ifname: an interface that has been created for a domain
 * @uuid: the domain's UUID
 *
 * Sets the alias of the interface (ip-link(8)), and removes it from the group. A
 * failure is a warning.
 */
void virLXCNetMark(const char *ifname,
                   const unsigned char *uuid);

/**
 * virLXCNetCreated: name of an interface that has been created for a container,
 * and is deleted when this name is freed with g_autoptr
 */
typedef char virLXCNetCreated;

/**
 * virLXCNetDelete:
 * @ifname: an interface
 *
 * Deletes the interface, frees the name, and keeps the error that was reported.
 */
void virLXCNetDelete(virLXCNetCreated *ifname);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCNetCreated, virLXCNetDelete)

/**
 * virLXCNetDeleteOf:
 * @uuid: a domain's UUID
 * @ifname: the interface of the host that its definition names
 *
 * Deletes the interface if it has been created for the domain. The start may
 * have failed because there is another one of this name.
 */
void virLXCNetDeleteOf(const unsigned char *uuid,
                       const char *ifname);

/**
 * virLXCNetRemoveUnused:
 * @driver: the driver, which has loaded all domains
 *
 * Removes the interfaces in that group or with such an alias that are not part
 * of a running domain. Those whose peer is in another network namespace are in use.
 */
void virLXCNetRemoveUnused(virLXCDriver *driver);
