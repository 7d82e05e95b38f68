/*
 * place.h: a container's root next to a host's files, for tests
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <stdbool.h>

#include "root.h"

/**
 * testPlace: a temporary directory.
 *
 * @top: the directory. Of it, "root" is the container's root, "dev", "volume"
 *     and "file" are sources of mounts, and everything else, such as "host",
 *     is the host's own
 * @mapped: whether the container has a user namespace, in which the owner of
 *     its root is root
 */
typedef struct {
    char *top;
    bool mapped;
} testPlace;

/**
 * testPlaceNew:
 * @mapped: as in testPlace
 *
 * Returns a place for testPlaceFree().
 */
testPlace *testPlaceNew(bool mapped);

/**
 * testPlaceFree:
 * @place: a place; removed with all that is in it
 */
void testPlaceFree(testPlace *place);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(testPlace, testPlaceFree)

/**
 * testPlacePath:
 * @place: a place
 * @name: a relative path
 *
 * Returns the absolute path of @name, which the caller frees.
 */
char *testPlacePath(const testPlace *place, const char *name);

/**
 * testPlaceMake:
 * @place: a place
 * @path: where, relative to the container's root
 * @what: "directory", "file", "fifo", "socket", "device", or "link TEXT", where
 *     HOST in TEXT stands for the absolute path of the host's files
 *
 * Replaces what is there; missing parents are made.
 */
void testPlaceMake(const testPlace *place, const char *path, const char *what);

/**
 * testPlaceHost:
 * @place: a place
 *
 * Returns a line for everything in the place except "root" and "dev", with its
 * type, mode, owner, times and contents, which the caller frees.
 */
char *testPlaceHost(const testPlace *place);

/**
 * testPlacePlan:
 * @place: a place
 *
 * Returns the plan of a container that has everything that a domain can have.
 */
virLXCRootPlan *testPlacePlan(const testPlace *place);

/**
 * testPlaceCheck: looks at a tree from inside, in the container's process.
 *
 * Returns NULL, or what is wrong, which the caller frees.
 */
typedef char *(*testPlaceCheck)(const testPlace *place, virLXCRoot *root,
                                gpointer opaque);

/**
 * testPlaceRun:
 * @place: a place
 * @plan: the plan of its container
 * @check: called when the tree has been made; may be NULL
 * @opaque: passed to @check
 *
 * Makes the tree in a process that has mount and PID namespaces of its own.
 *
 * Returns NULL when all went well, and otherwise the error, or "check: " with
 * what @check returned. The caller frees it.
 */
char *testPlaceRun(const testPlace *place, const virLXCRootPlan *plan,
                   testPlaceCheck check, gpointer opaque);

/* Returns the mount on @target in a plan of testPlacePlan(), owned by @plan. */
virLXCRootMount *
testPlaceMountAt(const virLXCRootPlan *plan, const char *target);
