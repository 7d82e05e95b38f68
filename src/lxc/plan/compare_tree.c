/*
 * compare_tree.c: compare what two lists of paths say about a tree of files
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: paths with values. Out: for each path, the values that apply to it. Paths
 * are sorted so that everything below a directory follows it, and one pass
 * keeps the directories above the current path on a stack.
 */

#include "compare_tree.h"

#include <string.h>

/* The path of the root directory is "". */
typedef struct {
    char *path;
    unsigned int order;
    unsigned int side;
    guint64 value;
} lxcTreeEntry;

typedef struct {
    const char *path;
    virLXCComparePair pair;
} lxcTreeLevel;

static void
lxcTreeEntryClear(void *opaque)
{
    lxcTreeEntry *entry = opaque;

    g_free(entry->path);
}

void
virLXCCompareTreeInit(virLXCCompareTree *tree, bool replaces, guint64 outside)
{
    *tree = (virLXCCompareTree){
        .entries = g_array_new(FALSE, FALSE, sizeof(lxcTreeEntry)),
        .replaces = replaces,
        .outside = {{outside, outside}},
    };
    g_array_set_clear_func(tree->entries, lxcTreeEntryClear);
}

void
virLXCCompareTreeClear(virLXCCompareTree *tree)
{
    if (tree->entries)
        g_array_unref(tree->entries);
}

/* Returns @path without empty components and ".". */
static char *
lxcTreeNormalize(const char *path)
{
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    GString *normal = g_string_new(NULL);
    size_t i;

    for (i = 0; parts[i]; i++) {
        if (parts[i][0] != '\0' && !g_str_equal(parts[i], "."))
            g_string_append_printf(normal, "/%s", parts[i]);
    }
    return g_string_free(normal, FALSE);
}

void
virLXCCompareTreeAdd(virLXCCompareTree *tree, unsigned int side,
                     const char *path, guint64 value)
{
    lxcTreeEntry entry = {
        .path = lxcTreeNormalize(path),
        .order = tree->entries->len,
        .side = side,
        .value = value,
    };

    g_array_append_val(tree->entries, entry);
}

/* The end of a path sorts first, then a slash, then other characters. */
static int
lxcTreeRank(char c)
{
    if (c == '\0')
        return 0;
    return c == '/' ? 1 : 1 + (unsigned char)c;
}

static gint
lxcTreeCompare(gconstpointer a, gconstpointer b)
{
    const lxcTreeEntry *left = a;
    const lxcTreeEntry *right = b;
    size_t i = 0;
    int difference;

    while (left->path[i] != '\0' && left->path[i] == right->path[i])
        i++;
    difference = lxcTreeRank(left->path[i]) - lxcTreeRank(right->path[i]);
    if (difference != 0)
        return difference;
    return (left->order > right->order) - (left->order < right->order);
}

static bool
lxcTreeIsBelow(const char *path, const char *directory)
{
    size_t length = strlen(directory);

    return strncmp(path, directory, length) == 0 && path[length] == '/';
}

/* Returns the values that apply to the directory above @path. */
static virLXCComparePair
lxcTreeAbove(const virLXCCompareTree *tree, GArray *stack, const char *path)
{
    while (stack->len > 0) {
        const lxcTreeLevel *last =
            &g_array_index(stack, lxcTreeLevel, stack->len - 1);

        if (lxcTreeIsBelow(path, last->path))
            return last->pair;
        g_array_set_size(stack, stack->len - 1);
    }
    return tree->outside;
}

/* Returns the values that apply to the path of the entries from @first to @end,
 * excluding @end. */
static virLXCComparePair
lxcTreeHere(const virLXCCompareTree *tree, guint first, guint end,
            virLXCComparePair above)
{
    virLXCComparePair here = above;
    guint i;

    for (i = first; i < end; i++) {
        const lxcTreeEntry *entry =
            &g_array_index(tree->entries, lxcTreeEntry, i);
        guint64 *value = &here.value[entry->side];

        *value = tree->replaces ? entry->value : *value | entry->value;
    }
    return here;
}

static guint
lxcTreeEnd(const virLXCCompareTree *tree, guint first)
{
    const lxcTreeEntry *entries = (const lxcTreeEntry *)tree->entries->data;
    guint end = first + 1;

    while (end < tree->entries->len &&
           g_str_equal(entries[end].path, entries[first].path))
        end++;
    return end;
}

void
virLXCCompareTreeWalk(virLXCCompareTree *tree, virLXCCompareTreeFunc func,
                      void *opaque)
{
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(lxcTreeLevel));
    guint i = 0;

    g_array_sort(tree->entries, lxcTreeCompare);
    while (i < tree->entries->len) {
        const char *path = g_array_index(tree->entries, lxcTreeEntry, i).path;
        guint end = lxcTreeEnd(tree, i);
        virLXCComparePair above = lxcTreeAbove(tree, stack, path);
        lxcTreeLevel level = {path, lxcTreeHere(tree, i, end, above)};

        func(*path == '\0' ? "/" : path, level.pair, above, opaque);
        g_array_append_val(stack, level);
        i = end;
    }
}
