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
 * Gives the calling process a new, empty session keyring, so that neither it
 * nor a program that it executes can read or use the keys of the process that
 * started it (keyctl(2), KEYCTL_JOIN_SESSION_KEYRING; session-keyring(7)). A
 * kernel without keyrings has no keys to protect.
 *
 * Returns 0 or -1.
 */
int virLXCKeyringJoinNew(GError **error);
