/*
 * import_landlock.h: Landlock rulesets as <landlock>
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Internal to src/lxc/import. A ruleset names the rights that it handles;
 * <landlock> handles all rights of an ABI. What a ruleset does not handle is
 * therefore allowed everywhere, where that is possible.
 */

#pragma once

#include "import_private.h"

/** Maximum number of paths and ports, after variables have been replaced. */
#define VIR_LXC_IMPORT_LANDLOCK_RULES_MAX 4096

/** Number of ports. */
#define VIR_LXC_IMPORT_PORTS (G_MAXUINT16 + 1)

/**
 * virLXCImportRuleset: a ruleset.
 *
 * @handled: bits of the rights that it handles, by kind
 * @line: line on which it starts
 * @bestEffort: whether rights that the kernel lacks are ignored
 * @skipMissing: whether paths that do not exist are ignored
 * @paths: array of virLXCLandlockPath with target, allow and line, each target
 *     once
 * @byTarget: the same, by target
 * @ports: for each port number, bits of kind NET
 */
typedef struct {
    guint64 handled[VIR_LXC_LANDLOCK_KINDS];
    int line;
    bool bestEffort;
    bool skipMissing;
    GPtrArray *paths;
    GHashTable *byTarget;
    guint8 *ports;
} virLXCImportRuleset;

/**
 * virLXCImportRulesetInit:
 * @ruleset: filled with an empty ruleset, which the caller clears
 */
void virLXCImportRulesetInit(virLXCImportRuleset *ruleset);

/**
 * virLXCImportRulesetClear:
 * @ruleset: a ruleset
 */
void virLXCImportRulesetClear(virLXCImportRuleset *ruleset);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(virLXCImportRuleset, virLXCImportRulesetClear)

/**
 * virLXCImportRulesetAddPath:
 * @ruleset: a ruleset
 * @target: an absolute path
 * @allow: bits of kind FS, added to those that @target has already
 * @line: line of the rule
 */
void virLXCImportRulesetAddPath(virLXCImportRuleset *ruleset,
                                const char *target, guint64 allow, int line);

/**
 * virLXCImportRulesetFinish:
 * @import: the result, whose <landlock> is set
 * @source: the document
 * @ruleset: a complete ruleset
 */
void virLXCImportRulesetFinish(virLXCImport *import,
                               const virLXCImportSource *source,
                               const virLXCImportRuleset *ruleset);
