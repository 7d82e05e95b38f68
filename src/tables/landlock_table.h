/*
 * landlock_table.h: the vocabulary of Landlock
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One row a right: parser, formatter, planner and the schema test all read this
 * table. Names and bits: Documentation/userspace-api/landlock.rst and
 * linux/landlock.h of the kernel, without its prefixes, in lower case.
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/** The newest Landlock ABI whose rights this software knows. */
#define VIR_LXC_LANDLOCK_ABI_MAX 11

/**
 * virLXCLandlockKind: which member of struct landlock_ruleset_attr a right is
 * handled by.
 *
 * @VIR_LXC_LANDLOCK_FS: handled_access_fs
 * @VIR_LXC_LANDLOCK_NET: handled_access_net
 * @VIR_LXC_LANDLOCK_SCOPE: scoped
 * @VIR_LXC_LANDLOCK_RESTRICT: none of them: a flag of landlock_restrict_self(2)
 */
typedef enum {
    VIR_LXC_LANDLOCK_FS,
    VIR_LXC_LANDLOCK_NET,
    VIR_LXC_LANDLOCK_SCOPE,
    VIR_LXC_LANDLOCK_RESTRICT,
} virLXCLandlockKind;

#define VIR_LXC_LANDLOCK_KINDS (VIR_LXC_LANDLOCK_RESTRICT + 1)

/**
 * virLXCLandlockProtocol: the protocol that a right of kind NET is for.
 */
typedef enum {
    VIR_LXC_LANDLOCK_TCP,
    VIR_LXC_LANDLOCK_UDP,
} virLXCLandlockProtocol;

#define VIR_LXC_LANDLOCK_PROTOCOLS (VIR_LXC_LANDLOCK_UDP + 1)

/**
 * virLXCLandlockRight: one row.
 *
 * @name: the right's name, as in allow='…'; for a scope the name of the
 *     attribute of <scope>
 * @kind: what handles it
 * @abi: the first ABI that has it
 * @bit: its bit in that member
 * @group: the word in allow='…' that stands for it and others, or NULL
 * @protocol: kind NET: the protocol of the ports that it applies to
 * @onFile: kind FS: whether it applies to files other than directories; the
 *     kernel rejects a rule that gives such a file any other right
 */
typedef struct {
    const char *name;
    virLXCLandlockKind kind;
    unsigned int abi;
    guint64 bit;
    const char *group;
    virLXCLandlockProtocol protocol;
    bool onFile;
} virLXCLandlockRight;

/**
 * virLXCLandlockTable:
 * @nrows: filled with the number of rows
 *
 * Returns the table, ordered by kind and bit. Static, never to be freed.
 */
const virLXCLandlockRight *virLXCLandlockTable(size_t *nrows);

/**
 * virLXCLandlockRightByName:
 * @name: the name of a right of any kind; no two share one
 *
 * Returns the row, or NULL when no right has that name.
 */
const virLXCLandlockRight *virLXCLandlockRightByName(const char *name);

/**
 * virLXCLandlockRights:
 * @kind: a kind
 * @abi: a Landlock ABI
 *
 * Returns the bits of all rights of @kind that @abi has.
 */
guint64 virLXCLandlockRights(virLXCLandlockKind kind, unsigned int abi);

/**
 * virLXCLandlockLogFlag:
 *
 * Returns the row of the flag that log='on' sets: denials of executed programs
 * are logged (landlock_restrict_self(2)).
 */
const virLXCLandlockRight *virLXCLandlockLogFlag(void);

/**
 * virLXCLandlockEntryRights:
 *
 * Returns the bits of kind FS, of any ABI, that allow the entries of a
 * directory to be added, removed or replaced: those that apply only to
 * directories, except reading them.
 */
guint64 virLXCLandlockEntryRights(void);

/**
 * virLXCLandlockNames:
 * @kind: a kind
 * @bits: bits of rights of that kind
 *
 * Returns their names in the order of the table, separated by spaces; the
 * caller frees it.
 */
char *virLXCLandlockNames(virLXCLandlockKind kind, guint64 bits);

/**
 * virLXCLandlockLostNames:
 * @lost: bits of rights, by kind
 *
 * Returns the names of them all, as virLXCLandlockNames() does, or NULL when
 * there are none; the caller frees it.
 */
char *virLXCLandlockLostNames(const guint64 lost[VIR_LXC_LANDLOCK_KINDS]);

/**
 * virLXCLandlockFirstABI:
 * @kind: a kind
 * @bits: bits of rights of that kind, at least one of which has a row
 *
 * Returns the oldest ABI that has any of them.
 */
unsigned int virLXCLandlockFirstABI(virLXCLandlockKind kind, guint64 bits);

/**
 * virLXCLandlockProtocolNames:
 *
 * Returns the names of all protocols in XML, in the order of
 * virLXCLandlockProtocol and with a NULL at the end. Static, never to be freed.
 */
const char *const *virLXCLandlockProtocolNames(void);

/**
 * virLXCLandlockProtocolName:
 * @protocol: a protocol
 *
 * Returns its name in XML. Static, never to be freed.
 */
const char *virLXCLandlockProtocolName(virLXCLandlockProtocol protocol);
