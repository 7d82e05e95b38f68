/*
 * virt-host-validate-lxc-confinement.h: what confinement needs of a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/**
 * virHostValidateLXCConfinement:
 *
 * Checks, and prints, what this host lacks for confinement of LXC domains.
 *
 * Returns 0, or -1 if no domain could be started.
 */
int virHostValidateLXCConfinement(void);
