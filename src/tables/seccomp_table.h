/*
 * seccomp_table.h: the vocabulary of seccomp except system calls
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One row an action, an operator, an architecture, an errno: parser, formatter,
 * planner, compiler, the reader of OCI profiles and the schema test all read
 * these tables. Meanings: seccomp(2), and config-linux.md of the OCI runtime
 * specification, section "Seccomp".
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * virLXCSeccompActionKind: what the kernel does about a call, from the least to
 * the most restrictive (seccomp(2), "the return value"): if there are several
 * filters, the most restrictive action is taken.
 */
typedef enum {
    VIR_LXC_SECCOMP_ALLOW,
    VIR_LXC_SECCOMP_LOG,
    VIR_LXC_SECCOMP_TRACE,
    VIR_LXC_SECCOMP_NOTIFY,
    VIR_LXC_SECCOMP_ERRNO,
    VIR_LXC_SECCOMP_TRAP,
    VIR_LXC_SECCOMP_KILL_THREAD,
    VIR_LXC_SECCOMP_KILL_PROCESS,
} virLXCSeccompActionKind;

#define VIR_LXC_SECCOMP_ACTIONS (VIR_LXC_SECCOMP_KILL_PROCESS + 1)

/**
 * virLXCSeccompActionRow: one action.
 *
 * @name: its name in XML
 * @oci: its name in OCI profiles, SCMP_ACT_…
 * @ociOld: its older name there, or NULL
 * @kernel: its name in /proc/sys/kernel/seccomp/actions_avail
 * @value: what the filter returns, SECCOMP_RET_… (linux/seccomp.h)
 * @takesErrno: whether it has a number: an errno, or a value for the tracer
 */
typedef struct {
    const char *name;
    const char *oci;
    const char *ociOld;
    const char *kernel;
    guint32 value;
    bool takesErrno;
} virLXCSeccompActionRow;

/**
 * virLXCSeccompActionTable:
 *
 * Returns VIR_LXC_SECCOMP_ACTIONS rows in the order of
 * virLXCSeccompActionKind. Static, never to be freed.
 */
const virLXCSeccompActionRow *virLXCSeccompActionTable(void);

/**
 * virLXCSeccompOperator: how an argument of a call is compared, as 64 bits
 * without sign.
 */
typedef enum {
    VIR_LXC_SECCOMP_EQ,
    VIR_LXC_SECCOMP_NE,
    VIR_LXC_SECCOMP_LT,
    VIR_LXC_SECCOMP_LE,
    VIR_LXC_SECCOMP_GT,
    VIR_LXC_SECCOMP_GE,
    VIR_LXC_SECCOMP_MASKED_EQ,
} virLXCSeccompOperator;

#define VIR_LXC_SECCOMP_OPERATORS (VIR_LXC_SECCOMP_MASKED_EQ + 1)

/**
 * virLXCSeccompOperatorRow: one operator.
 *
 * @name: its name in XML
 * @oci: its name in OCI profiles, SCMP_CMP_…
 */
typedef struct {
    const char *name;
    const char *oci;
} virLXCSeccompOperatorRow;

/**
 * virLXCSeccompOperatorTable:
 *
 * Returns VIR_LXC_SECCOMP_OPERATORS rows in the order of
 * virLXCSeccompOperator. Static, never to be freed.
 */
const virLXCSeccompOperatorRow *virLXCSeccompOperatorTable(void);

/**
 * virLXCSeccompArch: one ABI of system calls. Rows are compared by address.
 *
 * @name: its name in XML: libvirt's name of the architecture, or of the ABI
 *     where libvirt has none
 * @oci: its name in OCI profiles, SCMP_ARCH_…
 * @audit: AUDIT_ARCH_… (linux/audit.h), what the kernel tells a filter
 * @token: what libseccomp knows it by, SCMP_ARCH_… (seccomp.h)
 * @numberBase: what is added to the numbers that all architectures share: 0
 *     for most, 0x40000000 for x32, which has the same @audit as x86_64; 4000,
 *     5000 and 6000 for o32, n64 and n32 of MIPS
 * @bigEndian: byte order
 * @runsUnder: the architecture, by @name, whose kernels run it besides their
 *     own; NULL for those that are only ever native
 */
typedef struct {
    const char *name;
    const char *oci;
    guint32 audit;
    guint32 token;
    guint32 numberBase;
    bool bigEndian;
    const char *runsUnder;
} virLXCSeccompArch;

/**
 * virLXCSeccompArchTable:
 * @nrows: filled with the number of rows
 *
 * Returns the table: every architecture of libseccomp 2.5.4. Static, never to
 * be freed.
 */
const virLXCSeccompArch *virLXCSeccompArchTable(size_t *nrows);

/**
 * virLXCSeccompArchByName:
 * @name: name of an architecture in XML
 *
 * Returns the row, or NULL when there is none.
 */
const virLXCSeccompArch *virLXCSeccompArchByName(const char *name);

/**
 * virLXCSeccompArchRunsOn:
 * @arch: an architecture
 * @native: the native architecture of a host
 *
 * Returns whether kernels of @native can run programs of @arch: they are the
 * same, or @arch runs under @native.
 */
bool virLXCSeccompArchRunsOn(const virLXCSeccompArch *arch,
                             const virLXCSeccompArch *native);

/**
 * virLXCSeccompFlags: flags of seccomp(2), with the values that they have
 * there, SECCOMP_FILTER_FLAG_….
 */
typedef enum {
    VIR_LXC_SECCOMP_FLAG_LOG = 1 << 1,
    VIR_LXC_SECCOMP_FLAG_SPEC_ALLOW = 1 << 2,
    VIR_LXC_SECCOMP_FLAG_WAIT_KILLABLE_RECV = 1 << 5,
} virLXCSeccompFlags;

/**
 * virLXCSeccompFlagRow: one flag of OCI profiles.
 *
 * @oci: its name
 * @flag: virLXCSeccompFlags, or 0 for one that changes nothing here:
 *     SECCOMP_FILTER_FLAG_TSYNC, since init has one thread
 */
typedef struct {
    const char *oci;
    unsigned int flag;
} virLXCSeccompFlagRow;

/**
 * virLXCSeccompFlagTable:
 * @nrows: filled with the number of rows
 *
 * Returns the table. Static, never to be freed.
 */
const virLXCSeccompFlagRow *virLXCSeccompFlagTable(size_t *nrows);

/** The highest errno that a filter can return (MAX_ERRNO of the kernel). */
#define VIR_LXC_SECCOMP_ERRNO_MAX 4095

/**
 * virLXCErrnoByName:
 * @name: name of an errno, such as EPERM
 *
 * Returns its number (errno(3)), or -1 if no errno has that name.
 */
int virLXCErrnoByName(const char *name);

/**
 * virLXCErrnoName:
 * @number: an errno
 *
 * Returns the first name that the table has for it, or NULL. Static.
 */
const char *virLXCErrnoName(unsigned int number);
