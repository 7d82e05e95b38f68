/*
 * test_landlock.c: the table of Landlock, and what words of it stand for
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: table, parse. In: rows of this file. Out: verdicts.
 */

#include "cases.h"

#define FS VIR_LXC_LANDLOCK_FS
#define NET VIR_LXC_LANDLOCK_NET
#define SCOPE VIR_LXC_LANDLOCK_SCOPE
#define RESTRICT VIR_LXC_LANDLOCK_RESTRICT

/* Ordered by kind and bit, without a gap; no ABI goes back in time. */
static void
testTable(void)
{
    size_t nrows = 0;
    const virLXCLandlockRight *rows = virLXCLandlockTable(&nrows);
    guint64 bit = 1;
    size_t i;

    g_assert_cmpuint(nrows, ==, 28);
    for (i = 0; i < nrows; i++) {
        if (i > 0 && rows[i].kind != rows[i - 1].kind) {
            g_assert_cmpint(rows[i].kind, ==, rows[i - 1].kind + 1);
            bit = 1;
        } else if (i > 0) {
            g_assert_cmpuint(rows[i].abi, >=, rows[i - 1].abi);
        }
        g_assert_cmphex(rows[i].bit, ==, bit);
        bit <<= 1;
        g_assert_cmpuint(rows[i].abi, >=, 1);
        g_assert_cmpuint(rows[i].abi, <=, VIR_LXC_LANDLOCK_ABI_MAX);
        g_assert_true(rows[i].kind == FS || !rows[i].onFile);
    }
}

/* A name says its kind, and no group is called like a right. */
static void
testNamesAreUnique(void)
{
    size_t nrows = 0;
    const virLXCLandlockRight *rows = virLXCLandlockTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        g_assert_true(virLXCLandlockRightByName(rows[i].name) == &rows[i]);
        g_assert_true(!rows[i].group ||
                      !virLXCLandlockRightByName(rows[i].group));
    }

    g_assert_null(virLXCLandlockRightByName(""));
    g_assert_null(virLXCLandlockRightByName("read"));
    g_assert_null(virLXCLandlockRightByName("READ_FILE"));
}

/* All rights of each ABI, by kind. */
static const guint64 rightsRows[][VIR_LXC_LANDLOCK_KINDS] = {
    [0] = {0, 0, 0, 0},
    [1] = {0x1fff, 0, 0, 0},
    [2] = {0x3fff, 0, 0, 0},
    [3] = {0x7fff, 0, 0, 0},
    [4] = {0x7fff, 3, 0, 0},
    [5] = {0xffff, 3, 0, 0},
    [6] = {0xffff, 3, 3, 0},
    [7] = {0xffff, 3, 3, 7},
    [8] = {0xffff, 3, 3, 0xf},
    [9] = {0x1ffff, 3, 3, 0xf},
    [10] = {0x1ffff, 15, 3, 0xf},
    [11] = {0x1ffff, 15, 3, 0x1f},
    [12] = {0x1ffff, 15, 3, 0x1f},
};

static void
testRights(void)
{
    unsigned int abi;
    size_t kind;

    for (abi = 0; abi < G_N_ELEMENTS(rightsRows); abi++) {
        for (kind = 0; kind < VIR_LXC_LANDLOCK_KINDS; kind++)
            g_assert_cmphex(virLXCLandlockRights(kind, abi), ==,
                            rightsRows[abi][kind]);
    }
}

static void
testNames(void)
{
    const guint64 nothing[VIR_LXC_LANDLOCK_KINDS] = {0};
    const guint64 lost[VIR_LXC_LANDLOCK_KINDS] = {
        [FS] = 0x4001, [NET] = 4, [SCOPE] = 2, [RESTRICT] = 0x12};
    g_autofree char *none = virLXCLandlockNames(FS, 0);
    g_autofree char *fs = virLXCLandlockNames(FS, 0xc);
    g_autofree char *scope = virLXCLandlockNames(SCOPE, G_MAXUINT64);
    g_autofree char *all = virLXCLandlockLostNames(lost);

    g_assert_cmpstr(none, ==, "");
    g_assert_cmpstr(fs, ==, "read_file read_dir");
    g_assert_cmpstr(scope, ==, "abstract-unix-socket signal");
    g_assert_cmpstr(all, ==,
                    "execute truncate bind_udp signal log_new_exec_on "
                    "no_new_privs");
    g_assert_null(virLXCLandlockLostNames(nothing));
    g_assert_cmpstr(virLXCLandlockProtocolName(VIR_LXC_LANDLOCK_TCP), ==,
                    "tcp");
    g_assert_cmpstr(virLXCLandlockProtocolName(VIR_LXC_LANDLOCK_UDP), ==,
                    "udp");
}

static void
testFirstABI(void)
{
    g_assert_cmpuint(virLXCLandlockFirstABI(FS, G_MAXUINT64), ==, 1);
    g_assert_cmpuint(virLXCLandlockFirstABI(FS, 1 << 16), ==, 9);
    g_assert_cmpuint(virLXCLandlockFirstABI(NET, G_MAXUINT64), ==, 4);
    g_assert_cmpuint(virLXCLandlockFirstABI(NET, 4), ==, 10);
    g_assert_cmpuint(virLXCLandlockFirstABI(SCOPE, 2), ==, 6);
    g_assert_cmpuint(virLXCLandlockFirstABI(RESTRICT, 0x10), ==, 11);
}

