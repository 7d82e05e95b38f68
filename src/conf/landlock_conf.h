/*
 * landlock_conf.h: <landlock> as a definition
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "error.h"
#include "landlock_table.h"

struct _xmlNode;

/**
 * virLXCLandlockMode: what happens on a kernel that lacks a right.
 *
 * @VIR_LXC_LANDLOCK_REQUIRED: the domain does not start
 * @VIR_LXC_LANDLOCK_BEST_EFFORT: it starts with what the kernel can enforce
 */
typedef enum {
    VIR_LXC_LANDLOCK_REQUIRED,
    VIR_LXC_LANDLOCK_BEST_EFFORT,
} virLXCLandlockMode;

/**
 * virLXCLandlockPath: a <path>.
 *
 * @target: absolute path inside the container
 * @words: the words of the attribute allow, as written
 * @allow: bits of kind FS that they stand for, of any ABI
 * @exact: those of @allow that were listed by their own names
 * @skipMissing: missing='skip'
 * @line: line of the document, for errors; 0 when unknown
 */
typedef struct {
    char *target;
    char *words;
    guint64 allow;
    guint64 exact;
    bool skipMissing;
    int line;
} virLXCLandlockPath;

/**
 * virLXCLandlockPort: a <port>.
 *
 * @protocol: tcp or udp
 * @number: port number, 0 to 65535
 * @words: the words of the attribute allow, as written
 * @allow: bits of kind NET that they stand for, all of @protocol
 * @line: line of the document, for errors; 0 when unknown
 */
typedef struct {
    virLXCLandlockProtocol protocol;
    unsigned int number;
    char *words;
    guint64 allow;
    int line;
} virLXCLandlockPort;

/**
 * virLXCLandlockEffective: what was put into effect.
 *
 * @abi: Landlock ABI that was enforced
 * @lost: for each kind, the rights that the definition handles but the kernel
 *     could not
 */
typedef struct {
    unsigned int abi;
    guint64 lost[VIR_LXC_LANDLOCK_KINDS];
} virLXCLandlockEffective;

/**
 * virLXCLandlockDef: the Landlock policy in a domain's XML.
 *
 * @mode: the attribute mode
 * @abi: the attribute abi; 0 until it is filled in
 * @log: log='on'
 * @hasFS: whether there is <fs>, which then handles every right of @abi
 * @paths: its virLXCLandlockPath, added with virLXCLandlockDefAddPath()
 * @byTarget: the same, by target
 * @hasNet: whether there is <net>, likewise
 * @ports: its virLXCLandlockPort, added with virLXCLandlockDefAddPort()
 * @byPort: the same, by protocol and number
 * @hasScope: whether there is <scope>
 * @scope: bits of kind SCOPE that are on
 * @effective: what is in effect in a running domain, or NULL
 * @line: line of the element in the document, for errors; 0 when unknown
 * @netLine: that of <net>
 * @scopeLine: that of <scope>
 */
typedef struct {
    virLXCLandlockMode mode;
    unsigned int abi;
    bool log;
    bool hasFS;
    GPtrArray *paths;
    GHashTable *byTarget;
    bool hasNet;
    GPtrArray *ports;
    GHashTable *byPort;
    bool hasScope;
    guint64 scope;
    virLXCLandlockEffective *effective;
    int line;
    int netLine;
    int scopeLine;
} virLXCLandlockDef;

/**
 * virLXCLandlockDefParse:
 * @node: the <landlock> element
 * @live: as for virLXCCapabilitiesDefParse()
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML or, for a contradiction,
 *     VIR_LXC_CONFINEMENT_ERROR_INVALID, naming element, value and line
 *
 * Returns a definition that the caller frees, or NULL.
 */
virLXCLandlockDef *
virLXCLandlockDefParse(struct _xmlNode *node, bool live, GError **error);

