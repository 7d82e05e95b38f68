/*
 * lsm_table.h: the names of Linux security modules
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One row for each LSM of Linux. Numbers: include/uapi/linux/lsm.h of the
 * kernel; names: those in /sys/kernel/security/lsm.
 */

#pragma once

#include <glib.h>

/**
 * virLXCLSM: one row.
 *
 * @name: the kernel's name
 * @id: LSM_ID_…, as lsm_list_modules(2) reports it
 */
typedef struct {
    const char *name;
    guint64 id;
} virLXCLSM;

/**
 * virLXCLSMTable:
 * @nrows: filled with the number of rows
 *
 * Returns the table, ordered by ID. Static, never to be freed.
 */
const virLXCLSM *virLXCLSMTable(size_t *nrows);

/**
 * virLXCLSMLabel:
 * @id: an ID
 *
 * Returns the name of the LSM, or its ID if the table does not have it. The
 * caller frees it.
 */
char *virLXCLSMLabel(guint64 id);
