/*
 * answer.h: checks inside a container's tree
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A check returns NULL if all is right, or a text that says what is wrong,
 * owned by the caller. Its parameters are those of testPlaceCheck.
 */

#pragma once

#include "place.h"

#define TEST_WRONG(...) return g_strdup_printf(__VA_ARGS__)

/* No path leads to the host's files. */
char *testHostIsAway(const testPlace *place);

/* The file system at @path is read-only. */
char *testIsReadonly(const char *path);

/* The file at @path contains @expected. */
char *testHasText(const char *path, const char *expected);

/* The tree is what testPlacePlan() plans. */
char *
testTreeIsRight(const testPlace *place, virLXCRoot *root, gpointer opaque);

/* Returns the first of @count @answers that is not NULL; frees the others. */
char *testFirst(char *const *answers, size_t count);
