/*
 * grammar.c: the RelaxNG grammar that documents are validated against
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: documents and names. Out: verdicts of the grammar, and of the parser.
 */

#include "grammar.h"

#include <libxml/relaxng.h>
#include <libxml/xpath.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlRelaxNGParserCtxt, xmlRelaxNGFreeParserCtxt)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlRelaxNGValidCtxt, xmlRelaxNGFreeValidCtxt)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlXPathContext, xmlXPathFreeContext)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlXPathObject, xmlXPathFreeObject)

static xmlRelaxNG *schema;

void
grammarInit(int *argc, char ***argv)
{
    g_autoptr(xmlRelaxNGParserCtxt) parser = NULL;

    g_test_init(argc, argv, NULL);
    g_test_set_nonfatal_assertions();
    if (*argc != 2)
        g_error("usage: %s GRAMMAR", (*argv)[0]);

    parser = xmlRelaxNGNewParserCtxt((*argv)[1]);
    schema = xmlRelaxNGParse(parser);
    if (!schema)
        g_error("%s is not a RelaxNG grammar", (*argv)[1]);
}

int
grammarRun(void)
{
    int rc = g_test_run();

    xmlRelaxNGFree(schema);
    return rc;
}

static void
grammarIgnoreError(G_GNUC_UNUSED void *data, G_GNUC_UNUSED const char *format,
                   ...)
{
}

gboolean
grammarAcceptsDoc(xmlDoc *doc)
{
    g_autoptr(xmlRelaxNGValidCtxt) ctxt = xmlRelaxNGNewValidCtxt(schema);
    int rc;

    xmlRelaxNGSetValidErrors(ctxt, grammarIgnoreError, grammarIgnoreError,
                             NULL);
    rc = xmlRelaxNGValidateDoc(ctxt, doc);
    g_assert_cmpint(rc, >=, 0);

    return rc == 0;
}

gboolean
grammarAccepts(xmlDoc *doc)
{
    g_autoptr(xmlDoc) copy = NULL;

    if (testDocDomain(doc) == xmlDocGetRootElement(doc))
        return grammarAcceptsDoc(doc);

    copy = xmlNewDoc(NULL);
    xmlDocSetRootElement(copy, xmlDocCopyNode(testDocDomain(doc), copy, 1));

    return grammarAcceptsDoc(copy);
}

gboolean
grammarParserAccepts(xmlDoc *doc)
{
    g_autoptr(virLXCConfinementDef) def =
        virLXCConfinementDefParse(testDocDomain(doc), NULL);

    return def != NULL;
}

xmlDoc *
grammarDoc(const char *elements)
{
    g_autofree char *text = testDocWrap(elements, FALSE);
    xmlDoc *doc = testDocFromString(text);

    g_assert_nonnull(doc);
    return doc;
}

/* The schema without its namespace, so that an XPath can be short. */
static xmlDoc *
grammarSchemaText(void)
{
    static const char namespace[] =
        " xmlns=\"http://relaxng.org/ns/structure/1.0\"";
    const char *path = g_test_get_filename(G_TEST_DIST, "docs", "schemas",
                                           "lxcconfinement.rng", NULL);
    g_autofree char *text = NULL;
    g_autofree char *plain = NULL;
    g_auto(GStrv) parts = NULL;

    g_file_get_contents(path, &text, NULL, NULL);
    g_assert_nonnull(text);
    parts = g_strsplit(text, namespace, 2);
    plain = g_strjoinv("", parts);

    return testDocFromString(plain);
}

static GHashTable *
grammarNames(const char *where)
{
    g_autoptr(xmlDoc) doc = grammarSchemaText();
    g_autoptr(xmlXPathContext) ctxt = xmlXPathNewContext(doc);
    g_autofree char *path = g_strdup_printf("/grammar/%s", where);
    g_autoptr(xmlXPathObject) found = xmlXPathEval((const xmlChar *)path, ctxt);
    GHashTable *names =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    int i;

    g_assert_nonnull(found);
    for (i = 0; i < xmlXPathNodeSetGetLength(found->nodesetval); i++) {
        xmlNode *node = xmlXPathNodeSetItem(found->nodesetval, i);

        g_hash_table_add(names, g_strdup((char *)node->children->content));
    }

    return names;
}

