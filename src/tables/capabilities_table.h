/*
 * capabilities_table.h: the vocabulary of Linux capabilities
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One row a capability: parser, formatter, planner and the schema test all read
 * this table. Names and numbers: linux/capability.h, capabilities(7).
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/** The kernel's capability sets have 64 bits. */
#define VIR_LXC_CAPABILITY_MAX 63

/** Bit of capability number @n in a capability set. */
#define VIR_LXC_CAPABILITY_BIT(n) (G_GUINT64_CONSTANT(1) << (n))

/**
 * virLXCCapabilityDefault: what policy='default' does with a capability.
 *
 * @VIR_LXC_CAPABILITY_KEPT: kept
 * @VIR_LXC_CAPABILITY_DROPPED: dropped
 * @VIR_LXC_CAPABILITY_DROPPED_UNLESS_REBOOT_CONTAINED: dropped where reboot(2)
 *     in a PID namespace would reach the host
 */
typedef enum {
    VIR_LXC_CAPABILITY_KEPT,
    VIR_LXC_CAPABILITY_DROPPED,
    VIR_LXC_CAPABILITY_DROPPED_UNLESS_REBOOT_CONTAINED,
} virLXCCapabilityDefault;

/**
 * virLXCCapability: one row.
 *
 * @name: the kernel's name in lower case without "cap_", which is also the name
 *     of the XML element
 * @number: the kernel's number, 0 to VIR_LXC_CAPABILITY_MAX
 * @byDefault: what policy='default' does with it
 */
typedef struct {
    const char *name;
    unsigned int number;
    virLXCCapabilityDefault byDefault;
} virLXCCapability;

/**
 * virLXCCapabilityTable:
 * @nrows: filled with the number of rows
 *
 * Returns the table, in the order in which dumpxml lists capabilities: that of
 * libvirt since 1.2.6, with the names that libvirt lacks put where the alphabet
 * has them. Static, never to be freed.
 */
const virLXCCapability *virLXCCapabilityTable(size_t *nrows);

/**
 * virLXCCapabilityByName:
 * @name: an element's name, such as "sys_time"
 *
 * Returns the row, or NULL when no capability has that name.
 */
const virLXCCapability *virLXCCapabilityByName(const char *name);

/**
 * virLXCCapabilityByNumber:
 * @number: a kernel number
 *
 * Returns the row, or NULL when the capability has no name yet.
 */
const virLXCCapability *virLXCCapabilityByNumber(unsigned int number);

/**
 * virLXCCapabilityLabel:
 * @number: a kernel number
 *
 * Returns the capability's name, or its number if it has no name yet, for
 * messages and lists. The caller frees it.
 */
char *virLXCCapabilityLabel(unsigned int number);
