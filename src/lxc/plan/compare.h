/*
 * compare.h: determine which of two plans confines more
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: two plans for the same host. Out: for each part of a plan, whether the
 * second one is tighter or looser than the first, and where they differ.
 * Comparing does not make system calls.
 */

#pragma once

#include "plan.h"

/**
 * virLXCRelation: how the second of two plans relates to the first, in the
 * order in which relations of parts determine that of the whole.
 *
 * @VIR_LXC_RELATION_EQUAL: both permit the same
 * @VIR_LXC_RELATION_TIGHTER: the second permits less, and nothing that the
 *     first does not permit
 * @VIR_LXC_RELATION_UNPROVABLE: the second may permit something that the first
 *     does not permit
 * @VIR_LXC_RELATION_LOOSER: the second permits something that the first does
 *     not permit
 */
typedef enum {
    VIR_LXC_RELATION_EQUAL,
    VIR_LXC_RELATION_TIGHTER,
    VIR_LXC_RELATION_UNPROVABLE,
    VIR_LXC_RELATION_LOOSER,
} virLXCRelation;

#define VIR_LXC_RELATIONS (VIR_LXC_RELATION_LOOSER + 1)

/**
 * virLXCLeaf: a part of a plan that is compared on its own.
 *
 * A plan does not have what VIR_LXC_LEAF_NAMESPACES stands for, namespaces that
 * the container shares: the caller adds their differences.
 */
typedef enum {
    VIR_LXC_LEAF_CAPABILITIES,
    VIR_LXC_LEAF_USER_NAMESPACES,
    VIR_LXC_LEAF_NAMESPACES,
    VIR_LXC_LEAF_NO_NEW_PRIVS,
    VIR_LXC_LEAF_LANDLOCK_FS,
    VIR_LXC_LEAF_LANDLOCK_NET,
    VIR_LXC_LEAF_LANDLOCK_SCOPE,
    VIR_LXC_LEAF_SECCOMP,
    VIR_LXC_LEAF_KERNEL_FILES,
    VIR_LXC_LEAF_LOG,
} virLXCLeaf;

#define VIR_LXC_LEAVES (VIR_LXC_LEAF_LOG + 1)

/**
 * virLXCDifference: something that the plans treat differently. All strings are
 * words of the XML, names or numbers, and not translated.
 *
 * @leaf: the part that it belongs to
 * @relation: TIGHTER, UNPROVABLE or LOOSER
 * @group: what @what belongs to: an architecture, the rights to a file; or NULL
 * @what: the capability, path, port or system call
 * @example: arguments of the system call for which the difference was found,
 *     or NULL if it does not depend on them
 * @from: its treatment by the first plan
 * @to: its treatment by the second plan
 */
typedef struct {
    virLXCLeaf leaf;
    virLXCRelation relation;
    char *group;
    char *what;
    char *example;
    char *from;
    char *to;
} virLXCDifference;

/**
 * virLXCComparison: how the second of two plans relates to the first.
 *
 * @verdict: the relation of the plans as a whole: the last one in the order of
 *     virLXCRelation that any part has
 * @leaves: the relation of each part
 * @differences: array of virLXCDifference, in the order of virLXCLeaf
 */
typedef struct {
    virLXCRelation verdict;
    virLXCRelation leaves[VIR_LXC_LEAVES];
    GPtrArray *differences;
} virLXCComparison;

/**
 * virLXCPlanCompare:
 * @from: a plan
 * @to: another plan for the same host
 *
 * Compares what the plans permit. A relation of EQUAL or TIGHTER is proved:
 *
 * - Capabilities: @to keeps no other capabilities than @from.
 * - Landlock: @to restricts all rights that @from restricts, and allows them
 *   only on paths that are listed by @from or below one of those, and on ports
 *   that are listed by @from. Paths are compared as text: symbolic links are
 *   assumed not to lead out of the directory that they are in.
 * - seccomp: every number of every ABI that the host can run gets, for all
 *   arguments, an action that is at least as restrictive
 *   (virLXCSeccompActionKind). Errnos are not compared, since the call is
 *   refused in any case. Different values for a tracer, and notifying different
 *   agents, are UNPROVABLE. So are conditions that are too complex to be
 *   compared in a reasonable time.
 * - Files in /proc and /sys: each has the same or a more restrictive access.
 * - Logging: @to logs what @from logs.
 *
 * Returns the comparison, which the caller frees.
 */
virLXCComparison *
virLXCPlanCompare(const virLXCPlan *from, const virLXCPlan *to);

/**
 * virLXCComparisonAdd:
 * @comparison: the comparison
 * @difference: a difference, whose strings the comparison takes
 *
 * Adds a difference, unless it has the relation EQUAL, and updates the relation
 * of its leaf and the verdict.
 */
void virLXCComparisonAdd(virLXCComparison *comparison,
                         const virLXCDifference *difference);

/**
 * virLXCRelationOf:
 * @from: how restrictive something is in the first plan
 * @to: how restrictive it is in the second plan
 *
 * Returns the relation, which is never UNPROVABLE.
 */
virLXCRelation virLXCRelationOf(unsigned int from, unsigned int to);

/**
 * virLXCRelationIsNotLooser:
 * @relation: a relation
 *
 * Returns whether it is EQUAL or TIGHTER.
 */
bool virLXCRelationIsNotLooser(virLXCRelation relation);

/**
 * virLXCRelationName:
 * @relation: a relation
 *
 * Returns its name, which is not translated. Static.
 */
const char *virLXCRelationName(virLXCRelation relation);

/**
 * virLXCLeafName:
 * @leaf: a part of a plan
 *
 * Returns its name, which is not translated. Static.
 */
const char *virLXCLeafName(virLXCLeaf leaf);

/**
 * virLXCComparisonFree:
 * @comparison: a comparison, or NULL
 */
void virLXCComparisonFree(virLXCComparison *comparison);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCComparison, virLXCComparisonFree)