/* What may be given to a file: security/landlock/fs.c, ACCESS_FILE. */
static void
testOnFile(void)
{
    size_t nrows = 0;
    const virLXCLandlockRight *rows = virLXCLandlockTable(&nrows);
    guint64 bits = 0;
    g_autofree char *names = NULL;
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (rows[i].onFile)
            bits |= rows[i].bit;
    }

    names = virLXCLandlockNames(FS, bits);
    g_assert_cmpstr(names, ==,
                    "execute write_file read_file truncate ioctl_dev "
                    "resolve_unix");
}

/* Words of allow, what they stand for, and what of it is exact. */
static const struct {
    const char *entry;
    const char *allow;
    const char *exact;
} wordRows[] = {
    {"<fs><path target='/' allow='read'/></fs>", "read_file read_dir", ""},
    {"<fs><path target='/' allow='write'/></fs>", "write_file truncate", ""},
    {"<fs><path target='/' allow='create'/></fs>",
     "make_dir make_reg make_sock make_fifo make_sym", ""},
    {"<fs><path target='/' allow='remove'/></fs>", "remove_dir remove_file",
     ""},
    {"<fs><path target='/' allow='execute'/></fs>", "execute", "execute"},
    {"<fs><path target='/' allow='write truncate'/></fs>",
     "write_file truncate", "truncate"},
    {"<fs><path target='/' allow='make_char make_block refer ioctl_dev'/></fs>",
     "make_char make_block refer ioctl_dev",
     "make_char make_block refer ioctl_dev"},
    {"<net><port protocol='tcp' number='1' allow='bind'/></net>", "bind_tcp",
     NULL},
    {"<net><port protocol='tcp' number='1' allow='connect'/></net>",
     "connect_tcp", NULL},
    {"<net><port protocol='udp' number='1' allow='bind'/></net>", "bind_udp",
     NULL},
    {"<net><port protocol='udp' number='1' allow='connect'/></net>",
     "connect_send_udp", NULL},
};

static void
testWords(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(wordRows); i++) {
        g_autofree char *xml =
            g_strdup_printf("<landlock>%s</landlock>", wordRows[i].entry);
        g_autoptr(virLXCConfinementDef) def = testDefFromElements(xml);
        g_autofree char *allow = NULL;
        g_autofree char *exact = NULL;

        if (def->landlock->hasFS) {
            virLXCLandlockPath *path = def->landlock->paths->pdata[0];

            allow = virLXCLandlockNames(FS, path->allow);
            exact = virLXCLandlockNames(FS, path->exact);
            g_assert_cmpint(path->line, ==, 6);
        } else {
            virLXCLandlockPort *port = def->landlock->ports->pdata[0];

            allow = virLXCLandlockNames(NET, port->allow);
            g_assert_cmpint(port->line, ==, 6);
        }
        g_assert_cmpstr(allow, ==, wordRows[i].allow);
        g_assert_cmpstr(exact, ==, wordRows[i].exact);
    }
}

/* A part that is present is handled whole, one that is absent is not. */
static const struct {
    const char *parts;
    unsigned int abi;
    guint64 handled[VIR_LXC_LANDLOCK_KINDS];
} handledRows[] = {
    {"<fs/>", 1, {0x1fff, 0, 0, 0}},
    {"<fs/>", 11, {0x1ffff, 0, 0, 0}},
    {"<net/>", 9, {0, 3, 0, 0}},
    {"<net/>", 11, {0, 15, 0, 0}},
    {"<scope/>", 6, {0, 0, 3, 0}},
    {"<scope signal='off'/>", 6, {0, 0, 1, 0}},
    {"<fs/><net/><scope abstract-unix-socket='off'/>", 7, {0xffff, 3, 2, 0}},
};

static void
testHandled(void)
{
    size_t i;
    size_t kind;

    for (i = 0; i < G_N_ELEMENTS(handledRows); i++) {
        g_autofree char *xml =
            g_strdup_printf("<landlock abi='%u'>%s</landlock>",
                            handledRows[i].abi, handledRows[i].parts);
        g_autoptr(virLXCConfinementDef) def = testDefFromElements(xml);

        for (kind = 0; kind < VIR_LXC_LANDLOCK_KINDS; kind++)
            g_assert_cmphex(virLXCLandlockDefHandled(def->landlock, kind), ==,
                            handledRows[i].handled[kind]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/landlock/table", testTable);
    g_test_add_func("/landlock/names-are-unique", testNamesAreUnique);
    g_test_add_func("/landlock/rights", testRights);
    g_test_add_func("/landlock/names", testNames);
    g_test_add_func("/landlock/first-abi", testFirstABI);
    g_test_add_func("/landlock/on-file", testOnFile);
    g_test_add_func("/landlock/words", testWords);
    g_test_add_func("/landlock/handled", testHandled);
    return g_test_run();
}
