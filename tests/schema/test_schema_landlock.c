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

static const struct {
    virLXCLandlockKind kind;
    virLXCLandlockProtocol protocol;
    const char *where;
    const char *format;
} listRows[] = {
    {VIR_LXC_LANDLOCK_FS, 0, "define[@name='lxcLandlockFSRight']/choice/value",
     "<landlock><fs><path target='/' allow='%s'/></fs></landlock>"},
    {VIR_LXC_LANDLOCK_NET, VIR_LXC_LANDLOCK_TCP,
     "define[@name='lxcLandlockTCPRight']/choice/value",
     "<landlock><net><port protocol='tcp' number='1' allow='%s'/></net>"
     "</landlock>"},
    {VIR_LXC_LANDLOCK_NET, VIR_LXC_LANDLOCK_UDP,
     "define[@name='lxcLandlockUDPRight']/choice/value",
     "<landlock><net><port protocol='udp' number='1' allow='%s'/></net>"
     "</landlock>"},
    {VIR_LXC_LANDLOCK_SCOPE, 0,
     "define[@name='lxcLandlockScope']//attribute/@name",
     "<landlock><scope %s='on'/></landlock>"},
};

static void
testTables(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(listRows); i++) {
        g_autoptr(GPtrArray) words =
            testWordsOf(listRows[i].kind, listRows[i].protocol);

        grammarExpectNames(listRows[i].where, words);
    }
}

/* Parser and schema say the same of a document, and what is expected. */
static void
testBoth(const char *xml, gboolean good)
{
    g_autoptr(xmlDoc) doc = grammarDoc(xml);

    if (grammarParserAccepts(doc) != good || grammarAccepts(doc) != good)
        g_test_message("expected to be %s: %s", good ? "good" : "bad", xml);
    g_assert_cmpint(grammarParserAccepts(doc), ==, good);
    g_assert_cmpint(grammarAccepts(doc), ==, good);
}

/* format has one %s, for a value. */
static void
testValue(const char *format, const char *value, gboolean good)
{
    g_auto(GStrv) parts = g_strsplit(format, "%s", 2);
    g_autofree char *xml = g_strjoinv(value, parts);

    testBoth(xml, good);
}

/* Each word of any kind in each place: good in its own, bad in all others. */
static void
testWords(void)
{
    size_t place;
    size_t kind;
    guint i;

    for (place = 0; place < G_N_ELEMENTS(listRows); place++) {
        g_autoptr(GPtrArray) own =
            testWordsOf(listRows[place].kind, listRows[place].protocol);

        for (kind = 0; kind < G_N_ELEMENTS(listRows); kind++) {
            g_autoptr(GPtrArray) words =
                testWordsOf(listRows[kind].kind, listRows[kind].protocol);

            for (i = 0; i < words->len; i++)
                testValue(listRows[place].format, words->pdata[i],
                          g_ptr_array_find_with_equal_func(own, words->pdata[i],
                                                           g_str_equal, NULL));
        }
    }
}

/* Flags of landlock_restrict_self(2) are no rights. */
static void
testFlags(void)
{
    g_autoptr(GPtrArray) flags = testWordsOf(VIR_LXC_LANDLOCK_RESTRICT, 0);
    size_t place;
    guint i;

    g_assert_cmpuint(flags->len, ==, 5);
    for (place = 0; place < G_N_ELEMENTS(listRows); place++) {
        for (i = 0; i < flags->len; i++)
            testValue(listRows[place].format, flags->pdata[i], FALSE);
    }
}

static void
testNumbers(void)
{
    int i;

    for (i = -1; i <= 200; i++) {
        g_autofree char *text = g_strdup_printf("%d", i);

        testValue("<landlock abi='%s'><fs/></landlock>", text,
                  i >= 1 && i <= VIR_LXC_LANDLOCK_ABI_MAX);
    }

    for (i = -1; i <= 70000; i += i < 1100 || i > 59990 ? 1 : 97) {
        g_autofree char *text = g_strdup_printf("%d", i);

        testValue("<landlock><net><port protocol='tcp' allow='bind' "
                  "number='%s'/></net></landlock>",
                  text, i >= 0 && i <= G_MAXUINT16);
    }
}

/* Values of the other attributes; NULL ends a row. */
static const struct {
    const char *format;
    const char *const values[3];
} valueRows[] = {
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

/* Every value of any attribute in each of them. */
static void
testValues(void)
{
    size_t row;
    size_t other;
    size_t i;

    for (row = 0; row < G_N_ELEMENTS(valueRows); row++) {
        testValue(valueRows[row].format, "", FALSE);
        for (other = 0; other < G_N_ELEMENTS(valueRows); other++) {
            for (i = 0; valueRows[other].values[i]; i++)
                testValue(valueRows[row].format, valueRows[other].values[i],
                          g_strv_contains(valueRows[row].values,
                                          valueRows[other].values[i]));
        }
    }
}

/* Every choice of parts, in order and the other way round: a bit for each. */
static void
testParts(void)
{
    static const char *const parts[] = {"<fs/>", "<net/>", "<scope/>",
                                        "<effective/>"};
    unsigned int chosen;
    size_t i;

    for (chosen = 0; chosen < 1U << G_N_ELEMENTS(parts); chosen++) {
        g_autoptr(GString) forth = g_string_new(NULL);
        g_autoptr(GString) back = g_string_new(NULL);

        for (i = 0; i < G_N_ELEMENTS(parts); i++) {
            if (!(chosen & (1U << i)))
                continue;
            g_string_append(forth, parts[i]);
            g_string_prepend(back, parts[i]);
        }
        testValue("<landlock>%s</landlock>", forth->str, (chosen & 7) != 0);
        testValue("<landlock>%s</landlock>", back->str, (chosen & 7) != 0);
    }
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

            testValue("<landlock><scope%s/></landlock>", forth, good);
            testValue("<landlock><scope%s/></landlock>", back, good);
        }
    }
}

int
main(int argc, char **argv)
{
    int rc;

    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    if (argc != 2)
        g_error("usage: test-schema-landlock GRAMMAR");
    grammarLoad(argv[1]);
    g_test_add_func("/schema/landlock/tables", testTables);
    g_test_add_func("/schema/landlock/words", testWords);
    g_test_add_func("/schema/landlock/flags", testFlags);
    g_test_add_func("/schema/landlock/numbers", testNumbers);
    g_test_add_func("/schema/landlock/values", testValues);
    g_test_add_func("/schema/landlock/parts", testParts);
    g_test_add_func("/schema/landlock/scopes", testScopes);
    rc = g_test_run();
    grammarFree();
    return rc;
}
