/*
 * test_json.c: the JSON of profiles
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: documents, good and bad. Out: their values and lines, or the error.
 */

#include <string.h>

#include "error.h"
#include "json.h"

typedef struct {
    const char *text;
    const char *error;
} testBad;

/* What this reader itself says; yajl's words are left to yajl. */
static const testBad bad[] = {
    {"{\"a\":1,\n\"a\":2}", "'a' (line 2): the member is given more than once"},
    {"{\"a\":1,\"\\u0061\":2}",
     "'a' (line 1): the member is given more than once"},
    {"{\"a\":null,\"a\":1}",
     "'a' (line 1): the member is given more than once"},
    {"[{\"b\":[{\"c\":0,\n\n\"c\":0}]}]",
     "'[0].b[0].c' (line 3): the member is given more than once"},
    {"[\n\"\\u0000\"]", "line 2"},
    {"[\"\\ud800\"]", "line 1"},
    {"[\"\\ud800\\u0041\"]", "line 1"},
    {"[\"\\ud800\\n\"]", "line 1"},
    {"[\"\\udc00\"]", "line 1"},
    {"[\"\\ud8", "line 1"},
    {"[\v1]", "line 1"},
    {"[\f1]", "line 1"},
    {"[\"\t\"]", "line 1"},
    {"[\"\n\"]", "line 1"},
    {"[\"\xff\"]", "line 1"},
    {"[\"\xc0\x80\"]", "line 1"},
    {"[\"\xed\xa0\x80\"]", "line 1"},
    {"\xef\xbb\xbf[]", "line 1"},
    {"", "line 1"},
    {"\n\n", "line 3"},
    {"\n[1,", "line 2"},
    {"[1]\n1", "line 2"},
    {"[] []", "line 1"},
    {"[1,]", "line 1"},
    {"{\"a\":1,}", "line 1"},
    {"{a:1}", "line 1"},
    {"{'a':1}", "line 1"},
    {"{1:1}", "line 1"},
    {"[01]", "line 1"},
    {"[+1]", "line 1"},
    {"[.5]", "line 1"},
    {"[1.]", "line 1"},
    {"[0x1]", "line 1"},
    {"[NaN]", "line 1"},
    {"[nul]", "line 1"},
    {"[\"\\x41\"]", "line 1"},
    {"[\"\\u00g0\"]", "line 1"},
    {"[\"abc]", "line 1"},
    {"\\", "line 1"},
    {"[1] // comment", "line 1"},
    {"/* comment */ [1]", "line 1"},
    {"[1}", "line 1"},
    {"{\"a\"}", "line 1"},
};

static void
testExpectBad(const char *text, size_t length, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCJSON) value =
        virLXCJSONParse(text, length, "seccomp profile 'web'", &error);

    if (value)
        g_error("was read: %s", text);
    g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                   VIR_LXC_CONFINEMENT_ERROR_INVALID);
    g_assert_true(g_str_has_prefix(error->message, "seccomp profile 'web'"));
    if (!strstr(error->message, expected))
        g_error("'%s' lacks '%s'", error->message, expected);
}

static void
testErrors(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(bad); i++)
        testExpectBad(bad[i].text, strlen(bad[i].text), bad[i].error);

    testExpectBad("[1]\0", 4, "line 1");
    testExpectBad("[\n\"\0\"]", 6, "line 2");
}

/* Wherever a document ends too early. */
static void
testCutShort(void)
{
    static const char text[] =
        "{\"a\":[1,\"\\ud83d\\ude00\xc3\xa4\",true,null,{\"b\":-1.5e3}]}";
    size_t i;

    for (i = 0; i < strlen(text); i++) {
        g_autofree char *part = g_strndup(text, i);

        testExpectBad(part, i, "line 1");
    }
}

static virLXCJSON *
testParse(const char *text)
{
    g_autoptr(GError) error = NULL;
    virLXCJSON *value =
        virLXCJSONParse(text, strlen(text), "seccomp profile 'web'", &error);

    g_assert_no_error(error);
    return value;
}

static const virLXCJSON *
testChild(const virLXCJSON *value, guint i)
{
    return g_ptr_array_index(value->children, i);
}

