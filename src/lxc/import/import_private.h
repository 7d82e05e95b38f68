/*
 * import_private.h: the readers of the formats
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Internal to src/lxc/import. A reader fills in the definition of a
 * virLXCImport, adds findings, and fails if it does not understand the
 * document.
 */

#pragma once

#include "import.h"
#include "json.h"
#include "seccomp_ruleset.h"

/**
 * virLXCImportAdd:
 * @import: the result
 * @lost: as in virLXCImportFinding
 * @file: name of the document or of an included file
 * @line: line in @file, or 0
 * @name: the key, member or system call
 * @format: printf format of a sentence
 *
 * Adds a finding.
 */
void
virLXCImportAdd(virLXCImport *import, bool lost, const char *file, int line,
                const char *name, const char *format, ...) G_GNUC_PRINTF(6, 7);

/**
 * virLXCImportAddJSON:
 * @import: the result
 * @lost: as in virLXCImportFinding
 * @file: name of the document
 * @value: the value that the finding is about
 * @format: printf format of a sentence
 *
 * Adds a finding named after the path of @value.
 */
void virLXCImportAddJSON(virLXCImport *import, bool lost, const char *file,
                         const virLXCJSON *value, const char *format, ...)
    G_GNUC_PRINTF(5, 6);

/**
 * virLXCImportSetError:
 * @error: where to store the error, or NULL
 * @file: name of the document or of an included file
 * @line: line in @file
 * @column: column in @line, in bytes from 1, or 0
 * @format: printf format of a sentence
 *
 * Sets VIR_LXC_CONFINEMENT_ERROR_INVALID.
 *
 * Returns -1.
 */
int
virLXCImportSetError(GError **error, const char *file, int line, size_t column,
                     const char *format, ...) G_GNUC_PRINTF(5, 6);

/**
 * virLXCImportOCIConfig:
 * @import: filled on success
 * @source: a config.json
 * @error: set if it is not understood
 *
 * Returns 0, or -1 on failure.
 */
int virLXCImportOCIConfig(virLXCImport *import,
                          const virLXCImportSource *source, GError **error);

/**
 * virLXCImportOCISeccomp:
 * @import: filled on success
 * @source: a seccomp profile
 * @error: set if it is not understood
 *
 * Returns 0, or -1 on failure.
 */
int virLXCImportOCISeccomp(virLXCImport *import,
                           const virLXCImportSource *source, GError **error);

/**
 * virLXCImportLandlockConfig:
 * @import: filled on success
 * @source: a configuration of landlockconfig
 * @error: set if it is not understood
 *
 * Returns 0, or -1 on failure.
 */
int
virLXCImportLandlockConfig(virLXCImport *import,
                           const virLXCImportSource *source, GError **error);

/**
 * virLXCImportLXCConfig:
 * @import: filled on success; @import->xml is set if it is a whole domain
 * @source: a container configuration of LXC
 * @error: set if it is not understood
 *
 * Returns 0, or -1 on failure.
 */
int virLXCImportLXCConfig(virLXCImport *import,
                          const virLXCImportSource *source, GError **error);

/**
 * virLXCImportLXCSeccomp:
 * @import: filled on success
 * @source: a seccomp profile of LXC
 * @error: set if it is not understood
 *
 * Returns 0, or -1 on failure.
 */
int virLXCImportLXCSeccomp(virLXCImport *import,
                           const virLXCImportSource *source, GError **error);

/**
 * virLXCImportJSON:
 * @source: a JSON document
 * @error: set if it is not valid
 *
 * Returns the root, which the caller frees, or NULL.
 */
virLXCJSON *virLXCImportJSON(const virLXCImportSource *source, GError **error);

/**
 * virLXCImportSeccompValue:
 * @import: the result, whose capabilities have been set
 * @source: the document that contains @profile
 * @profile: a seccomp profile
 * @error: set if it is not understood
 *
 * Sets <seccomp>. Conditions of the profile are evaluated for the capabilities
 * of @import and for the host.
 *
 * Returns 0, or -1 on failure.
 */
int
virLXCImportSeccompValue(virLXCImport *import, const virLXCImportSource *source,
                         const virLXCJSON *profile, GError **error);

/**
 * virLXCImportSeccompRules:
 * @import: the result, for findings
 * @file: name of the document
 * @def: the definition that the rules are added to, which has its <denied>
 * @rules: array of virLXCSeccompRule, in the order of the document; emptied
 *
 * Adds the rules to @def. Where rules for a call overlap, the order of the
 * document does not determine which of them libseccomp applies: the strictest
 * is put first. Rules that can never apply are left out.
 */
void virLXCImportSeccompRules(virLXCImport *import, const char *file,
                              virLXCSeccompDef *def, GPtrArray *rules);

/**
 * virLXCImportLandlockValue:
 * @import: the result
 * @source: the document that contains @landlock
 * @landlock: process.landlock of a config.json, as proposed for the OCI runtime
 *     specification
 * @error: set if it is not understood
 *
 * Sets <landlock>.
 *
 * Returns 0, or -1 on failure.
 */
int virLXCImportLandlockValue(virLXCImport *import,
                              const virLXCImportSource *source,
                              const virLXCJSON *landlock, GError **error);

/**
 * virLXCImportKernelFile:
 * @import: the result
 * @target: a path below /proc or /sys
 * @access: masked or read-only
 *
 * Restricts @target in <kernel-files>, which is created with policy='default'.
 * A stricter restriction that is there already is kept.
 *
 * Returns false if <kernel-files> cannot have @target.
 */
bool virLXCImportKernelFile(virLXCImport *import, const char *target,
                            virLXCKernelFileAccess access);
