/*
 * lxc_netmark.h: recognize interfaces of starts that were interrupted
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The daemon creates the interfaces of a container before it can record them.
 * If it is killed then, its successor recognizes them by their alias.
 */

#pragma once

#include "lxc_conf.h"

/**
 * virLXCNetMark:
 * @ifname: an interface that has been created for a domain
 * @uuid: the domain's UUID
 *
 * Sets the alias of the interface (ip-link(8)). A failure is a warning.
 */
void virLXCNetMark(const char *ifname,
                   const unsigned char *uuid);

/**
 * virLXCNetRemoveUnused:
 * @driver: the driver, which has loaded all domains
 *
 * Removes the interfaces with such an alias that are not part of a running
 * domain. Those whose peer is in another network namespace are in use.
 */
void virLXCNetRemoveUnused(virLXCDriver *driver);
