/*
 * socket_family_table.h: the address families of sockets
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One row for each AF_* of Linux: the parser, the formatter, the planner and
 * the schema test read this table. Numbers: include/linux/socket.h of the
 * kernel, which are the same on all architectures.
 */

#pragma once

#include <glib.h>

/**
 * virLXCSocketFamily: an address family. Rows are compared by address.
 *
 * @name: its name in XML: that of the constant in lower case, without AF_
 * @number: what socket(2) and socketpair(2) take, an int
 */
typedef struct {
    const char *name;
    guint32 number;
} virLXCSocketFamily;

/**
 * virLXCSocketFamilyTable:
 * @nrows: filled with the number of rows
 *
 * Returns the table, by rising numbers. Static, never to be freed.
 */
const virLXCSocketFamily *virLXCSocketFamilyTable(size_t *nrows);

/**
 * virLXCSocketFamilyByName:
 * @name: name of a family in XML
 *
 * Returns the row, or NULL when there is none.
 */
const virLXCSocketFamily *virLXCSocketFamilyByName(const char *name);

/**
 * virLXCSocketAlias: sockets that the kernel makes of another family than the
 * one that it was asked for.
 *
 * @family: number of the family that is asked for
 * @index: number of the argument of socket(2) that changes it
 * @mask: the bits of that argument that count
 * @value: what they are then
 * @made: number of the family that the socket has
 */
typedef struct {
    guint32 family;
    unsigned int index;
    guint32 mask;
    guint32 value;
    guint32 made;
} virLXCSocketAlias;

/**
 * virLXCSocketAliasTable:
 * @nrows: filled with the number of rows
 *
 * Returns the table (net/socket.c: SOCK_PACKET; net/smc/smc_inet.c). Static,
 * never to be freed.
 */
const virLXCSocketAlias *virLXCSocketAliasTable(size_t *nrows);