void
grammarExpectNames(const char *where, GPtrArray *names)
{
    g_autoptr(GHashTable) known = grammarNames(where);
    GHashTableIter iter;
    gpointer name;
    size_t i;

    g_assert_cmpuint(names->len, >, 0);
    for (i = 0; i < names->len; i++) {
        if (!g_hash_table_contains(known, names->pdata[i]))
            g_error("the schema lacks '%s' of the table",
                    (char *)names->pdata[i]);
    }

    g_hash_table_iter_init(&iter, known);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
            g_error("the table lacks '%s' of the schema", (char *)name);
    }
}

void
grammarExpect(const char *elements, gboolean good)
{
    g_autoptr(xmlDoc) doc = grammarDoc(elements);
    gboolean parser = grammarParserAccepts(doc);
    gboolean grammar = grammarAccepts(doc);

    if (parser != good || grammar != good)
        g_test_message("expected to be %s: %s", good ? "valid" : "invalid",
                       elements);
    g_assert_cmpint(parser, ==, good);
    g_assert_cmpint(grammar, ==, good);
}

void
grammarExpectValue(const char *format, const char *value, gboolean good)
{
    g_auto(GStrv) parts = g_strsplit(format, "%s", 2);
    g_autofree char *elements = g_strjoinv(value, parts);

    grammarExpect(elements, good);
}

void
grammarExpectTables(const grammarTable *tables, size_t ntables)
{
    size_t i;

    for (i = 0; i < ntables; i++) {
        g_autoptr(GPtrArray) names = tables[i].names();

        grammarExpectNames(tables[i].where, names);
    }
}

static void
grammarExpectNamesOf(const grammarTable *other, const grammarTable *place)
{
    g_autoptr(GPtrArray) own = place->names();
    g_autoptr(GPtrArray) names = other->names();
    size_t i;

    for (i = 0; place->format && i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);

        grammarExpectValue(
            place->format, name,
            g_ptr_array_find_with_equal_func(own, name, g_str_equal, NULL));
    }
}

void
grammarExpectOwnNames(const grammarTable *tables, size_t ntables)
{
    size_t place;
    size_t other;

    for (place = 0; place < ntables; place++) {
        for (other = 0; other < ntables; other++)
            grammarExpectNamesOf(&tables[other], &tables[place]);
    }
}

void
grammarExpectOwnValues(const grammarValues *rows, size_t nrows)
{
    size_t row;
    size_t other;
    size_t i;

    for (row = 0; row < nrows; row++) {
        grammarExpectValue(rows[row].format, "", FALSE);
        for (other = 0; other < nrows; other++) {
            for (i = 0; rows[other].values[i]; i++) {
                const char *value = rows[other].values[i];

                grammarExpectValue(rows[row].format, value,
                                   g_strv_contains(rows[row].values, value));
            }
        }
    }
}

void
grammarExpectParts(const char *format, const char *const *parts, size_t nparts,
                   guint required)
{
    guint chosen;
    size_t i;

    for (chosen = 0; chosen < 1U << nparts; chosen++) {
        g_autoptr(GString) forth = g_string_new(NULL);
        g_autoptr(GString) back = g_string_new(NULL);
        gboolean good = !required || (chosen & required);

        for (i = 0; i < nparts; i++) {
            if (!(chosen & (1U << i)))
                continue;
            g_string_append(forth, parts[i]);
            g_string_prepend(back, parts[i]);
        }
        grammarExpectValue(format, forth->str, good);
        grammarExpectValue(format, back->str, good);
    }
}
