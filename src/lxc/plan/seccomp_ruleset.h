/*
 * seccomp_ruleset.h: a seccomp policy resolved for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: <seccomp>, and the profile on which it is based. Out: an ordered list of
 * rules, in which all conditions on the host have been evaluated. The filter
 * depends on nothing else.
 */

#pragma once

#include "seccomp_conf.h"

/**
 * virLXCSeccompContext: properties on which the conditions of a profile depend.
 *
 * @native: architecture of the host
 * @capabilities: bits of the capabilities that the domain keeps
 * @kernel: version of the running kernel
 * @restrictsTCP: whether the filter must contain the rules of
 *     virLXCLandlockNetAddRules()
 */
typedef struct {
    const virLXCSeccompArch *native;
    guint64 capabilities;
    virLXCKernelVersion kernel;
    bool restrictsTCP;
} virLXCSeccompContext;

/**
 * virLXCSeccompRuleset: determines an action for every call of every ABI.
 *
 * A call of an ABI in @archs gets the action of the first rule in @rules that
 * has its name and whose conditions hold. If there is no such rule, it gets
 * @defaultAction if the call was introduced in @kernel or earlier or if any
 * rule has its name, and @unknown otherwise. Numbers that do not belong to any
 * call get @unknown. Calls of other ABIs get @badArch.
 *
 * virLXCSeccompRulesetFind() and the functions that use it require an index.
 * Call virLXCSeccompRulesetIndex() when the rules are complete.
 *
 * @archs: array of const virLXCSeccompArch *: the enabled ABIs, the native one
 *     first
 * @rules: array of virLXCSeccompRule, in the order in which they are tried
 * @byName: maps the name of a call to its rules, a GPtrArray of const
 *     virLXCSeccompRule *; NULL until the ruleset is indexed
 * @defaultAction: action for known calls to which no rule applies
 * @unknown: action for calls newer than the policy
 * @badArch: action for calls of other ABIs
 * @kernel: newest kernel whose calls were known to the author of the policy
 * @flags: virLXCSeccompFlags
 * @listenerPath: socket of the agent to which calls are notified, or NULL
 * @listenerMetadata: additional data for the agent, or NULL
 */
typedef struct {
    GPtrArray *archs;
    GPtrArray *rules;
    GHashTable *byName;
    virLXCSeccompAction defaultAction;
    virLXCSeccompAction unknown;
    virLXCSeccompAction badArch;
    virLXCKernelVersion kernel;
    unsigned int flags;
    char *listenerPath;
    char *listenerMetadata;
} virLXCSeccompRuleset;

/**
 * virLXCSeccompRulesetEmpty:
 *
 * Returns a ruleset without ABIs and rules, which denies all calls with EPERM.
 * The caller frees it.
 */
virLXCSeccompRuleset *virLXCSeccompRulesetEmpty(void);

/**
 * virLXCSeccompRulesetIndex:
 * @ruleset: the ruleset
 *
 * Indexes the rules by call. Must be called again after @rules has changed.
 */
void virLXCSeccompRulesetIndex(virLXCSeccompRuleset *ruleset);

/**
 * virLXCSeccompRulesetFind:
 * @ruleset: a ruleset, indexed
 * @name: name of a call
 *
 * Returns the rules for the call, an array of const virLXCSeccompRule * in the
 * order in which they are tried, or NULL if there are none. Owned by @ruleset.
 */
const GPtrArray *
virLXCSeccompRulesetFind(const virLXCSeccompRuleset *ruleset, const char *name);

/**
 * virLXCSeccompRulesetNames:
 * @ruleset: a ruleset, indexed
 * @name: name of a call
 *
 * Returns whether there is a rule for the call.
 */
bool virLXCSeccompRulesetNames(const virLXCSeccompRuleset *ruleset,
                               const char *name);

/**
 * virLXCSeccompRulesetFallback:
 * @ruleset: a ruleset, indexed
 * @name: name of a call
 *
 * Returns the action for the call if no rule applies, which is a member of
 * @ruleset.
 */
const virLXCSeccompAction *
virLXCSeccompRulesetFallback(const virLXCSeccompRuleset *ruleset,
                             const char *name);

/**
 * virLXCSeccompRulesetUses:
 * @ruleset: a ruleset
 * @kind: an action
 *
 * Returns whether any call could get that action.
 */
bool virLXCSeccompRulesetUses(const virLXCSeccompRuleset *ruleset,
                              virLXCSeccompActionKind kind);

/**
 * virLXCSeccompRulesetFree:
 * @ruleset: a ruleset, or NULL
 */
void virLXCSeccompRulesetFree(virLXCSeccompRuleset *ruleset);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCSeccompRuleset, virLXCSeccompRulesetFree)
