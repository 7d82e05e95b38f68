/*
 * compare_tree.h: compare what two lists of paths say about a tree of files
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * virLXCComparePair: values of the first and the second list, in this order.
 */
typedef struct {
    guint64 value[2];
} virLXCComparePair;

/**
 * virLXCCompareTree: two lists of paths.
 *
 * @entries: private
 * @replaces: whether the value of a path replaces those of the directories
 *     above it, or is added to their bits
 * @outside: the values that apply where no path does
 */
typedef struct {
    GArray *entries;
    bool replaces;
    virLXCComparePair outside;
} virLXCCompareTree;

/**
 * virLXCCompareTreeFunc:
 * @path: a path of either list
 * @here: the values that apply to it
 * @above: the values that apply to the directory above it
 * @opaque: data of the caller
 */
typedef void (*virLXCCompareTreeFunc)(const char *path, virLXCComparePair here,
                                      virLXCComparePair above, void *opaque);

/**
 * virLXCCompareTreeInit:
 * @tree: the tree, which is emptied; cleared with virLXCCompareTreeClear()
 * @replaces: see virLXCCompareTree
 * @outside: the value that applies in both lists where no path does
 */
void
virLXCCompareTreeInit(virLXCCompareTree *tree, bool replaces, guint64 outside);

/**
 * virLXCCompareTreeAdd:
 * @tree: the tree
 * @side: 0 for the first list, 1 for the second one
 * @path: an absolute path without ".."
 * @value: its value
 */
void virLXCCompareTreeAdd(virLXCCompareTree *tree, unsigned int side,
                          const char *path, guint64 value);

/**
 * virLXCCompareTreeWalk:
 * @tree: the tree
 * @func: called once for each path, directories before what is in them
 * @opaque: passed to @func
 *
 * The time grows with the size of the lists, and not with its square. If a list
 * has a path more than once, and values replace each other, the last one
 * counts.
 */
void virLXCCompareTreeWalk(virLXCCompareTree *tree, virLXCCompareTreeFunc func,
                           void *opaque);

/**
 * virLXCCompareTreeClear:
 * @tree: the tree
 */
void virLXCCompareTreeClear(virLXCCompareTree *tree);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(virLXCCompareTree, virLXCCompareTreeClear)
