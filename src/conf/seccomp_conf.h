/*
 * seccomp_conf.h: <seccomp> as a definition
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "error.h"
#include "namespace_table.h"
#include "seccomp_table.h"
#include "socket_family_table.h"
#include "syscall_table.h"

struct _xmlNode;

/**
 * virLXCSeccompAction: an action with its number.
 *
 * @kind: the action
 * @number: ERRNO: the errno of the call; TRACE: the value for the tracer;
 *     otherwise 0
 */
typedef struct {
    virLXCSeccompActionKind kind;
    unsigned int number;
} virLXCSeccompAction;

/**
 * virLXCSeccompCondition: a condition on an argument of a call.
 *
 * @index: number of the argument, from 0
 * @op: how it is compared
 * @value: with what
 * @mask: MASKED_EQ: the bits that are compared; else 0
 */
typedef struct {
    unsigned int index;
    virLXCSeccompOperator op;
    guint64 value;
    guint64 mask;
} virLXCSeccompCondition;

#define VIR_LXC_SECCOMP_ARGUMENTS 6

/**
 * virLXCSeccompOrigin: where a rule comes from.
 *
 * @VIR_LXC_SECCOMP_ORIGIN_DRIVER: the built-in profile, or the driver itself
 * @VIR_LXC_SECCOMP_ORIGIN_XML: <seccomp>
 * @VIR_LXC_SECCOMP_ORIGIN_PROFILE: an administrator's profile
 */
typedef enum {
    VIR_LXC_SECCOMP_ORIGIN_DRIVER,
    VIR_LXC_SECCOMP_ORIGIN_XML,
    VIR_LXC_SECCOMP_ORIGIN_PROFILE,
} virLXCSeccompOrigin;

/**
 * virLXCSeccompRule: a <syscall>, or a rule of a profile. The rules for a call
 * are tried in order, and the first whose conditions all hold is applied.
 *
 * @name: name of the call, which virLXCSyscallByName() knows
 * @action: the action if all conditions hold
 * @conditions: virLXCSeccompCondition, all of which must hold; never NULL
 * @origin: where the rule comes from, once it is in a ruleset
 * @line: line of the document or profile, for errors; 0 when unknown
 */
typedef struct {
    char *name;
    virLXCSeccompAction action;
    GArray *conditions;
    virLXCSeccompOrigin origin;
    int line;
} virLXCSeccompRule;

/**
 * virLXCSeccompRuleNew:
 * @name: name of the call, which is copied
 * @action: the action
 * @line: line, or 0
 *
 * Returns a rule without conditions, which the caller frees.
 */
virLXCSeccompRule *
virLXCSeccompRuleNew(const char *name, virLXCSeccompAction action, int line);

/**
 * virLXCSeccompRuleFree:
 * @rule: a rule, or NULL
 */
void virLXCSeccompRuleFree(virLXCSeccompRule *rule);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCSeccompRule, virLXCSeccompRuleFree)

/**
 * virLXCSeccompRulesNew:
 *
 * Returns an empty list of virLXCSeccompRule that owns its rules. The caller
 * frees it.
 */
GPtrArray *virLXCSeccompRulesNew(void);

/**
 * virLXCSeccompGroup: a <syscall group='…'>: a rule without conditions for each
 * call of the group that is not newer than the policy. Rules, sockets and
 * namespaces precede groups.
 *
 * @group: the group
 * @action: the action for its calls
 * @line: line of the document, for errors; 0 when unknown
 */
typedef struct {
    const virLXCSyscallGroupRow *group;
    virLXCSeccompAction action;
    int line;
} virLXCSeccompGroup;

/**
 * virLXCSeccompSocket: a <socket>: rules on socket(2) and socketpair(2).
 *
 * @family: the family that they apply to, or NULL for all families without a
 *     <socket>
 * @action: the action for the calls
 * @line: line of the document, for errors; 0 when unknown
 */
typedef struct {
    const virLXCSocketFamily *family;
    virLXCSeccompAction action;
    int line;
} virLXCSeccompSocket;

/**
 * virLXCSeccompNamespace: a <namespace>: rules on clone(2), unshare(2) and
 * setns(2).
 *
 * @type: the type of namespace that they apply to
 * @action: the action for the calls
 * @line: line of the document, for errors; 0 when unknown
 */
typedef struct {
    const virLXCNamespace *type;
    virLXCSeccompAction action;
    int line;
} virLXCSeccompNamespace;

/**
 * virLXCSeccompPolicy: the policy that the rules of the definition are added
 * to.
 *
 * @VIR_LXC_SECCOMP_POLICY_DEFAULT: the built-in profile, or the administrator's
 *     that @profile names
 * @VIR_LXC_SECCOMP_POLICY_DENY: nothing
 * @VIR_LXC_SECCOMP_POLICY_ALLOW: everything
 */
typedef enum {
    VIR_LXC_SECCOMP_POLICY_DEFAULT,
    VIR_LXC_SECCOMP_POLICY_DENY,
    VIR_LXC_SECCOMP_POLICY_ALLOW,
} virLXCSeccompPolicy;

/**
 * virLXCSeccompArchUse: an <arch>.
 *
 * @arch: its row
 * @line: line of the document, for errors; 0 when unknown
 */
typedef struct {
    const virLXCSeccompArch *arch;
    int line;
} virLXCSeccompArchUse;

