/*
 * import_lxc_seccomp_rule.h: rules of LXC's seccomp profiles
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Internal to src/lxc/import.
 */

#pragma once

#include "import_private.h"

/** Maximum number of rules. */
#define VIR_LXC_IMPORT_LXC_RULES_MAX 8192

/** Bits for the ABIs of a host: the native one is the lowest. */
#define VIR_LXC_IMPORT_ABIS_NATIVE 1U
#define VIR_LXC_IMPORT_ABIS_ALL (~0U)

/**
 * virLXCImportLXCRule: a rule.
 *
 * @rule: the rule, or NULL if it does not have any effect
 * @abis: the ABIs of its section, bits as returned by virLXCImportABIs()
 */
typedef struct {
    virLXCSeccompRule *rule;
    unsigned int abis;
} virLXCImportLXCRule;

/**
 * virLXCImportLXCRuleFree:
 * @rule: a rule, or NULL
 */
void virLXCImportLXCRuleFree(virLXCImportLXCRule *rule);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCImportLXCRule, virLXCImportLXCRuleFree)

/**
 * virLXCImportABIs:
 * @name: name of an ABI in our table
 * @native: the ABI of the host
 *
 * Returns the bit of the ABI, or 0 if the host cannot run it.
 */
unsigned int
virLXCImportABIs(const char *name, const virLXCSeccompArch *native);

/**
 * virLXCImportLXCActionParse:
 * @import: the result, for findings
 * @file: name of the document
 * @line: number of the line
 * @start: the line, from which columns are counted
 * @text: where an action may start; moved behind it
 * @action: replaced if there is an action
 * @error: set if there is something else than an action
 *
 * Returns 0, or -1 on failure.
 */
int virLXCImportLXCActionParse(virLXCImport *import, const char *file, int line,
                               const char *start, const char **text,
                               virLXCSeccompAction *action, GError **error);

/**
 * virLXCImportLXCRuleParse:
 * @import: the result, for findings
 * @file: name of the document
 * @line: number of the line
 * @text: the line
 * @action: action of rules that do not specify one
 * @error: set if the line is not understood
 *
 * Returns a rule, which the caller frees, or NULL.
 */
virLXCImportLXCRule *
virLXCImportLXCRuleParse(virLXCImport *import, const char *file, int line,
                         const char *text, virLXCSeccompAction action,
                         GError **error);

/**
 * virLXCImportLXCRules:
 * @import: the result, for findings
 * @file: name of the document
 * @native: the ABI of the host
 * @byDefault: the default action
 * @rules: array of virLXCImportLXCRule, whose rules are taken
 * @def: the definition that ABIs and rules are added to
 *
 * <seccomp> has the same rules for all ABIs. Rules that are stricter than the
 * default action apply to all of them; those that are looser, only if they
 * apply to the native ABI. Another ABI is enabled if all of them also apply to
 * it.
 */
void virLXCImportLXCRules(virLXCImport *import, const char *file,
                          const virLXCSeccompArch *native,
                          virLXCSeccompAction byDefault, GPtrArray *rules,
                          virLXCSeccompDef *def);
