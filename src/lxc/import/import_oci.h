/*
 * import_oci.h: config.json of the OCI runtime specification
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Internal to src/lxc/import.
 */

#pragma once

#include "import_domain.h"
#include "import_private.h"

/**
 * virLXCImportOCIState: what has been converted.
 *
 * @import: the result
 * @source: the document
 * @domain: the domain, or NULL if the result is only <features>
 */
typedef struct {
    virLXCImport *import;
    const virLXCImportSource *source;
    virLXCImportDomain *domain;
} virLXCImportOCIState;

/**
 * virLXCImportOCIConvert: converts a member.
 * @state: updated
 * @value: its value
 * @error: set if the value is not valid
 *
 * Returns 0, or -1 on failure.
 */
typedef int (*virLXCImportOCIConvert)(virLXCImportOCIState *state,
                                      const virLXCJSON *value, GError **error);

/**
 * virLXCImportOCIMember: a row for a member.
 *
 * @name: the member
 * @convert: converts it, or NULL
 * @domain: converts it if there is a domain, or NULL
 * @lost: whether it has no equivalent otherwise
 * @text: text of the finding otherwise, or NULL if none is needed. Values that
 *     are empty, false or 0 are not findings.
 */
typedef struct {
    const char *name;
    virLXCImportOCIConvert convert;
    virLXCImportOCIConvert domain;
    bool lost;
    const char *text;
} virLXCImportOCIMember;

/* Versions of clang-format disagree on braces in a macro. */
/* clang-format off */
#define VIR_LXC_IMPORT_OCI_END {NULL, NULL, NULL, false, NULL}
/* clang-format on */

/**
 * virLXCImportOCIMembers:
 * @state: updated
 * @object: an object
 * @members: its rows, in the order of conversion: first those that others
 *     depend on
 * @error: set if a value is not valid
 *
 * Converts the members of an object. A member without a row is a finding.
 *
 * Returns 0, or -1 on failure.
 */
int
virLXCImportOCIMembers(virLXCImportOCIState *state, const virLXCJSON *object,
                       const virLXCImportOCIMember *members, GError **error);

/**
 * virLXCImportOCIEach:
 * @state: updated
 * @list: a list
 * @convert: called for each of its values
 * @error: set if @list is not a list, or by @convert
 *
 * Returns 0, or -1 on failure.
 */
int virLXCImportOCIEach(virLXCImportOCIState *state, const virLXCJSON *list,
                        virLXCImportOCIConvert convert, GError **error);

/**
 * virLXCImportOCIAdd:
 * @state: the state
 * @lost: as in virLXCImportFinding
 * @value: the value that the finding is about
 * @format: printf format of a sentence
 *
 * Adds a finding.
 */
void virLXCImportOCIAdd(virLXCImportOCIState *state, bool lost,
                        const virLXCJSON *value, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/**
 * virLXCImportOCIPath:
 * @state: the state
 * @path: a path of the document
 *
 * Relative paths are below the directory of the document.
 *
 * Returns the absolute path, which the caller frees, or NULL if @path is
 * relative and the directory is not known.
 */
char *virLXCImportOCIPath(const virLXCImportOCIState *state, const char *path);

/* The functions of the rows; each in the file for its members. */
int virLXCImportOCIArgs(virLXCImportOCIState *state, const virLXCJSON *value,
                        GError **error);
int virLXCImportOCIEnv(virLXCImportOCIState *state, const virLXCJSON *value,
                       GError **error);
int virLXCImportOCICwd(virLXCImportOCIState *state, const virLXCJSON *value,
                       GError **error);
int virLXCImportOCIUser(virLXCImportOCIState *state, const virLXCJSON *value,
                        GError **error);
int virLXCImportOCIMounts(virLXCImportOCIState *state, const virLXCJSON *value,
                          GError **error);
int virLXCImportOCIResources(virLXCImportOCIState *state,
                             const virLXCJSON *value, GError **error);
int virLXCImportOCINodes(virLXCImportOCIState *state, const virLXCJSON *value,
                         GError **error);
int virLXCImportOCIUIDs(virLXCImportOCIState *state, const virLXCJSON *value,
                        GError **error);
int virLXCImportOCIGIDs(virLXCImportOCIState *state, const virLXCJSON *value,
                        GError **error);
