/*
 * oci_profile.h: an administrator's seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the JSON of linux.seccomp of the OCI runtime specification
 * (config-linux.md, "Seccomp"), or of the dialect of docker and podman, which
 * adds archMap, includes and excludes. Out: a ruleset.
 */

#pragma once

#include "seccomp_ruleset.h"

/** No profile has more rules, counted for each call and alternative. */
#define VIR_LXC_OCI_PROFILE_RULES_MAX 8192

/**
 * virLXCOCIProfileParse:
 * @text: the profile
 * @length: its length in bytes
 * @name: what it is called in errors
 * @context: the facts that its conditions refer to
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID, naming profile, member,
 *     value and line
 *
 * Every member that is unknown, given twice or of the wrong type is an error,
 * and so is every name of a call that this software does not know.
 * Architectures that the host cannot run are ignored: a profile is written for
 * many.
 *
 * Returns a ruleset that the caller frees, or NULL. Its @unknown is ENOSYS, its
 * @kernel the newest that any call of the profile came with, whether or not the
 * rule that names it holds here.
 */
virLXCSeccompRuleset *
virLXCOCIProfileParse(const char *text, size_t length, const char *name,
                      const virLXCSeccompContext *context, GError **error);
