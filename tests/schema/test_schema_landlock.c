/*
 * test_schema_landlock.c: schema, tables and parser agree about Landlock
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse. In: a grammar of <domain>, the table of rights, and every value
 * that an attribute can have. Out: verdicts.
 */

#include "grammar.h"

/* Names and groups of the table, each once, as one element may have them. */
static GPtrArray *
testWordsOf(virLXCLandlockKind kind, virLXCLandlockProtocol protocol)
{
    size_t nrows = 0;
    const virLXCLandlockRight *rows = virLXCLandlockTable(&nrows);
    GPtrArray *words = g_ptr_array_new();
    size_t i;

    for (i = 0; i < nrows; i++) {
        gpointer name = (gpointer)rows[i].name;
        gpointer group = (gpointer)rows[i].group;

        if (rows[i].kind != kind || rows[i].protocol != protocol)
            continue;
        g_ptr_array_add(words, name);
        if (group &&
            !g_ptr_array_find_with_equal_func(words, group, g_str_equal, NULL))
            g_ptr_array_add(words, group);
    }

    return words;
}

static GPtrArray *
testFSWords(void)
{
    return testWordsOf(VIR_LXC_LANDLOCK_FS, 0);
}

static GPtrArray *
testTCPWords(void)
{
    return testWordsOf(VIR_LXC_LANDLOCK_NET, VIR_LXC_LANDLOCK_TCP);
}

static GPtrArray *
testUDPWords(void)
{
    return testWordsOf(VIR_LXC_LANDLOCK_NET, VIR_LXC_LANDLOCK_UDP);
}

static GPtrArray *
testScopeWords(void)
{
    return testWordsOf(VIR_LXC_LANDLOCK_SCOPE, 0);
}

static const grammarTable tableRows[] = {
    {testFSWords, "define[@name='lxcLandlockFSRight']/choice/value",
     "<landlock><fs><path target='/' allow='%s'/></fs></landlock>"},
    {testTCPWords, "define[@name='lxcLandlockTCPRight']/choice/value",
     "<landlock><net><port protocol='tcp' number='1' allow='%s'/></net>"
     "</landlock>"},
    {testUDPWords, "define[@name='lxcLandlockUDPRight']/choice/value",
     "<landlock><net><port protocol='udp' number='1' allow='%s'/></net>"
     "</landlock>"},
    {testScopeWords, "define[@name='lxcLandlockScope']//attribute/@name",
     "<landlock><scope %s='on'/></landlock>"},
};

static void
testTables(void)
{
    grammarExpectTables(tableRows, G_N_ELEMENTS(tableRows));
}

static void
testWords(void)
{
    grammarExpectOwnNames(tableRows, G_N_ELEMENTS(tableRows));
}

/* Flags of landlock_restrict_self(2) are not rights. */
static void
testFlags(void)
{
    g_autoptr(GPtrArray) flags = testWordsOf(VIR_LXC_LANDLOCK_RESTRICT, 0);
    size_t place;
    size_t i;

    g_assert_cmpuint(flags->len, ==, 5);
    for (place = 0; place < G_N_ELEMENTS(tableRows); place++) {
        for (i = 0; i < flags->len; i++)
            grammarExpectValue(tableRows[place].format, flags->pdata[i], FALSE);
    }
}

static void
testNumbers(void)
{
    int i;

    for (i = -1; i <= 200; i++) {
        g_autofree char *text = g_strdup_printf("%d", i);

        grammarExpectValue("<landlock abi='%s'><fs/></landlock>", text,
                           i >= 1 && i <= VIR_LXC_LANDLOCK_ABI_MAX);
    }

    for (i = -1; i <= 70000; i += i < 1100 || i > 59990 ? 1 : 97) {
        g_autofree char *text = g_strdup_printf("%d", i);

        grammarExpectValue("<landlock><net><port protocol='tcp' allow='bind' "
                           "number='%s'/></net></landlock>",
                           text, i >= 0 && i <= G_MAXUINT16);
    }
}

/* Values of the other attributes; NULL ends a row. */
static const grammarValues valueRows[] = {
    {"<landlock mode='%s'><fs/></landlock>", {"required", "best-effort", NULL}},
    {"<landlock log='%s'><fs/></landlock>", {"on", "off", NULL}},
    {"<landlock><fs><path target='/' allow='read' missing='%s'/></fs>"
     "</landlock>",
     {"error", "skip", NULL}},
    {"<landlock><net><port protocol='%s' number='1' allow='bind'/></net>"
     "</landlock>",
     {"tcp", "udp", NULL}},
    {"<landlock><scope signal='%s'/></landlock>", {"on", "off", NULL}},
    {"<landlock><scope abstract-unix-socket='%s'/></landlock>",
     {"on", "off", NULL}},
    {"<no-new-privs state='%s'/>", {"on", "off", NULL}},
};

static void
testValues(void)
{
    grammarExpectOwnValues(valueRows, G_N_ELEMENTS(valueRows));
}

/* <effective> alone does not make a sandbox. */
static void
testParts(void)
{
    static const char *const parts[] = {"<fs/>", "<net/>", "<scope/>",
                                        "<effective/>"};

    grammarExpectParts("<landlock>%s</landlock>", parts, G_N_ELEMENTS(parts),
                       7);
}

/* Both scopes, absent, on or off, in either order. */
static void
testScopes(void)
{
    static const char *const states[] = {"", "='on'", "='off'"};
    size_t a;
    size_t b;

    for (a = 0; a < G_N_ELEMENTS(states); a++) {
        for (b = 0; b < G_N_ELEMENTS(states); b++) {
            g_autofree char *first =
                g_strconcat(a ? " signal" : "", states[a], NULL);
            g_autofree char *second =
                g_strconcat(b ? " abstract-unix-socket" : "", states[b], NULL);
            g_autofree char *forth = g_strconcat(first, second, NULL);
            g_autofree char *back = g_strconcat(second, first, NULL);
            gboolean good = a != 2 || b != 2;

            grammarExpectValue("<landlock><scope%s/></landlock>", forth, good);
            grammarExpectValue("<landlock><scope%s/></landlock>", back, good);
        }
    }
}

int
main(int argc, char **argv)
{
    grammarInit(&argc, &argv);
    g_test_add_func("/schema/landlock/tables", testTables);
    g_test_add_func("/schema/landlock/words", testWords);
    g_test_add_func("/schema/landlock/flags", testFlags);
    g_test_add_func("/schema/landlock/numbers", testNumbers);
    g_test_add_func("/schema/landlock/values", testValues);
    g_test_add_func("/schema/landlock/parts", testParts);
    g_test_add_func("/schema/landlock/scopes", testScopes);
    return grammarRun();
}
