/*
 * test_landlock_header.c: the table of Landlock and the kernel's header agree
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: table. In: the linux/landlock.h that this is compiled with, however
 * old, and the text of another one, whose path is in
 * CONFINEMENT_LANDLOCK_HEADER and which should be the newest that there is:
 * linux/landlock.h in the directory that scripts/kernel-headers fills. Out:
 * verdicts.
 */

#include <linux/landlock.h>
#include <stdlib.h>

#include "cases.h"

#define TEST_HEADER_VARIABLE "CONFINEMENT_LANDLOCK_HEADER"

/* What Debian 12's header has. Bits are part of the kernel's ABI. */
static const struct {
    const char *name;
    guint64 bit;
} headerRows[] = {
    {"execute", LANDLOCK_ACCESS_FS_EXECUTE},
    {"write_file", LANDLOCK_ACCESS_FS_WRITE_FILE},
    {"read_file", LANDLOCK_ACCESS_FS_READ_FILE},
    {"read_dir", LANDLOCK_ACCESS_FS_READ_DIR},
    {"remove_dir", LANDLOCK_ACCESS_FS_REMOVE_DIR},
    {"remove_file", LANDLOCK_ACCESS_FS_REMOVE_FILE},
    {"make_char", LANDLOCK_ACCESS_FS_MAKE_CHAR},
    {"make_dir", LANDLOCK_ACCESS_FS_MAKE_DIR},
    {"make_reg", LANDLOCK_ACCESS_FS_MAKE_REG},
    {"make_sock", LANDLOCK_ACCESS_FS_MAKE_SOCK},
    {"make_fifo", LANDLOCK_ACCESS_FS_MAKE_FIFO},
    {"make_block", LANDLOCK_ACCESS_FS_MAKE_BLOCK},
    {"make_sym", LANDLOCK_ACCESS_FS_MAKE_SYM},
    {"refer", LANDLOCK_ACCESS_FS_REFER},
};

static void
testCompiled(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(headerRows); i++) {
        const virLXCLandlockRight *row =
            virLXCLandlockRightByName(headerRows[i].name);

        g_assert_nonnull(row);
        g_assert_cmphex(row->bit, ==, headerRows[i].bit);
    }
}

/* What names of a kind begin with. */
static const char *const prefixes[] = {
    [VIR_LXC_LANDLOCK_FS] = "ACCESS_FS",
    [VIR_LXC_LANDLOCK_NET] = "ACCESS_NET",
    [VIR_LXC_LANDLOCK_SCOPE] = "SCOPE",
    [VIR_LXC_LANDLOCK_RESTRICT] = "RESTRICT_SELF",
};

/* A right of the kernel must be in the table; its name is added to seen. */
static void
testDefinition(GHashTable *seen, virLXCLandlockKind kind, const char *name,
               const char *shift)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    const virLXCLandlockRight *row;

    if (kind == VIR_LXC_LANDLOCK_SCOPE)
        g_strdelimit(lower, "_", '-');

    row = virLXCLandlockRightByName(lower);
    if (!row) {
        g_test_message("the table lacks '%s'", lower);
        g_test_fail();
        return;
    }

    g_assert_cmpint(row->kind, ==, kind);
    g_assert_cmphex(row->bit, ==, G_GUINT64_CONSTANT(1) << atoi(shift));
    g_hash_table_add(seen, (gpointer)row->name);
}

static void
testDefinitions(GHashTable *seen, virLXCLandlockKind kind, const char *text)
{
    g_autofree char *pattern =
        g_strdup_printf("^#define\\s+LANDLOCK_%s_(\\w+)\\s+"
                        "\\(1U(?:LL)? << (\\d+)\\)",
                        prefixes[kind]);
    g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_MULTILINE, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;

    g_regex_match(regex, text, 0, &match);
    for (; g_match_info_matches(match); g_match_info_next(match, NULL)) {
        g_autofree char *name = g_match_info_fetch(match, 1);
        g_autofree char *shift = g_match_info_fetch(match, 2);

        testDefinition(seen, kind, name, shift);
    }
}

/* Both ways: what the kernel has is in the table, and the other way round. */
static void
testNewest(void)
{
    const char *path = g_getenv(TEST_HEADER_VARIABLE);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    size_t nrows = 0;
    const virLXCLandlockRight *rows = virLXCLandlockTable(&nrows);
    size_t i;

    if (!path) {
        testSkip(TEST_HEADER_VARIABLE " names no header; see "
                                      "scripts/kernel-headers");
        return;
    }

    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    for (i = 0; i < VIR_LXC_LANDLOCK_KINDS; i++)
        testDefinitions(seen, i, text);

    for (i = 0; i < nrows; i++) {
        if (!g_hash_table_contains(seen, rows[i].name)) {
            g_test_message("the header lacks '%s'", rows[i].name);
            g_test_fail();
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/landlock-header/compiled", testCompiled);
    g_test_add_func("/landlock-header/newest", testNewest);
    return g_test_run();
}