/**
 * virLXCSeccompEffective: what was put into effect.
 *
 * @digest: SHA-256 of the filter as the kernel got it, in hexadecimal
 * @instructions: how many BPF instructions it has
 * @policy: SHA-256, in hexadecimal, of the whole policy (program, flags and
 *     listener), or NULL if it was not recorded
 * @listener: path of the socket that got the listener, or NULL
 */
typedef struct {
    char *digest;
    unsigned int instructions;
    char *policy;
    char *listener;
} virLXCSeccompEffective;

/**
 * virLXCSeccompEffectiveFree:
 * @effective: what was put into effect, or NULL
 */
void virLXCSeccompEffectiveFree(virLXCSeccompEffective *effective);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCSeccompEffective,
                              virLXCSeccompEffectiveFree)

/** The most instructions that a filter can have (BPF_MAXINSNS). */
#define VIR_LXC_SECCOMP_INSTRUCTIONS_MAX 4096

/** The longest path of a socket, without the byte that ends it (unix(7)). */
#define VIR_LXC_SECCOMP_LISTENER_MAX 107

/**
 * virLXCSeccompDef: the seccomp policy in a domain's XML.
 *
 * @policy: the attribute policy
 * @profile: the attribute profile, or NULL
 * @log: log='on': calls that are not allowed are logged
 * @hasDenied: whether there is <denied>
 * @denied: its action
 * @hasUnknown: whether there is <unknown>, or it was filled in
 * @unknown: its action
 * @kernel: its attribute kernel: calls that were added later are newer than the
 *     policy; 0.0 until it is filled in
 * @archs: virLXCSeccompArchUse of each <arch>
 * @rules: virLXCSeccompRule of each <syscall name='…'>, in order
 * @reached: the same, for virLXCSeccompRuleCheckReached()
 * @groups: virLXCSeccompGroup of each <syscall group='…'>, in order
 * @sockets: virLXCSeccompSocket of each <socket>, in order
 * @namespaces: virLXCSeccompNamespace of each <namespace>, in order
 * @listenerPath: absolute path of <listener>, or NULL
 * @listenerMetadata: its attribute metadata, or NULL
 * @listenerLine: its line in the document, for errors; 0 when unknown
 * @effective: what is in effect in a running domain, or NULL
 * @line: line of the element in the document, for errors; 0 when unknown
 */
typedef struct {
    virLXCSeccompPolicy policy;
    char *profile;
    bool log;
    bool hasDenied;
    virLXCSeccompAction denied;
    bool hasUnknown;
    virLXCSeccompAction unknown;
    virLXCKernelVersion kernel;
    GArray *archs;
    GPtrArray *rules;
    GHashTable *reached;
    GArray *groups;
    GArray *sockets;
    GArray *namespaces;
    char *listenerPath;
    char *listenerMetadata;
    int listenerLine;
    virLXCSeccompEffective *effective;
    int line;
} virLXCSeccompDef;

/**
 * virLXCSeccompPolicyNames:
 *
 * Returns the names of all policies in XML, in the order of virLXCSeccompPolicy
 * and with a NULL at the end. Static, never to be freed.
 */
const char *const *virLXCSeccompPolicyNames(void);

/**
 * virLXCSeccompProfileNameIsValid:
 * @name: the attribute profile
 *
 * Returns whether it is the name of a profile: 1 to 64 letters, digits, '_',
 * '-' and '.', beginning with a letter or digit, so that it can only be the
 * name of a file in the directory of profiles.
 */
bool virLXCSeccompProfileNameIsValid(const char *name);

/**
 * virLXCSeccompDefParse:
 * @node: the <seccomp> element
 * @live: as for virLXCCapabilitiesDefParse()
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML or, for a contradiction,
 *     VIR_LXC_CONFINEMENT_ERROR_INVALID, naming element, value and line
 *
 * Returns a definition that the caller frees, or NULL.
 */
virLXCSeccompDef *
virLXCSeccompDefParse(struct _xmlNode *node, bool live, GError **error);

/**
 * virLXCSeccompDefFindGroup:
 * @def: the definition
 * @name: name of a call, which virLXCSyscallByName() knows
 *
 * Returns the entry of @def for the group of the call, or NULL if there is
 * none.
 */
const virLXCSeccompGroup *
virLXCSeccompDefFindGroup(const virLXCSeccompDef *def, const char *name);

/**
 * virLXCSeccompDefHasKernel:
 * @def: the definition
 *
 * Returns whether its attribute kernel is there, or was filled in.
 */
bool virLXCSeccompDefHasKernel(const virLXCSeccompDef *def);

/**
 * virLXCSeccompDefComplete:
 * @def: the definition
 *
 * Fills in omitted values, so that they never change again: with policy='deny',
 * with groups, and where there is <unknown> with policy='allow', the newest
 * kernel whose calls the author of this policy could know, which is the one up
 * to which the table of this software is complete. Profiles specify their own.
 */
void virLXCSeccompDefComplete(virLXCSeccompDef *def);

/**
 * virLXCSeccompDefFormat:
 * @def: the definition
 * @out: text is appended here
 * @indent: spaces before the element
 */
void virLXCSeccompDefFormat(const virLXCSeccompDef *def, GString *out,
                            unsigned int indent);

/**
 * virLXCSeccompDefNew:
 *
 * Returns a definition of policy 'default' without rules, which the caller
 * frees.
 */
virLXCSeccompDef *virLXCSeccompDefNew(void);

/**
 * virLXCSeccompDefFree:
 * @def: a definition, or NULL
 */
void virLXCSeccompDefFree(virLXCSeccompDef *def);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCSeccompDef, virLXCSeccompDefFree)
