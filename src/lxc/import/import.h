/*
 * import.h: policies of other software as domain XML
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the text of a policy of another format. Out: the confinement elements of
 * <features>, or a whole domain where the format has one; and a list of
 * findings: what could not be converted, and what the caller should know.
 * Everything in the document is in the result or in a finding.
 */

#pragma once

#include "confinement_conf.h"
#include "host.h"
#include "import_files.h"

/** The longest document that is read, in bytes, without what it includes. */
#define VIR_LXC_IMPORT_TEXT_MAX ((size_t)1024 * 1024)

/**
 * virLXCImportKind: the format of a document.
 *
 * @VIR_LXC_IMPORT_DETECT: the one that the text looks like
 * @VIR_LXC_IMPORT_OCI_CONFIG: config.json of the OCI runtime specification
 * @VIR_LXC_IMPORT_OCI_SECCOMP: the value of its linux.seccomp, or a profile of
 *     docker or podman
 * @VIR_LXC_IMPORT_LANDLOCKCONFIG: JSON of landlockconfig
 * @VIR_LXC_IMPORT_LXC_CONFIG: lxc.container.conf(5)
 * @VIR_LXC_IMPORT_LXC_SECCOMP: a file that lxc.seccomp.profile names
 */
typedef enum {
    VIR_LXC_IMPORT_DETECT,
    VIR_LXC_IMPORT_OCI_CONFIG,
    VIR_LXC_IMPORT_OCI_SECCOMP,
    VIR_LXC_IMPORT_LANDLOCKCONFIG,
    VIR_LXC_IMPORT_LXC_CONFIG,
    VIR_LXC_IMPORT_LXC_SECCOMP,
} virLXCImportKind;

/**
 * virLXCImportFinding: something in the document.
 *
 * @lost: true if it has no equivalent, so that the result is not what the
 *     document describes; false if the caller should only know it
 * @file: name of the document or of the file that it includes
 * @line: line in @file, or 0 if it is not in the document
 * @name: the key, member or system call
 * @text: a sentence
 */
typedef struct {
    bool lost;
    char *file;
    int line;
    char *name;
    char *text;
} virLXCImportFinding;

/**
 * virLXCImport: the result.
 *
 * @kind: the format of the document
 * @def: the confinement elements, as parsed from @xml
 * @privnet: whether <features> has <privnet/>
 * @isDomain: whether @xml is a <domain> rather than a <features>
 * @xml: the document
 * @findings: array of virLXCImportFinding, in the order of the document
 * @lost: how many of them have @lost set. The result must not be used as if it
 *     were complete unless this is 0.
 * @ignored: how many of @lost concern options that
 * virConnectDomainXMLFromNative has always ignored, so that it only mentions
 * them
 */
typedef struct {
    virLXCImportKind kind;
    virLXCConfinementDef *def;
    bool privnet;
    bool isDomain;
    char *xml;
    GPtrArray *findings;
    unsigned int lost;
    unsigned int ignored;
} virLXCImport;

/**
 * virLXCImportSource: what is converted.
 *
 * @kind: its format
 * @text: its text, which need not be NUL-terminated
 * @length: length of @text in bytes
 * @file: its name for findings and errors
 * @domain: name of the domain if the document does not contain one, or NULL
 * @directory: absolute path of the directory of the document, which relative
 *     paths of a config.json start from, or NULL
 * @featuresOnly: whether the result must not be a whole domain
 * @host: the host for which conditions in seccomp profiles are evaluated, and
 *     whose system calls and ABIs names and numbers refer to
 * @files: reads the files that the document names, or NULL to read none
 */
typedef struct {
    virLXCImportKind kind;
    const char *text;
    size_t length;
    const char *file;
    const char *domain;
    const char *directory;
    bool featuresOnly;
    const virLXCHost *host;
    virLXCImportFiles *files;
} virLXCImportSource;

/**
 * virLXCImportKindNames:
 *
 * Returns the names of the kinds for the option --from, in the order of
 * virLXCImportKind from VIR_LXC_IMPORT_OCI_CONFIG on and with a NULL at the
 * end. Static, never to be freed.
 */
const char *const *virLXCImportKindNames(void);

/**
 * virLXCImportRun:
 * @source: the document
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID if the document is not
 *     understood, naming file, line and, for a syntax error, column; to
 *     VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED if the kind is not known or the
 *     host is not supported
 *
 * Converts the document. Nothing that confines is dropped or loosened without
 * a finding that has @lost set.
 *
 * Returns the result, which the caller frees, or NULL.
 */
virLXCImport *virLXCImportRun(const virLXCImportSource *source, GError **error);

/**
 * virLXCImportFindingText:
 * @finding: a finding
 *
 * Returns "FILE:LINE: NAME: TEXT", which the caller frees. It does not contain
 * control characters.
 */
char *virLXCImportFindingText(const virLXCImportFinding *finding);

/**
 * virLXCImportComment:
 * @import: a result
 *
 * Returns the findings as an XML comment of several lines, which the caller
 * frees, or "" if there are none.
 */
char *virLXCImportComment(const virLXCImport *import);

/**
 * virLXCImportFree:
 * @import: a result, or NULL
 */
void virLXCImportFree(virLXCImport *import);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCImport, virLXCImportFree)
