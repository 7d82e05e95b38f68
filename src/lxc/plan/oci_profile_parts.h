/*
 * oci_profile_parts.h: the parts of a seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For oci_profile.c alone. Errors are VIR_LXC_CONFINEMENT_ERROR_INVALID.
 */

#pragma once

#include "json.h"
#include "seccomp_ruleset.h"

/**
 * virLXCOCIActionMembers: the names of the members that make an action.
 *
 * @action: its name
 * @errnoRet: its number
 * @errnoName: its number by name, which is podman's
 */
typedef struct {
    const char *action;
    const char *errnoRet;
    const char *errnoName;
} virLXCOCIActionMembers;

/**
 * virLXCOCIActionParse:
 * @object: has @members
 * @members: names of its members
 * @action: filled on success
 * @error: set if the action is missing or does not take the number
 *
 * Returns 0, or -1 on failure.
 */
int virLXCOCIActionParse(const virLXCJSON *object,
                         const virLXCOCIActionMembers *members,
                         virLXCSeccompAction *action, GError **error);

/**
 * virLXCOCIArchsParse:
 * @profile: the root
 * @native: architecture of the host
 * @archs: @native and those that its kernels run are appended, each once
 * @error: set when a name is unknown, or both architectures and archMap are
 *     given
 *
 * Returns 0, or -1 on failure.
 */
int
virLXCOCIArchsParse(const virLXCJSON *profile, const virLXCSeccompArch *native,
                    GPtrArray *archs, GError **error);

/**
 * virLXCOCIArchIsGo:
 * @arch: an architecture
 * @value: name of one in includes or excludes: Go's name, or docker's
 * @is: filled on success with whether it is that of @arch
 * @error: set if it is not the name of an architecture
 *
 * Returns 0, or -1 on failure.
 */
int virLXCOCIArchIsGo(const virLXCSeccompArch *arch, const virLXCJSON *value,
                      bool *is, GError **error);

/**
 * virLXCOCIRuleMatches:
 * @rule: an object of syscalls
 * @context: facts of the host and the domain
 * @holds: filled on success with whether its includes and excludes hold
 * @error: set when they are malformed
 *
 * Returns 0, or -1 on failure.
 */
int virLXCOCIRuleMatches(const virLXCJSON *rule,
                         const virLXCSeccompContext *context, bool *holds,
                         GError **error);

/**
 * virLXCOCIArgsParse:
 * @rule: an object of syscalls
 * @error: set when its args are malformed
 *
 * Returns a GArray of virLXCSeccompCondition for each rule that @rule stands
 * for, which the caller frees, or NULL. If two conditions apply to the same
 * argument, each of them makes a separate rule; otherwise there is one rule.
 */
GPtrArray *virLXCOCIArgsParse(const virLXCJSON *rule, GError **error);

/**
 * virLXCOCIRuleParse:
 * @rule: an object of syscalls
 * @context: facts of the host and the domain
 * @rules: virLXCSeccompRule are appended, unless the includes or excludes of
 *     @rule do not hold
 * @kernel: raised to the newest kernel that any call of @rule came with
 * @error: set when @rule is malformed
 *
 * Returns 0, or -1 on failure.
 */
int virLXCOCIRuleParse(const virLXCJSON *rule,
                       const virLXCSeccompContext *context, GPtrArray *rules,
                       virLXCKernelVersion *kernel, GError **error);
