/*
 * policy_table.h: print tables
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

/**
 * virLXCPolicyTable: rows of text whose columns are aligned when it is printed.
 */
typedef struct _virLXCPolicyTable virLXCPolicyTable;

/**
 * virLXCPolicyTableNew:
 * @ncolumns: number of columns
 *
 * Returns an empty table, which the caller frees with virLXCPolicyTableFree().
 */
virLXCPolicyTable *virLXCPolicyTableNew(size_t ncolumns);

/**
 * virLXCPolicyTableAdd:
 * @table: a table
 * @cells: the texts of a row, one for each column, which are copied. NULL
 *     stands for "-". Control characters are replaced, because names from XML
 *     could contain sequences for terminals.
 */
void virLXCPolicyTableAdd(virLXCPolicyTable *table, const char *const *cells);

/**
 * virLXCPolicyTablePrint:
 * @table: a table
 * @out: its rows are appended here
 */
void virLXCPolicyTablePrint(const virLXCPolicyTable *table, GString *out);

/**
 * virLXCPolicyTableFree:
 * @table: a table, or NULL
 */
void virLXCPolicyTableFree(virLXCPolicyTable *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCPolicyTable, virLXCPolicyTableFree)
