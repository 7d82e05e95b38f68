/*
 * keyring.h: the session keyring of a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

/**
 * virLXCKeyringJoinNew:
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Gives the calling process a new, empty session keyring. Neither this process
 * nor a program that it executes can then read or use the keys of its parent
 * (keyctl(2), KEYCTL_JOIN_SESSION_KEYRING; session-keyring(7)). This is a no-op
 * on kernels without keyrings.
 *
 * Returns 0 or -1.
 */
int virLXCKeyringJoinNew(GError **error);
