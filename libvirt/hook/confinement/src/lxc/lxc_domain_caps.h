/*
 * lxc_domain_caps.h: domain capabilities of the LXC driver
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "lxc_conf.h"

/**
 * lxcDomainCapsGet:
 * @driver: the driver
 * @emulator: path of libvirt_lxc, or NULL
 * @arch: name of an architecture, or NULL for that of the host
 * @machine: a machine type, or NULL; LXC does not have any
 * @virttype: "lxc", or NULL
 *
 * Returns the XML of the domain capabilities, which the caller frees, or NULL
 * with VIR_ERR_INVALID_ARG reported if the driver does not have such domains.
 */
char *lxcDomainCapsGet(virLXCDriver *driver,
                       const char *emulator,
                       const char *arch,
                       const char *machine,
                       const char *virttype);
