/*
 * lxc_descriptors.h: the limit of file descriptors of the daemon
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/**
 * virLXCDescriptorsCheck:
 *
 * To be called before a domain is started, except for reboots: these and clients
 * need some descriptors even when no further container can be started.
 *
 * Returns 0 if enough file descriptors are left; otherwise reports an error that
 * names the limit, and returns -1.
 */
int virLXCDescriptorsCheck(void);