static void
testValues(void)
{
    g_autoptr(virLXCJSON) root =
        testParse("\n{\"z\": [ 1,\n\"a\\u00e4\\/\\ud83d\\ude00\\\\\", true,\n"
                  "false, null, -1.50E+3 ],\r\n\"a\" : {\n} }\n\n");
    const virLXCJSON *list = testChild(root, 0);
    static const char *const texts[] = {
        "1", "a\u00e4/\U0001f600\\", "true", "false", "null", "-1.50E+3"};
    static const int lines[] = {2, 3, 3, 4, 4, 4};
    size_t i;

    g_assert_cmpint(root->type, ==, VIR_LXC_JSON_OBJECT);
    g_assert_cmpint(root->line, ==, 2);
    g_assert_cmpstr(root->name, ==, "seccomp profile 'web'");
    g_assert_cmpstr(list->name, ==, "z");
    g_assert_cmpuint(list->children->len, ==, G_N_ELEMENTS(texts));
    for (i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_assert_cmpstr(testChild(list, i)->text, ==, texts[i]);
        g_assert_cmpint(testChild(list, i)->line, ==, lines[i]);
        g_assert_null(testChild(list, i)->name);
    }
    g_assert_cmpstr(testChild(root, 1)->name, ==, "a");
    g_assert_cmpint(testChild(root, 1)->line, ==, 5);
    g_assert_cmpuint(testChild(root, 1)->children->len, ==, 0);
}

static void
testTop(void)
{
    g_autoptr(virLXCJSON) number = testParse(" 12");
    g_autoptr(virLXCJSON) string = testParse("\"\"\n");

    g_assert_cmpstr(number->text, ==, "12");
    g_assert_cmpstr(string->text, ==, "");
    g_assert_cmpint(string->type, ==, VIR_LXC_JSON_STRING);
}

static void
testNumbers(void)
{
    size_t i;

    static const struct {
        const char *text;
        guint64 max;
        guint64 expected;
    } good[] = {
        {"0", 0, 0},
        {"18446744073709551615", G_MAXUINT64, G_MAXUINT64},
        {"9007199254740993", G_MAXUINT64, 9007199254740993},
    };
    static const struct {
        const char *text;
        guint64 max;
        const char *error;
    } wrong[] = {
        {"18446744073709551616", G_MAXUINT64, "found 18446744073709551616"},
        {"6", 5, "expected an integer from 0 to 5, found 6"},
        {"-0", 5, "expected an integer from 0 to 5, found -0"},
        {"-1", 5, "expected an integer from 0 to 5, found -1"},
        {"1.0", 5, "expected an integer from 0 to 5, found 1.0"},
        {"1e0", 5, "expected an integer from 0 to 5, found 1e0"},
        {"\"1\"", 5, "expected an integer from 0 to 5, found \"1\""},
        {"true", 5, "expected an integer from 0 to 5, found true"},
        {"[1]", 5, "expected an integer from 0 to 5, found [...]"},
        {"{}", 5, "expected an integer from 0 to 5, found {...}"},
    };

    for (i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(virLXCJSON) value = testParse(good[i].text);
        guint64 n = 1;

        g_assert_cmpint(virLXCJSONGetUnsigned(value, good[i].max, &n, NULL), ==,
                        0);
        g_assert_cmpuint(n, ==, good[i].expected);
    }

    for (i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(virLXCJSON) value = testParse(wrong[i].text);
        g_autoptr(GError) error = NULL;
        guint64 n = 7;

        g_assert_cmpint(virLXCJSONGetUnsigned(value, wrong[i].max, &n, &error),
                        ==, -1);
        g_assert_cmpuint(n, ==, 7);
        g_assert_nonnull(strstr(error->message, wrong[i].error));
    }
}

/* @n times @open, then @middle, then @n times @close. */
static char *
testNested(unsigned int n, const char *open, const char *middle,
           const char *close)
{
    GString *text = g_string_new(NULL);
    size_t i;

    for (i = 0; i < n; i++)
        g_string_append(text, open);
    g_string_append(text, middle);
    for (i = 0; i < n; i++)
        g_string_append(text, close);

    return g_string_free(text, FALSE);
}

