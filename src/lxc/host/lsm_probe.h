/*
 * lsm_probe.h: the active Linux security modules
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

/** Where securityfs lists the active LSMs. */
#define VIR_LXC_LSM_FILE "/sys/kernel/security/lsm"

/**
 * virLXCLSMProbe:
 * @file: the file to read if the kernel does not have lsm_list_modules(2),
 *     which is new in Linux 6.8: VIR_LXC_LSM_FILE
 *
 * Returns the names of the active LSMs in the order in which the kernel calls
 * them, which the caller frees with g_strfreev(); or NULL if neither source is
 * available.
 */
char **virLXCLSMProbe(const char *file);

/**
 * virLXCLSMRead:
 * @file: a file with the format of /sys/kernel/security/lsm
 *
 * Returns the names in @file, which the caller frees with g_strfreev(), or NULL
 * if it cannot be read.
 */
char **virLXCLSMRead(const char *file);
