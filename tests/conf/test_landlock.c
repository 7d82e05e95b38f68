/*
 * test_landlock.c: the functions of src/conf for Landlock and no-new-privs,
 * apart from what documents can show
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: table, completion, warnings, ABI stability. In: rows of this file.
 * Out: verdicts.
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

/* <landlock>, the oldest host whose ABI can be filled in, and why not that of
 * the one before. */
static const struct {
    const char *attributes;
    const char *parts;
    unsigned int oldest;
    const char *message;
} completeRows[] = {
    {"", "<fs/>", 1,
     "<landlock> has no attribute 'abi', and this host has no Landlock whose "
     "ABI could be filled in (line 6)"},
    {"", "<fs><path target='/' allow='read write'/></fs>", 1,
     "<landlock> has no attribute 'abi', and this host has no Landlock whose "
     "ABI could be filled in (line 6)"},
    {"", "\n<fs>\n<path target='/' allow='refer'/></fs>", 2,
     "Landlock right 'refer' in attribute 'allow' of <path> needs Landlock ABI "
     "2, but the domain has ABI 1 (line 8)"},
    {"", "<fs><path target='/' allow='read truncate'/></fs>", 3,
     "Landlock right 'truncate' in attribute 'allow' of <path> needs Landlock "
     "ABI 3, but the domain has ABI 2 (line 6)"},
    {"", "\n<net/>", 4,
     "<net> needs Landlock ABI 4, but the domain has ABI 3 (line 7)"},
    {"", "<fs><path target='/' allow='ioctl_dev'/></fs>", 5,
     "Landlock right 'ioctl_dev' in attribute 'allow' of <path> needs Landlock "
     "ABI 5, but the domain has ABI 4 (line 6)"},
    {"", "<fs/>\n\n<scope/>", 6,
     "<scope> needs Landlock ABI 6, but the domain has ABI 5 (line 8)"},
    {" mode='best-effort'", "<scope/>", 6,
     "<scope> needs Landlock ABI 6, but the domain has ABI 5 (line 6)"},
    {" log='on'", "<fs/>", 7,
     "<landlock log='on'> needs Landlock ABI 7, but the domain has ABI 6 "
     "(line 6)"},
    {"", "<fs><path target='/' allow='resolve_unix'/></fs>", 9,
     "Landlock right 'resolve_unix' in attribute 'allow' of <path> needs "
     "Landlock ABI 9, but the domain has ABI 8 (line 6)"},
    {"", "<net>\n<port protocol='udp' number='53' allow='connect'/></net>", 10,
     "<port protocol='udp' number='53'> needs Landlock ABI 10, but the domain "
     "has ABI 9 (line 7)"},
};

static void
testCompleteOn(size_t row, unsigned int hostABI)
{
    g_autofree char *xml =
        g_strdup_printf("<landlock%s>%s</landlock>\n",
                        completeRows[row].attributes, completeRows[row].parts);
    g_autoptr(virLXCConfinementDef) def = testDefFromElements(xml);
    int code = hostABI == 0 ? VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED
                            : VIR_LXC_CONFINEMENT_ERROR_INVALID;
    g_autoptr(GError) error = NULL;
    int rc = virLXCConfinementDefComplete(def, hostABI, &error);

    if (hostABI >= completeRows[row].oldest) {
        g_assert_no_error(error);
        g_assert_cmpint(rc, ==, 0);
        g_assert_cmpuint(def->landlock->abi, ==,
                         MIN(hostABI, VIR_LXC_LANDLOCK_ABI_MAX));
        g_assert_cmpint(def->noNewPrivs, ==, VIR_LXC_SWITCH_ON);
        return;
    }

    /* Refused, and left as it was. */
    g_assert_cmpint(rc, ==, -1);
    g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR, code);
    g_assert_cmpuint(def->landlock->abi, ==, 0);
    g_assert_cmpint(def->noNewPrivs, ==, VIR_LXC_SWITCH_ABSENT);
    if (hostABI + 1 == completeRows[row].oldest)
        g_assert_cmpstr(error->message, ==, completeRows[row].message);
}

static void
testComplete(void)
{
    unsigned int hostABI;
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(completeRows); i++) {
        for (hostABI = 0; hostABI <= VIR_LXC_LANDLOCK_ABI_MAX + 1; hostABI++)
            testCompleteOn(i, hostABI);
    }
}

/* What is stored means the same on every host. */
static void
testCompleteStays(void)
{
    unsigned int hostABI;

    for (hostABI = 0; hostABI <= VIR_LXC_LANDLOCK_ABI_MAX + 1; hostABI++) {
        g_autoptr(virLXCConfinementDef) def =
            testDefFromElements("<landlock abi='4'><net/></landlock>");

        g_assert_cmpint(virLXCConfinementDefComplete(def, hostABI, NULL), ==,
                        0);
        g_assert_cmpint(virLXCConfinementDefComplete(def, 11, NULL), ==, 0);
        g_assert_cmpuint(def->landlock->abi, ==, 4);
        g_assert_cmpint(def->noNewPrivs, ==, VIR_LXC_SWITCH_ON);
    }
}