static void
testDepth(void)
{
    g_autofree char *most = testNested(VIR_LXC_JSON_DEPTH_MAX, "[", "", "]");
    g_autofree char *more =
        testNested(VIR_LXC_JSON_DEPTH_MAX + 1, "[\n", "", "]");
    g_autofree char *open = testNested(100000, "{\"a\":", "", "");
    g_autoptr(virLXCJSON) value = testParse(most);

    g_assert_nonnull(value);
    testExpectBad(more, strlen(more),
                  "(line 33): lists and objects are nested deeper than 32");
    testExpectBad(open, strlen(open), "nested deeper than 32");
}

static void
testMembers(void)
{
    g_autoptr(GString) text = g_string_new("{\"0\":0");
    g_autoptr(virLXCJSON) value = NULL;
    size_t i;

    for (i = 1; i < VIR_LXC_JSON_MEMBERS_MAX; i++)
        g_string_append_printf(text, ",\n\"%zu\":0", i);
    g_string_append_c(text, '}');
    value = testParse(text->str);
    g_assert_cmpuint(value->children->len, ==, VIR_LXC_JSON_MEMBERS_MAX);

    g_string_truncate(text, text->len - 1);
    g_string_append(text, ",\"x\":0}");
    testExpectBad(text->str, text->len, "there are more than 64 members");
}

static void
testStrings(void)
{
    g_autofree char *fill = g_strnfill(VIR_LXC_JSON_STRING_MAX, 'a');
    g_autofree char *good = g_strdup_printf("{\"%s\":\"%s\"}", fill, fill);
    g_autofree char *value = g_strdup_printf("[\n\"%sa\"]", fill);
    g_autofree char *name = g_strdup_printf("{\n\"%sa\":0}", fill);
    g_autoptr(virLXCJSON) root = testParse(good);

    g_assert_cmpuint(strlen(testChild(root, 0)->text), ==, strlen(fill));
    testExpectBad(value, strlen(value),
                  "(line 2): a value or name is longer than 4096 bytes");
    testExpectBad(name, strlen(name),
                  "(line 2): a value or name is longer than 4096 bytes");
}

/* No control sequence gets out, whatever a profile's strings are. */
static void
testPrintable(void)
{
    static const char *const members[] = {"a", NULL};
    g_autoptr(virLXCJSON) root =
        testParse("{\"b\\u001b[2J\\u009b\\n\\u202e\\u00e4\":0}");
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(virLXCJSONCheckMembers(root, members, &error), ==, -1);
    g_assert_cmpstr(error->message, ==,
                    "seccomp profile 'web', 'b?[2J???\u00e4' (line 1): unknown "
                    "member");
}

static void
testAbsent(void)
{
    g_autoptr(virLXCJSON) root = testParse("{\"a\":null,\"b\":0}");
    const GPtrArray *children = root->children;
    g_autoptr(GError) error = NULL;

    g_assert_nonnull(virLXCJSONFind(root, "a"));
    g_assert_null(virLXCJSONGet(root, "a"));
    g_assert_nonnull(virLXCJSONGet(root, "b"));
    g_assert_null(virLXCJSONGet(root, "c"));
    g_assert_cmpint(virLXCJSONGetList(root, "a", &children, NULL), ==, 0);
    g_assert_null(children);
    g_assert_null(virLXCJSONRequire(root, "a", &error));
    g_assert_cmpstr(error->message, ==,
                    "seccomp profile 'web' (line 1): member 'a' is missing");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    g_test_add_func("/json/errors", testErrors);
    g_test_add_func("/json/cut-short", testCutShort);
    g_test_add_func("/json/values", testValues);
    g_test_add_func("/json/top", testTop);
    g_test_add_func("/json/numbers", testNumbers);
    g_test_add_func("/json/depth", testDepth);
    g_test_add_func("/json/members", testMembers);
    g_test_add_func("/json/strings", testStrings);
    g_test_add_func("/json/printable", testPrintable);
    g_test_add_func("/json/absent", testAbsent);

    return g_test_run();
}
