/*
 * policy_table.c: print tables
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "policy_table.h"

#define POLICY_TABLE_GAP 2

/* @rows owns arrays of @ncolumns strings. */
struct _virLXCPolicyTable {
    size_t ncolumns;
    GPtrArray *rows;
};

virLXCPolicyTable *
virLXCPolicyTableNew(size_t ncolumns)
{
    virLXCPolicyTable *table = g_new0(virLXCPolicyTable, 1);

    table->ncolumns = ncolumns;
    table->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    return table;
}

static char *
lxcPolicyTableCell(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text ? text : "-", -1);
    GString *cell = g_string_new(NULL);
    const char *next;

    for (next = valid; *next; next = g_utf8_next_char(next)) {
        gunichar c = g_utf8_get_char(next);

        g_string_append_unichar(cell, g_unichar_iscntrl(c) ? '?' : c);
    }
    return g_string_free(cell, FALSE);
}

void
virLXCPolicyTableAdd(virLXCPolicyTable *table, const char *const *cells)
{
    char **row = g_new0(char *, table->ncolumns + 1);
    size_t i;

    for (i = 0; i < table->ncolumns; i++)
        row[i] = lxcPolicyTableCell(cells[i]);
    g_ptr_array_add(table->rows, row);
}

static glong
lxcPolicyTableWidth(const virLXCPolicyTable *table, size_t column)
{
    glong width = 0;
    size_t i;

    for (i = 0; i < table->rows->len; i++) {
        char **row = g_ptr_array_index(table->rows, i);

        width = MAX(width, g_utf8_strlen(row[column], -1));
    }
    return width;
}

/* Without spaces at the end of lines. */
static void
lxcPolicyTablePrintRow(const virLXCPolicyTable *table, char **row,
                       const glong *widths, GString *out)
{
    glong pending = 0;
    size_t i;

    for (i = 0; i < table->ncolumns; i++) {
        if (*row[i]) {
            g_string_append_printf(out, "%*s%s", (int)pending, "", row[i]);
            pending = 0;
        }
        pending += widths[i] - g_utf8_strlen(row[i], -1) + POLICY_TABLE_GAP;
    }
    g_string_append_c(out, '\n');
}

void
virLXCPolicyTablePrint(const virLXCPolicyTable *table, GString *out)
{
    g_autofree glong *widths = g_new0(glong, table->ncolumns);
    size_t i;

    for (i = 0; i < table->ncolumns; i++)
        widths[i] = lxcPolicyTableWidth(table, i);
    for (i = 0; i < table->rows->len; i++)
        lxcPolicyTablePrintRow(table, g_ptr_array_index(table->rows, i), widths,
                               out);
}

void
virLXCPolicyTableFree(virLXCPolicyTable *table)
{
    if (!table)
        return;

    g_ptr_array_unref(table->rows);
    g_free(table);
}