/* Without <landlock> there is nothing to fill in. */
static void
testCompleteNothing(void)
{
    g_autoptr(virLXCConfinementDef) absent = testDefFromElements("<acpi/>");
    g_autoptr(virLXCConfinementDef) off =
        testDefFromElements("<no-new-privs state='off'/>");

    g_assert_cmpint(virLXCConfinementDefComplete(NULL, 0, NULL), ==, 0);
    g_assert_cmpint(virLXCConfinementDefComplete(absent, 0, NULL), ==, 0);
    g_assert_cmpint(virLXCConfinementDefComplete(off, 11, NULL), ==, 0);
    g_assert_cmpint(absent->noNewPrivs, ==, VIR_LXC_SWITCH_ABSENT);
    g_assert_cmpint(off->noNewPrivs, ==, VIR_LXC_SWITCH_OFF);
    g_assert_null(absent->landlock);
}

static const struct {
    const char *elements;
    const char *init;
    gboolean warns;
} warningRows[] = {
    {"<landlock><fs/></landlock>", "/sbin/init", TRUE},
    {"<landlock><fs/></landlock>", "/lib/systemd/systemd", TRUE},
    {"<landlock><fs/></landlock>", "/usr/lib/systemd/systemd", TRUE},
    {"<landlock><fs/></landlock>", "/opt/bin/systemd", TRUE},
    {"<landlock><fs/><net/></landlock>", "/sbin/init", TRUE},
    {"<landlock><fs/></landlock>", "/init", FALSE},
    {"<landlock><fs/></landlock>", "/bin/sh", FALSE},
    {"<landlock><fs/></landlock>", "/usr/bin/systemd-notify", FALSE},
    {"<landlock><fs/></landlock>", NULL, FALSE},
    {"<landlock><net/><scope/></landlock>", "/sbin/init", FALSE},
    {"<no-new-privs/>", "/sbin/init", FALSE},
    {"", "/sbin/init", FALSE},
};

static void
testWarnings(void)
{
    g_auto(GStrv) none = virLXCConfinementDefWarnings(NULL, "/sbin/init");
    size_t i;

    g_assert_null(none[0]);
    for (i = 0; i < G_N_ELEMENTS(warningRows); i++) {
        g_autoptr(virLXCConfinementDef) def =
            testDefFromElements(warningRows[i].elements);
        g_auto(GStrv) warnings =
            virLXCConfinementDefWarnings(def, warningRows[i].init);

        g_assert_cmpuint(g_strv_length(warnings), ==, warningRows[i].warns);
        if (i == 0)
            g_assert_cmpstr(warnings[0], ==,
                            "init '/sbin/init' looks like systemd, which needs "
                            "to mount file systems, but <fs> of <landlock> "
                            "makes the kernel refuse every mount");
    }
}

