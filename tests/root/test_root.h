/*
 * test_root.h: the groups of tests in test-root
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

/* Adds @func with the data FALSE, and with TRUE for a container that has a user
 * namespace. */
void testAddBoth(const char *name, GTestDataFunc func);

void testAddAttributes(void);
void testAddSources(void);
void testAddVerify(void);
