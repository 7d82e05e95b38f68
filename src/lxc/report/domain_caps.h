/*
 * domain_caps.h: domain capabilities of a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "host_info.h"

/**
 * virLXCDomainCapsFormat:
 * @info: properties of the host
 * @path: absolute path of libvirt_lxc
 * @arch: architecture of domains, as libvirt names it
 *
 * Formats what domains can use on the host, as described in
 * lxc-domain-capabilities(7) and docs/schemas/lxcdomaincaps.rng.
 *
 * Returns a <domainCapabilities> document, which the caller frees.
 */
char *virLXCDomainCapsFormat(const virLXCHostInfo *info, const char *path,
                             const char *arch);
