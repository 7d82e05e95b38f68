/*
 * virlxcconfinementhost.h: what this host offers to confinement
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Translates between libvirt's types and errors and those of the confinement
 * libraries.
 */

#pragma once

#include "internal.h"
#include "virarch.h"

/* The administrator's seccomp profiles */
#define VIR_LXC_CONFINEMENT_PROFILE_DIR SYSCONFDIR "/libvirt/lxc/seccomp"

/**
 * virLXCConfinementDomainCaps:
 * @path: path of libvirt_lxc
 * @arch: architecture of domains
 *
 * Probes the host each time, because profiles and limits can change.
 *
 * Returns the XML of the domain capabilities, which the caller frees, or NULL
 * with an error reported.
 */
char *virLXCConfinementDomainCaps(const char *path, virArch arch);

/**
 * virLXCConfinementHostLSMs:
 *
 * Returns the names of the active LSMs in their order, which the caller frees
 * with g_strfreev(), or NULL if they are unknown.
 */
char **virLXCConfinementHostLSMs(void);

/**
 * virLXCConfinementHostChecks:
 *
 * Returns an array of virLXCHostCheck (host_check.h), which the caller
 * unreferences, or NULL with an error reported.
 */
GPtrArray *virLXCConfinementHostChecks(void);
