/*
 * cases.c: test data, one directory for each behaviour
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: tests of parser, formatter and schema. In: tests/data. Out: one test
 * for each directory, documents, verdicts on golden files.
 */

#include "cases.h"

#include <libxml/parser.h>
#include <string.h>

static int
testCompareNames(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A folder holds folders or cases; a case, which may be a file, holds neither.
 */
static gboolean
testCasesAreBelow(const char *root)
{
    g_autoptr(GDir) dir = g_dir_open(root, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(root, name, NULL);

        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            return TRUE;
    }

    return FALSE;
}

static void
testCasesList(const char *root, GPtrArray *cases)
{
    g_autoptr(GDir) dir = g_dir_open(root, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(root, name, NULL);

        if (testCasesAreBelow(path))
            testCasesList(path, cases);
        else
            g_ptr_array_add(cases, g_steal_pointer(&path));
    }
}

void
testCasesAdd(const char *suite, const char *kind, GTestDataFunc func)
{
    g_autofree char *root =
        g_test_build_filename(G_TEST_DIST, "tests", "data", kind, NULL);
    g_autoptr(GPtrArray) cases = g_ptr_array_new();
    size_t i;

    testCasesList(root, cases);
    g_ptr_array_sort(cases, testCompareNames);
    if (cases->len == 0)
        g_error("no test data in tests/data/%s", kind);

    for (i = 0; i < cases->len; i++) {
        char *dir = g_ptr_array_index(cases, i);
        const char *name = dir + strlen(root);
        g_autofree char *path = g_strconcat(suite, name, NULL);

        g_test_add_data_func_full(path, dir, func, g_free);
    }
}

gboolean
testCaseExists(const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

char *
testCaseRead(const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autoptr(GError) error = NULL;
    char *text = NULL;

    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);

    return text;
}

static void
testCaseRewrite(const char *dir, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autoptr(GError) error = NULL;

    g_file_set_contents(path, text, -1, &error);
    g_assert_no_error(error);
    g_test_message("rewritten: %s", path);
    g_test_fail();
}

void
testCaseCompare(const char *dir, const char *name, const char *actual)
{
    const char *end = actual[0] && !g_str_has_suffix(actual, "\n") ? "\n" : "";
    g_autofree char *text = g_strconcat(actual, end, NULL);
    g_autofree char *expected = NULL;

    if (g_strcmp0(g_getenv("CONFINEMENT_REGENERATE"), "1") == 0) {
        testCaseRewrite(dir, name, text);
        return;
    }

    if (!testCaseExists(dir, name)) {
        g_test_message("no %s beside the document; came out: %s", name, text);
        g_test_fail();
        return;
    }

    expected = testCaseRead(dir, name);
    g_assert_cmpstr(text, ==, expected);
}

static void
testIgnoreXMLError(G_GNUC_UNUSED void *data, G_GNUC_UNUSED xmlError *error)
{
}

xmlDoc *
testDocFromString(const char *text)
{
    xmlDoc *doc;

    xmlSetStructuredErrorFunc(NULL, (xmlStructuredErrorFunc)testIgnoreXMLError);
    doc = xmlReadMemory(text, (int)strlen(text), NULL, NULL,
                        XML_PARSE_NONET | XML_PARSE_NOWARNING);
    xmlSetStructuredErrorFunc(NULL, NULL);

    return doc;
}

static xmlNode *
testFindChild(xmlNode *node, const char *name)
{
    xmlNode *child = node ? xmlFirstElementChild(node) : NULL;

    while (child && strcmp((const char *)child->name, name) != 0)
        child = xmlNextElementSibling(child);

    return child;
}

xmlNode *
testDocDomain(xmlDoc *doc)
{
    xmlNode *root = xmlDocGetRootElement(doc);

    if (root && strcmp((const char *)root->name, "domstatus") == 0)
        return testFindChild(root, "domain");

    return root;
}

xmlNode *
testDocFeatures(xmlDoc *doc)
{
    return testFindChild(testDocDomain(doc), "features");
}

char *
testDocWrap(const char *elements, gboolean live)
{
    return g_strdup_printf("%s<domain type='lxc'>\n"
                           "<name>guest</name>\n"
                           "<memory>65536</memory>\n"
                           "<os><type>exe</type><init>/init</init></os>\n"
                           "<features>\n%s</features>\n"
                           "</domain>%s",
                           live ? "<domstatus>" : "", elements,
                           live ? "</domstatus>" : "");
}

virLXCConfinementDef *
testDefFromString(const char *text)
{
    g_autoptr(xmlDoc) doc = testDocFromString(text);
    g_autoptr(GError) error = NULL;
    virLXCConfinementDef *def;

    g_assert_nonnull(doc);
    def = virLXCConfinementDefParse(testDocDomain(doc), &error);
    g_assert_no_error(error);

    return def;
}

virLXCConfinementDef *
testDefFromElements(const char *elements)
{
    g_autofree char *text = testDocWrap(elements, FALSE);

    return testDefFromString(text);
}

virLXCConfinementDef *
testDefFromCase(const char *dir)
{
    g_autofree char *text = testCaseRead(dir, "in.xml");

    return testDefFromString(text);
}

void
testSkip(const char *why)
{
    const char *forbidden = g_getenv("CONFINEMENT_NO_SKIP");

    if (forbidden && forbidden[0] && !g_str_equal(forbidden, "0")) {
        g_test_message("must not be skipped: %s", why);
        g_test_fail();
        return;
    }

    g_test_skip(why);
}
