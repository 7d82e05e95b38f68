/*
 * import_lxc_config.h: the keys of lxc.container.conf(5)
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Internal to src/lxc/import.
 */

#pragma once

#include "import_domain.h"
#include "import_private.h"

/** Maximum number of lines with a key, in all files together. */
#define VIR_LXC_IMPORT_LXC_LINES_MAX 8192

/** Maximum depth of lxc.include. */
#define VIR_LXC_IMPORT_LXC_DEPTH_MAX 8

typedef struct _virLXCImportLXCKey virLXCImportLXCKey;

/**
 * virLXCImportLXCLine: a line with a key, which later lines have not cleared.
 *
 * @row: the row of its key
 * @key: the key as of LXC 3.0
 * @written: the key as written
 * @suffix: the part of @key that its row does not specify; points into @key
 * @value: its value, not empty
 * @file: the file it is in
 * @line: its line there
 */
typedef struct {
    const virLXCImportLXCKey *row;
    char *key;
    char *written;
    const char *suffix;
    char *value;
    char *file;
    int line;
} virLXCImportLXCLine;

/**
 * virLXCImportLXCState: what has been converted.
 *
 * @import: the result
 * @source: the document
 * @domain: the domain
 * @devices: rules of device ACLs, virLXCImportDeviceRule, for cgroup and
 *     cgroup2
 * @devicesLine: the last line with a rule, for each of them, or NULL
 * @keeps: a line with lxc.cap.keep, or NULL
 * @drops: a line with lxc.cap.drop, or NULL
 * @clonesUser: the line that asks for a user namespace, or NULL
 * @clonesNet: whether a line asks for a network namespace
 */
typedef struct {
    virLXCImport *import;
    const virLXCImportSource *source;
    virLXCImportDomain *domain;
    GArray *devices[2];
    const virLXCImportLXCLine *devicesLine[2];
    const virLXCImportLXCLine *keeps;
    const virLXCImportLXCLine *drops;
    const virLXCImportLXCLine *clonesUser;
    bool clonesNet;
} virLXCImportLXCState;

/**
 * virLXCImportLXCConvert: converts a line.
 * @state: updated
 * @line: the line
 * @error: set if its value is not valid
 *
 * Returns 0, or -1 on failure.
 */
typedef int (*virLXCImportLXCConvert)(virLXCImportLXCState *state,
                                      const virLXCImportLXCLine *line,
                                      GError **error);

/**
 * virLXCImportLXCUse: what becomes of a key.
 *
 * @VIR_LXC_IMPORT_LXC_CONVERTED: it is converted
 * @VIR_LXC_IMPORT_LXC_MENTIONED: it does not affect what a container may do, or
 *     domains are always at least as strict
 * @VIR_LXC_IMPORT_LXC_REFUSED: it has no equivalent
 */
typedef enum {
    VIR_LXC_IMPORT_LXC_CONVERTED,
    VIR_LXC_IMPORT_LXC_MENTIONED,
    VIR_LXC_IMPORT_LXC_REFUSED,
} virLXCImportLXCUse;

/**
 * virLXCImportLXCKey: a row for a key.
 *
 * @name: the key; if it ends with a period, it stands for all keys that begin
 *     with it
 * @use: what becomes of it
 * @isList: whether each line adds a value; otherwise, the last line applies
 * @domainOnly: whether it needs a whole domain
 * @convert: converts a line if it is converted
 * @text: the text of the finding otherwise
 */
struct _virLXCImportLXCKey {
    const char *name;
    virLXCImportLXCUse use;
    bool isList;
    bool domainOnly;
    virLXCImportLXCConvert convert;
    const char *text;
};

/**
 * virLXCImportLXCKeys:
 * @nrows: filled with the number of rows
 *
 * Returns the rows. The first one that matches a key applies. Static, never to
 * be freed.
 */
const virLXCImportLXCKey *virLXCImportLXCKeys(size_t *nrows);

/**
 * virLXCImportLXCKeyCurrent:
 * @key: a key
 * @nets: how many networks the keys of LXC before 2.1 have started, which
 *     "lxc.network.type" increases
 *
 * Returns the key that LXC 3.0 has for it, which the caller frees.
 */
char *virLXCImportLXCKeyCurrent(const char *key, unsigned int *nets);

/**
 * virLXCImportLXCRead:
 * @import: the result, for findings
 * @source: the document
 * @error: set if it is not understood
 *
 * Reads the document and what it includes.
 *
 * Returns the lines that apply, an array of virLXCImportLXCLine, which the
 * caller frees, or NULL.
 */
