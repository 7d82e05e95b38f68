/*
 * seccomp_ruleset.h: a seccomp policy resolved for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: <seccomp>, and the profile that it builds on. Out: rules with every
 * condition on the host decided, in the order in which they are tried. What
 * reaches the filter is here, and nothing else is.
 */

#pragma once

#include "seccomp_conf.h"

/**
 * virLXCSeccompContext: the facts that a profile's conditions are about.
 *
 * @native: architecture of the host
 * @capabilities: bits of those that the domain keeps
 * @kernel: version of the running kernel
 */
typedef struct {
    const virLXCSeccompArch *native;
    guint64 capabilities;
    virLXCKernelVersion kernel;
} virLXCSeccompContext;

/**
 * virLXCSeccompRuleset: rules for every call of every ABI.
 *
 * A call of an ABI in @archs is decided by the first of @rules that bears its
 * name and whose conditions hold; if there is none, by @defaultAction when the
 * call is as old as @kernel or any rule bears its name, else by @unknown.
 * Unused numbers are unknown. Calls of other ABIs are handled by
 * @badArch.
 *
 * A ruleset is indexed when its rules are complete: virLXCSeccompRulesetFind()
 * and what builds on it need virLXCSeccompRulesetIndex().
 *
 * @archs: the ABIs whose calls are looked at, const virLXCSeccompArch *; the
 *     native one is first
 * @rules: virLXCSeccompRule, in the order in which they are tried
 * @byName: the same rules by the name of their call, GPtrArray of const
 *     virLXCSeccompRule *; NULL until the ruleset is indexed
 * @defaultAction: the action for known calls that no rule matches
 * @unknown: what a call newer than the policy gets
 * @badArch: what a call of another ABI gets
 * @kernel: newest kernel whose calls the policy's author could know
 * @flags: virLXCSeccompFlags
 * @listenerPath: socket of the agent that calls are notified to, or NULL
 * @listenerMetadata: what it is told, or NULL
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
 * Returns a ruleset that refuses everything with EPERM, and knows of no ABI.
 * The caller frees it.
 */
virLXCSeccompRuleset *virLXCSeccompRulesetEmpty(void);

/**
 * virLXCSeccompRulesetIndex:
 * @ruleset: a ruleset whose rules are complete
 *
 * Indexes the rules by call. To be called again after @rules has changed.
 */
void virLXCSeccompRulesetIndex(virLXCSeccompRuleset *ruleset);

/**
 * virLXCSeccompRulesetFind:
 * @ruleset: a ruleset, indexed
 * @name: name of a call
 *
 * Returns the rules that bear it, const virLXCSeccompRule *, in the order in
 * which they are tried; NULL when there is none. Owned by @ruleset.
 */
const GPtrArray *
virLXCSeccompRulesetFind(const virLXCSeccompRuleset *ruleset, const char *name);

/**
 * virLXCSeccompRulesetNames:
 * @ruleset: a ruleset, indexed
 * @name: name of a call
 *
 * Returns whether any rule bears it.
 */
bool virLXCSeccompRulesetNames(const virLXCSeccompRuleset *ruleset,
                               const char *name);

/**
 * virLXCSeccompRulesetFallback:
 * @ruleset: a ruleset, indexed
 * @name: name of a call
 *
 * Returns the action for the call if no rule matches: a member of @ruleset.
 */
const virLXCSeccompAction *
virLXCSeccompRulesetFallback(const virLXCSeccompRuleset *ruleset,
                             const char *name);

/**
 * virLXCSeccompRulesetUses:
 * @ruleset: a ruleset
 * @kind: an action
 *
 * Returns whether any call could get it.
 */
bool virLXCSeccompRulesetUses(const virLXCSeccompRuleset *ruleset,
                              virLXCSeccompActionKind kind);

/**
 * virLXCSeccompRulesetFree:
 * @ruleset: a ruleset, or NULL
 */
void virLXCSeccompRulesetFree(virLXCSeccompRuleset *ruleset);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCSeccompRuleset, virLXCSeccompRulesetFree)
