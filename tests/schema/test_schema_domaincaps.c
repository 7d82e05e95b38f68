/*
 * test_schema_domaincaps.c: the grammar of domain capabilities
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a grammar that includes docs/schemas/lxcdomaincaps.rng, the documents of
 * tests/data/report, and others. Out: verdicts.
 */

#include "grammar.h"

static void
testReported(gconstpointer dir)
{
    g_autofree char *text = testCaseRead(dir, "domcaps.xml");
    g_autoptr(xmlDoc) doc = testDocFromString(text);

    g_assert_nonnull(doc);
    g_assert_true(grammarAcceptsDoc(doc));
}

static const struct {
    const char *elements;
    gboolean good;
} rows[] = {
    {"", TRUE},
    {"<idmap supported='no'/>", TRUE},
    {"<lsm supported='yes'><enum name='module'/></lsm>"
     "<idmap supported='no'/>",
     TRUE},
    {"<features/>", TRUE},
    {"<features><landlock supported='no'/></features>", TRUE},
    {"<features><seccomp supported='yes'><enum name='op'><value>eq</value>"
     "</enum></seccomp></features>",
     TRUE},
    {"<idmap/>", FALSE},
    {"<idmap supported='maybe'/>", FALSE},
    {"<idmap supported='no'/><idmap supported='no'/>", FALSE},
    {"<landlock supported='no'/>", FALSE},
    {"<features><idmap supported='no'/></features>", FALSE},
    {"<features><landlock/></features>", FALSE},
    {"<features><landlock supported='no' abi='1'/></features>", FALSE},
    {"<features><landlock supported='yes'><abi>1</abi></landlock></features>",
     FALSE},
    {"<features><landlock supported='no'/><landlock supported='no'/>"
     "</features>",
     FALSE},
    {"<features><seccomp supported='yes'><enum/></seccomp></features>", FALSE},
};

static void
testElements(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text =
            g_strdup_printf("<domainCapabilities><path>/p</path>"
                            "<domain>lxc</domain><arch>x86_64</arch>"
                            "%s</domainCapabilities>",
                            rows[i].elements);
        g_autoptr(xmlDoc) doc = testDocFromString(text);

        g_assert_nonnull(doc);
        if (grammarAcceptsDoc(doc) != rows[i].good)
            g_test_message("expected to be %s: %s",
                           rows[i].good ? "valid" : "invalid",
                           rows[i].elements);
        g_assert_cmpint(grammarAcceptsDoc(doc), ==, rows[i].good);
    }
}

int
main(int argc, char **argv)
{
    grammarInit(&argc, &argv);
    testCasesAdd("/schema/domaincaps/reported", "report", testReported);
    g_test_add_func("/schema/domaincaps/elements", testElements);
    return grammarRun();
}
