/*
 * oci_profile.h: parse the administrator's seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a JSON document with the contents of linux.seccomp in the OCI runtime
 * specification (config-linux.md, "Seccomp"), or in the dialect of docker and
 * podman, which adds archMap, includes and excludes. Out: a ruleset.
 */

#pragma once

#include "json.h"
#include "seccomp_ruleset.h"

/** Maximum number of rules, counted for each call and each alternative. */
#define VIR_LXC_OCI_PROFILE_RULES_MAX 8192

/**
 * virLXCOCIProfileParse:
 * @text: text of the profile
 * @length: length of @text in bytes
 * @name: name of the profile for errors
 * @context: host and domain properties for includes and excludes
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID, naming the profile, member,
 *     value and line
 *
 * Unknown members, repeated members, values of the wrong type and unknown names
 * of system calls are errors. Architectures that the host cannot run are
 * ignored, since profiles are written for many hosts.
 *
 * Returns a ruleset, which the caller frees, or NULL. Its @unknown is ENOSYS,
 * unless the default action allows calls. Its @kernel is the version that
 * introduced the newest call named in the profile, even if the rule that names
 * it does not apply here.
 */
virLXCSeccompRuleset *
virLXCOCIProfileParse(const char *text, size_t length, const char *name,
                      const virLXCSeccompContext *context, GError **error);

/**
 * virLXCOCIProfileParseValue:
 * @profile: a profile, as the root of a document or a member of one
 * @context: host and domain properties for includes and excludes
 * @error: as for virLXCOCIProfileParse()
 *
 * Returns what virLXCOCIProfileParse() returns.
 */
virLXCSeccompRuleset *
virLXCOCIProfileParseValue(const virLXCJSON *profile,
                           const virLXCSeccompContext *context, GError **error);