/* Two documents, and how they differ; NULL when a guest could not tell. */
static const struct {
    const char *src;
    const char *dst;
    const char *message;
} abiRows[] = {
    {"", "<no-new-privs state='off'/>", NULL},
    {"", "<no-new-privs/>",
     "<no-new-privs> differs: source 'off', destination 'on'"},
    {"<no-new-privs/>", "<no-new-privs state='off'/>",
     "<no-new-privs> differs: source 'on', destination 'off'"},
    {"<landlock abi='4'><net/></landlock>",
     "<landlock abi='4'><net/></landlock><no-new-privs/>", NULL},
    {"<no-new-privs/>", "<landlock abi='4'><net/></landlock>",
     "<landlock> differs: source 'absent', destination 'present'"},
    {"<landlock abi='4'><net/></landlock>", "<no-new-privs/>",
     "<landlock> differs: source 'present', destination 'absent'"},
    {"<landlock abi='4'><fs/><net/></landlock>",
     "<landlock log='off' mode='required' abi='4'><net/><fs/></landlock>",
     NULL},
    {"<landlock abi='4'><fs/></landlock>",
     "<landlock abi='4' mode='best-effort'><fs/></landlock>",
     "attribute 'mode' of <landlock> differs: source 'required', destination "
     "'best-effort'"},
    {"<landlock abi='4'><fs/></landlock>", "<landlock abi='5'><fs/></landlock>",
     "attribute 'abi' of <landlock> differs: source '4', destination '5'"},
    {"<landlock abi='4'><fs/></landlock>", "<landlock><fs/></landlock>",
     "attribute 'abi' of <landlock> differs: source '4', destination 'absent'"},
    {"<landlock><fs/></landlock>", "<landlock log='on'><fs/></landlock>",
     "attribute 'log' of <landlock> differs: source 'off', destination 'on'"},
    {"<landlock><fs/></landlock>", "<landlock><net/></landlock>",
     "<fs> differs: source 'present', destination 'absent'"},
    {"<landlock><fs/></landlock>", "<landlock><fs/><net/></landlock>",
     "<net> differs: source 'absent', destination 'present'"},
    {"<landlock><fs/><scope/></landlock>", "<landlock><fs/></landlock>",
     "<scope> differs: source 'present', destination 'absent'"},
    {"<landlock><fs><path target='/a' allow='read'/>"
     "<path target='/b' allow='write'/></fs></landlock>",
     "<landlock><fs><path target='/b' allow='truncate write_file'/>"
     "<path target='/a' missing='error' allow='read'/></fs></landlock>",
     NULL},
    {"<landlock><fs><path target='/a' allow='read'/></fs></landlock>",
     "<landlock><fs/></landlock>",
     "<path target='/a'> differs: source 'read', destination 'absent'"},
    {"<landlock><fs/></landlock>",
     "<landlock><fs><path target='/a' allow='read write'/></fs></landlock>",
     "<path target='/a'> differs: source 'absent', destination 'read write'"},
    {"<landlock><fs><path target='/a' allow='read'/></fs></landlock>",
     "<landlock><fs><path target='/a' allow='write'/></fs></landlock>",
     "<path target='/a'> differs: source 'read', destination 'write'"},
    {"<landlock><fs><path target='/a' allow='read'/></fs></landlock>",
     "<landlock><fs><path target='/a' allow='read' missing='skip'/></fs>"
     "</landlock>",
     "attribute 'missing' of <path target='/a'> differs: source 'error', "
     "destination 'skip'"},
    {"<landlock><net><port protocol='tcp' number='1' allow='bind'/></net>"
     "</landlock>",
     "<landlock><net><port protocol='tcp' number='1' allow='bind_tcp'/></net>"
     "</landlock>",
     NULL},
    {"<landlock><net><port protocol='tcp' number='1' allow='bind'/></net>"
     "</landlock>",
     "<landlock><net><port protocol='udp' number='1' allow='bind'/></net>"
     "</landlock>",
     "<port protocol='tcp' number='1'> differs: source 'bind', destination "
     "'absent'"},
    {"<landlock><net/></landlock>",
     "<landlock><net><port protocol='udp' number='1' allow='bind'/></net>"
     "</landlock>",
     "<port protocol='udp' number='1'> differs: source 'absent', destination "
     "'bind'"},
    {"<landlock><net><port protocol='tcp' number='1' allow='bind'/></net>"
     "</landlock>",
     "<landlock><net><port protocol='tcp' number='1' allow='connect'/></net>"
     "</landlock>",
     "<port protocol='tcp' number='1'> differs: source 'bind', destination "
     "'connect'"},
    {"<landlock><scope signal='on'/></landlock>",
     "<landlock><scope abstract-unix-socket='on'/></landlock>", NULL},
    {"<landlock><scope/></landlock>",
     "<landlock><scope signal='off'/></landlock>",
     "attribute 'signal' of <scope> differs: source 'on', destination 'off'"},
};

static void
testABI(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(abiRows); i++) {
        g_autoptr(virLXCConfinementDef) src =
            testDefFromElements(abiRows[i].src);
        g_autoptr(virLXCConfinementDef) dst =
            testDefFromElements(abiRows[i].dst);
        g_autoptr(GError) error = NULL;
        int rc = virLXCConfinementDefCheckABIStability(src, dst, &error);

        g_assert_cmpint(rc, ==, abiRows[i].message ? -1 : 0);
        g_assert_cmpstr(error ? error->message : NULL, ==, abiRows[i].message);
        if (error)
            g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                           VIR_LXC_CONFINEMENT_ERROR_INVALID);
    }
}

/* What is in effect on one host or another is no difference. */
static void
testABIEffective(void)
{
    const char *xml = "<landlock abi='6'><scope/></landlock><no-new-privs/>";
    g_autoptr(virLXCConfinementDef) running = testDefFromElements(xml);
    g_autoptr(virLXCConfinementDef) stored = testDefFromElements(xml);

    running->noNewPrivsEffective = VIR_LXC_SWITCH_ON;
    running->landlock->effective = g_new0(virLXCLandlockEffective, 1);
    g_assert_cmpint(
        virLXCConfinementDefCheckABIStability(running, stored, NULL), ==, 0);
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
    g_test_add_func("/landlock/complete", testComplete);
    g_test_add_func("/landlock/complete-stays", testCompleteStays);
    g_test_add_func("/landlock/complete-nothing", testCompleteNothing);
    g_test_add_func("/landlock/warnings", testWarnings);
    g_test_add_func("/landlock/abi", testABI);
    g_test_add_func("/landlock/abi-effective", testABIEffective);
    return g_test_run();
}