GPtrArray *
virLXCImportLXCRead(virLXCImport *import, const virLXCImportSource *source,
                    GError **error);

/**
 * virLXCImportLXCAdd:
 * @state: the state
 * @lost: as in virLXCImportFinding
 * @line: the line that the finding is about
 * @format: printf format of a sentence
 *
 * Adds a finding.
 */
void virLXCImportLXCAdd(virLXCImportLXCState *state, bool lost,
                        const virLXCImportLXCLine *line, const char *format,
                        ...) G_GNUC_PRINTF(4, 5);

/**
 * virLXCImportLXCSetError:
 * @line: the line that is not valid
 * @error: where to store the error, or NULL
 * @expected: what its value should be
 *
 * Returns -1.
 */
int virLXCImportLXCSetError(const virLXCImportLXCLine *line, GError **error,
                            const char *expected);

/**
 * virLXCImportLXCNumber:
 * @line: a line
 * @text: a number in decimal
 * @max: its maximum
 * @number: filled on success
 * @error: set if it is not such a number
 *
 * Returns 0, or -1 on failure.
 */
int virLXCImportLXCNumber(const virLXCImportLXCLine *line, const char *text,
                          guint64 max, guint64 *number, GError **error);

/**
 * virLXCImportLXCSize:
 * @line: a line
 * @text: a number of bytes, with an optional unit K, M, G, T, KB, KiB and so on
 * @kib: filled on success with the size in KiB
 * @error: set if it is not such a size
 *
 * Returns 0, or -1 on failure.
 */
int virLXCImportLXCSize(const virLXCImportLXCLine *line, const char *text,
                        guint64 *kib, GError **error);

/* The functions of the rows; each in the file for its group of keys. */
int virLXCImportLXCCapDrop(virLXCImportLXCState *state,
                           const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCCapKeep(virLXCImportLXCState *state,
                           const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCNoNewPrivs(virLXCImportLXCState *state,
                              const virLXCImportLXCLine *line, GError **error);
int
virLXCImportLXCSeccompProfile(virLXCImportLXCState *state,
                              const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCAppArmor(virLXCImportLXCState *state,
                            const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCSELinux(virLXCImportLXCState *state,
                           const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCSched(virLXCImportLXCState *state,
                         const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCArch(virLXCImportLXCState *state,
                        const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCName(virLXCImportLXCState *state,
                        const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCInit(virLXCImportLXCState *state,
                        const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCEnvironment(virLXCImportLXCState *state,
                               const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCIDMap(virLXCImportLXCState *state,
                         const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCNamespaces(virLXCImportLXCState *state,
                              const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCConsoles(virLXCImportLXCState *state,
                            const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCNet(virLXCImportLXCState *state,
                       const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCRootPath(virLXCImportLXCState *state,
                            const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCRootOptions(virLXCImportLXCState *state,
                               const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCMountEntry(virLXCImportLXCState *state,
                              const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCMountAuto(virLXCImportLXCState *state,
                             const virLXCImportLXCLine *line, GError **error);
int virLXCImportLXCCgroup(virLXCImportLXCState *state,
                          const virLXCImportLXCLine *line, GError **error);

/**
 * virLXCImportLXCCapFinish:
 * @state: the state after all lines
 * @error: set if capabilities are both kept and dropped
 *
 * Returns 0, or -1 on failure.
 */
int virLXCImportLXCCapFinish(virLXCImportLXCState *state, GError **error);

/**
 * virLXCImportLXCNamespacesFinish:
 * @state: the state after all lines
 *
 * Makes the domain have the namespaces that 'lxc.namespace.clone' asks for, or
 * adds findings.
 */
void virLXCImportLXCNamespacesFinish(virLXCImportLXCState *state);

/**
 * virLXCImportLXCNetFinish:
 * @state: the state after all lines
 * @error: set if a network is not complete
 *
 * Returns 0, or -1 on failure.
 */
int virLXCImportLXCNetFinish(virLXCImportLXCState *state, GError **error);

/**
 * virLXCImportLXCCgroupFinish:
 * @state: the state after all lines
 *
 * Adds findings about device ACLs.
 */
void virLXCImportLXCCgroupFinish(virLXCImportLXCState *state);

/**
 * virLXCImportLXCIsDevices:
 * @line: a line
 *
 * Returns whether it is a rule of a device ACL.
 */
bool virLXCImportLXCIsDevices(const virLXCImportLXCLine *line);

/**
 * virLXCImportLXCIsOptional:
 * @line: a line
 *
 * Returns whether it is a mount that need not be made.
 */
bool virLXCImportLXCIsOptional(const virLXCImportLXCLine *line);
