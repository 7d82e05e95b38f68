/*
 * namespace_table.h: the types of namespaces
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One row for each type: the parser, the formatter, the planner and the schema
 * test read this table. Flags: linux/sched.h, namespaces(7).
 */

#pragma once

#include <glib.h>

/**
 * virLXCNamespaceCall: the calls that make namespaces or join them, and that
 * take flags which a filter can see.
 */
typedef enum {
    VIR_LXC_NAMESPACE_CLONE,
    VIR_LXC_NAMESPACE_UNSHARE,
    VIR_LXC_NAMESPACE_SETNS,
} virLXCNamespaceCall;

#define VIR_LXC_NAMESPACE_CALLS (VIR_LXC_NAMESPACE_SETNS + 1)

/**
 * virLXCNamespace: a type of namespace. Rows are compared by address.
 *
 * @name: its name in XML: that of its file in /proc/PID/ns
 * @flags: for each virLXCNamespaceCall the flags each of which means the type;
 *     0 where the call has none for it
 */
typedef struct {
    const char *name;
    guint32 flags[VIR_LXC_NAMESPACE_CALLS];
} virLXCNamespace;

/**
 * virLXCNamespaceTable:
 * @nrows: filled with the number of rows
 *
 * Returns the table. Static, never to be freed.
 */
const virLXCNamespace *virLXCNamespaceTable(size_t *nrows);

/**
 * virLXCNamespaceByName:
 * @name: name of a type in XML
 *
 * Returns the row, or NULL when there is none.
 */
const virLXCNamespace *virLXCNamespaceByName(const char *name);

/**
 * virLXCNamespaceCallName:
 * @call: a call
 *
 * Returns the name of the system call. Static, never to be freed.
 */
const char *virLXCNamespaceCallName(virLXCNamespaceCall call);
