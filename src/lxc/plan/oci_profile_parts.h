/*
 * oci_profile_parts.h: the parts of a seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Internal to oci_profile*.c. All errors are VIR_LXC_CONFINEMENT_ERROR_INVALID.
 */

#pragma once

#include "json.h"
#include "seccomp_ruleset.h"

/**
 * virLXCOCIActionMembers: names of the members that specify an action.
 *
 * @action: member with the name of the action
 * @errnoRet: member with the errno value
 * @errnoName: member with the name of the errno, a podman extension
 */
typedef struct {
    const char *action;
    const char *errnoRet;
    const char *errnoName;
} virLXCOCIActionMembers;

/**
 * virLXCOCIActionParse:
 * @object: the object with @members
 * @members: names of the members
 * @action: filled on success
 * @error: set if the action is missing or unknown, or its errno is not valid
 *
 * Returns 0, or -1 on failure.
 */
int virLXCOCIActionParse(const virLXCJSON *object,
                         const virLXCOCIActionMembers *members,
                         virLXCSeccompAction *action, GError **error);

/**
 * virLXCOCIArchsParse:
 * @profile: root of the profile
 * @native: architecture of the host
 * @archs: array of const virLXCSeccompArch *, to which @native and the listed
 *     architectures that its kernel can run are appended without duplicates
 * @error: set if a name is unknown, or both architectures and archMap are given
 *
 * Returns 0, or -1 on failure.
 */
int
virLXCOCIArchsParse(const virLXCJSON *profile, const virLXCSeccompArch *native,
                    GPtrArray *archs, GError **error);

/**
 * virLXCOCIArchIsGo:
 * @arch: an architecture
 * @value: name of an architecture in includes or excludes, as used by Go or
 *     docker
 * @is: filled on success with whether @value is the name of @arch
 * @error: set if the name is unknown
 *
 * Returns 0, or -1 on failure.
 */
int virLXCOCIArchIsGo(const virLXCSeccompArch *arch, const virLXCJSON *value,
                      bool *is, GError **error);

/**
 * virLXCOCIRuleMatches:
 * @rule: an object of syscalls
 * @context: properties of the host and the domain
 * @holds: filled on success with whether the rule applies according to its
 *     includes and excludes
 * @error: set if includes or excludes are not valid
 *
 * Returns 0, or -1 on failure.
 */
int virLXCOCIRuleMatches(const virLXCJSON *rule,
                         const virLXCSeccompContext *context, bool *holds,
                         GError **error);

/**
 * virLXCOCIArgsParse:
 * @rule: an object of syscalls
 * @error: set if its args are not valid
 *
 * If several conditions apply to the same argument, each condition becomes a
 * separate rule. Otherwise, there is one rule with all conditions.
 *
 * Returns an array with a GArray of virLXCSeccompCondition for each rule, which
 * the caller frees, or NULL.
 */
GPtrArray *virLXCOCIArgsParse(const virLXCJSON *rule, GError **error);

/**
 * virLXCOCIRuleParse:
 * @rule: an object of syscalls
 * @context: properties of the host and the domain
 * @rules: array of virLXCSeccompRule, to which rules are appended if @rule
 *     applies according to its includes and excludes
 * @kernel: raised to the version that introduced the newest call in @rule
 * @error: set if @rule is not valid
 *
 * Returns 0, or -1 on failure.
 */
int virLXCOCIRuleParse(const virLXCJSON *rule,
                       const virLXCSeccompContext *context, GPtrArray *rules,
                       virLXCKernelVersion *kernel, GError **error);
