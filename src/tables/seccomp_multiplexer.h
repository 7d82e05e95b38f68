/*
 * seccomp_multiplexer.h: socketcall(2) and ipc(2)
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One number for many calls, told apart by the first argument.
 */

#pragma once

#include <glib.h>

/**
 * virLXCMultiplexed: a call that is made through another one.
 *
 * @multiplexer: name of the call that makes it
 * @mask: bits of the first argument that say which (linux/net.h: an int;
 *     ipc(2): the upper half of one is a version)
 * @number: its value under that mask
 * @name: name of the call
 */
typedef struct {
    const char *multiplexer;
    guint32 mask;
    guint32 number;
    const char *name;
} virLXCMultiplexed;

/**
 * virLXCMultiplexedTable:
 * @nrows: filled with the number of rows
 *
 * Returns the table. Static, never to be freed.
 */
const virLXCMultiplexed *virLXCMultiplexedTable(size_t *nrows);