/**
 * virLXCLandlockDefCheckABI:
 * @def: the definition
 * @abi: the Landlock ABI that it is to be enforced with
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID, naming what needs a newer
 *     ABI, both ABIs and the line
 *
 * Returns 0 when @abi has everything that @def names, else -1. A group does not
 * require any right: it stands for those that @abi has.
 */
int virLXCLandlockDefCheckABI(const virLXCLandlockDef *def, unsigned int abi,
                              GError **error);

/**
 * virLXCLandlockDefComplete:
 * @def: the definition
 * @hostABI: Landlock ABI of the host, 0 when it has none
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED if abi is omitted and
 *     the host has none to fill in; to VIR_LXC_CONFINEMENT_ERROR_INVALID if a
 *     part needs a newer ABI than the one filled in
 *
 * Fills in omitted values, so that they never change again: the ABI is that of
 * the host, or VIR_LXC_LANDLOCK_ABI_MAX where that is newer.
 *
 * Returns 0 or -1.
 */
int virLXCLandlockDefComplete(virLXCLandlockDef *def, unsigned int hostABI,
                              GError **error);

/**
 * virLXCLandlockDefFormat:
 * @def: the definition
 * @out: text is appended here
 * @indent: spaces before the element
 */
void virLXCLandlockDefFormat(const virLXCLandlockDef *def, GString *out,
                             unsigned int indent);

/**
 * virLXCLandlockDefAddPath:
 * @def: the definition
 * @path: a path whose target is not listed yet; @def takes ownership of it
 */
void virLXCLandlockDefAddPath(virLXCLandlockDef *def, virLXCLandlockPath *path);

/**
 * virLXCLandlockDefAddPort:
 * @def: the definition
 * @port: a port that is not listed yet; @def takes ownership of it
 */
void virLXCLandlockDefAddPort(virLXCLandlockDef *def, virLXCLandlockPort *port);

/**
 * virLXCLandlockDefFindPath:
 * @def: the definition
 * @target: the target of a path, as written
 *
 * Returns its path, or NULL when there is none.
 */
const virLXCLandlockPath *
virLXCLandlockDefFindPath(const virLXCLandlockDef *def, const char *target);

/**
 * virLXCLandlockDefFindPort:
 * @def: the definition
 * @protocol: a protocol
 * @number: a port number
 *
 * Returns its port, or NULL when there is none.
 */
const virLXCLandlockPort *
virLXCLandlockDefFindPort(const virLXCLandlockDef *def,
                          virLXCLandlockProtocol protocol, unsigned int number);

/**
 * virLXCLandlockModeNames:
 *
 * Returns the names of all modes in XML, in the order of virLXCLandlockMode and
 * with a NULL at the end. Static, never to be freed.
 */
const char *const *virLXCLandlockModeNames(void);

/**
 * virLXCLandlockDefNew:
 *
 * Returns a definition without any parts, which the caller frees.
 */
virLXCLandlockDef *virLXCLandlockDefNew(void);

/**
 * virLXCLandlockPathFree:
 * @path: a path, or NULL
 */
void virLXCLandlockPathFree(virLXCLandlockPath *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCLandlockPath, virLXCLandlockPathFree)

/**
 * virLXCLandlockPortFree:
 * @port: a port, or NULL
 */
void virLXCLandlockPortFree(virLXCLandlockPort *port);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCLandlockPort, virLXCLandlockPortFree)

/**
 * virLXCLandlockDefHandled:
 * @def: the definition, with its ABI filled in
 * @kind: FS, NET or SCOPE
 *
 * Returns the bits of all rights that the definition restricts: a part that is
 * present handles all rights of its kind.
 */
guint64
virLXCLandlockDefHandled(const virLXCLandlockDef *def, virLXCLandlockKind kind);

/**
 * virLXCLandlockDefFree:
 * @def: a definition, or NULL
 */
void virLXCLandlockDefFree(virLXCLandlockDef *def);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCLandlockDef, virLXCLandlockDefFree)
