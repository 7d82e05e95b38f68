/*
 * json.c: JSON parser for profiles and other policies
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: text. Out: a tree of values with their line numbers. yajl splits the text
 * into tokens. Text that yajl accepts although it is not valid JSON is rejected
 * first.
 */

#include "json.h"

#include <string.h>
#include <yajl/yajl_parse.h>

#include "error.h"
#include "i18n.h"

/* State of the parser. @current is the innermost open list or object, @key the
 * name of the member whose value is expected next. */
typedef struct {
    const char *title;
    const char *text;
    size_t length;
    size_t counted;
    int line;
    yajl_handle yajl;
    virLXCJSON *root;
    virLXCJSON *current;
    unsigned int depth;
    char *key;
    GError *error;
} lxcJSONReader;

static virLXCJSON *
lxcJSONNew(virLXCJSONType type, const char *text, size_t length, int line)
{
    virLXCJSON *value = g_new0(virLXCJSON, 1);

    value->type = type;
    value->text = text ? g_strndup(text, length) : NULL;
    value->line = line;
    if (type == VIR_LXC_JSON_LIST || type == VIR_LXC_JSON_OBJECT)
        value->children =
            g_ptr_array_new_with_free_func((GDestroyNotify)virLXCJSONFree);

    return value;
}

void
virLXCJSONFree(virLXCJSON *value)
{
    if (!value)
        return;

    g_free(value->name);
    g_free(value->text);
    if (value->children)
        g_ptr_array_unref(value->children);
    g_free(value);
}

/* Returns the line of the last token. At the end of the document, yajl counts
 * from 0 again, which leaves the line unchanged. */
static int
lxcJSONLine(lxcJSONReader *reader)
{
    size_t consumed =
        MIN(yajl_get_bytes_consumed(reader->yajl), reader->length);

    for (; reader->counted < consumed; reader->counted++) {
        if (reader->text[reader->counted] == '\n')
            reader->line++;
    }

    return reader->line;
}

/* Appends @value to the current list or object, which takes ownership of it. */
static int
lxcJSONAppend(lxcJSONReader *reader, virLXCJSON *value)
{
    virLXCJSON *parent = reader->current;
    bool twice;

    value->name = g_steal_pointer(&reader->key);
    if (!parent) {
        g_free(value->name);
        value->name = g_strdup(reader->title);
        reader->root = value;
        return 1;
    }

    twice = value->name && virLXCJSONFind(parent, value->name);
    value->parent = parent;
    value->index = parent->children->len;
    g_ptr_array_add(parent->children, value);
    if (twice)
        virLXCJSONSetError(value, &reader->error,
                           _("the member is given more than once"));
    else if (parent->type == VIR_LXC_JSON_OBJECT &&
             parent->children->len > VIR_LXC_JSON_MEMBERS_MAX)
        virLXCJSONSetError(parent, &reader->error,
                           _("there are more than %1$d members"),
                           VIR_LXC_JSON_MEMBERS_MAX);

    return !reader->error;
}

static int
lxcJSONCheckLength(lxcJSONReader *reader, size_t length)
{
    if (length <= VIR_LXC_JSON_STRING_MAX)
        return 1;

    virLXCJSONSetErrorAt(reader->title, lxcJSONLine(reader), &reader->error,
                         _("a value or name is longer than %1$d bytes"),
                         VIR_LXC_JSON_STRING_MAX);
    return 0;
}

static int
lxcJSONScalar(lxcJSONReader *reader, virLXCJSONType type, const char *text,
              size_t length)
{
    return lxcJSONCheckLength(reader, length) &&
           lxcJSONAppend(reader,
                         lxcJSONNew(type, text, length, lxcJSONLine(reader)));
}

static int
lxcJSONNull(void *reader)
{
    return lxcJSONScalar(reader, VIR_LXC_JSON_NULL, "null", 4);
}

static int
lxcJSONBoolean(void *reader, int truth)
{
    const char *text = truth ? "true" : "false";

    return lxcJSONScalar(reader, VIR_LXC_JSON_BOOLEAN, text, strlen(text));
}

static int
lxcJSONNumber(void *reader, const char *text, size_t length)
{
    return lxcJSONScalar(reader, VIR_LXC_JSON_NUMBER, text, length);
}

static int
lxcJSONString(void *reader, const unsigned char *text, size_t length)
{
    return lxcJSONScalar(reader, VIR_LXC_JSON_STRING, (const char *)text,
                         length);
}

static int
lxcJSONKey(void *opaque, const unsigned char *text, size_t length)
{
    lxcJSONReader *reader = opaque;

    if (!lxcJSONCheckLength(reader, length))
        return 0;

    reader->key = g_strndup((const char *)text, length);
    return 1;
}

static int
lxcJSONStart(lxcJSONReader *reader, virLXCJSONType type)
{
    virLXCJSON *value = lxcJSONNew(type, NULL, 0, lxcJSONLine(reader));

    if (!lxcJSONAppend(reader, value))
        return 0;

    reader->current = value;
    if (++reader->depth <= VIR_LXC_JSON_DEPTH_MAX)
        return 1;

    virLXCJSONSetErrorAt(reader->title, value->line, &reader->error,
                         _("lists and objects are nested deeper than %1$d"),
                         VIR_LXC_JSON_DEPTH_MAX);
    return 0;
}

static int
lxcJSONStartObject(void *reader)
{
    return lxcJSONStart(reader, VIR_LXC_JSON_OBJECT);
}

static int
lxcJSONStartList(void *reader)
{
    return lxcJSONStart(reader, VIR_LXC_JSON_LIST);
}

static int
lxcJSONEnd(void *opaque)
{
    lxcJSONReader *reader = opaque;

    reader->current = (virLXCJSON *)reader->current->parent;
    reader->depth--;
    return 1;
}

static const yajl_callbacks lxcJSONCallbacks = {
    .yajl_null = lxcJSONNull,
    .yajl_boolean = lxcJSONBoolean,
    .yajl_number = lxcJSONNumber,
    .yajl_string = lxcJSONString,
    .yajl_start_map = lxcJSONStartObject,
    .yajl_map_key = lxcJSONKey,
    .yajl_end_map = lxcJSONEnd,
    .yajl_start_array = lxcJSONStartList,
    .yajl_end_array = lxcJSONEnd,
};

/* Returns the value of the escape sequence \uXXXX at @text, or -1. */
static int
lxcJSONUnit(const char *text, const char *end)
{
    int unit = 0;
    size_t i;

    if (end - text < 6 || text[0] != '\\' || text[1] != 'u')
        return -1;

    for (i = 2; i < 6; i++) {
        int digit = g_ascii_xdigit_value(text[i]);

        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }

    return unit;
}

/* Returns the length of the escape sequence at @text, or 0 if it is not a
 * character that a C string can contain. yajl replaces an unpaired surrogate
 * with '?'. */
static size_t
lxcJSONEscapeLength(const char *text, const char *end)
{
    int unit = lxcJSONUnit(text, end);
    int low;

    if (unit < 0)
        return 2;
    if (unit == 0 || (unit >= 0xdc00 && unit <= 0xdfff))
        return 0;
    if (unit < 0xd800 || unit > 0xdfff)
        return 6;

    low = lxcJSONUnit(text + 6, end);
    return low >= 0xdc00 && low <= 0xdfff ? 12 : 0;
}

static bool
lxcJSONIsControl(char c)
{
    return (guchar)c < ' ' && c != '\t' && c != '\n' && c != '\r';
}

/* Returns the first position at which @text is not valid JSON, or contains a
 * character that a C string cannot contain, or NULL. A backslash outside of a
 * string is an error in any case. */
static const char *
lxcJSONFindFault(const char *text, size_t length)
{
    const char *end = text + length;
    const char *invalid = NULL;
    const char *p;

    for (p = text; p < end;) {
        size_t step = *p == '\\' ? lxcJSONEscapeLength(p, end) : 1;

        if (step == 0 || lxcJSONIsControl(*p))
            return p;
        p += step;
    }

    return g_utf8_validate(text, (gssize)length, &invalid) ? NULL : invalid;
}

static int
lxcJSONCheckText(const lxcJSONReader *reader, GError **error)
{
    const char *fault = lxcJSONFindFault(reader->text, reader->length);
    const char *start = reader->text;
    int line = 1;
    const char *p;

    if (!fault)
        return 0;

    for (p = reader->text; p < fault; p++) {
        if (*p != '\n')
            continue;
        line++;
        start = p + 1;
    }
    return virLXCJSONSetErrorAt(
        reader->title, line, error,
        _("there is a character that JSON does not allow in column %1$zu"),
        (size_t)(fault - start) + 1);
}

/* Returns the column, in bytes, of the token at which yajl has stopped. */
static size_t
lxcJSONColumn(const lxcJSONReader *reader)
{
    size_t end = reader->counted;
    size_t start = end;

    while (start > 0 && reader->text[start - 1] != '\n')
        start--;
    return MAX(end - start, 1);
}

/* Propagates an error of yajl or of a callback. */
static void
lxcJSONPropagate(lxcJSONReader *reader, GError **error)
{
    int line = lxcJSONLine(reader);
    unsigned char *text;

    if (reader->error) {
        g_propagate_error(error, g_steal_pointer(&reader->error));
        return;
    }

    text = yajl_get_error(reader->yajl, 0, NULL, 0);
    virLXCJSONSetErrorAt(reader->title, line, error,
                         _("invalid JSON near column %1$zu: %2$s"),
                         lxcJSONColumn(reader), g_strchomp((char *)text));
    yajl_free_error(reader->yajl, text);
}

/* Returns whether the whole document was parsed. */
static bool
lxcJSONRun(lxcJSONReader *reader)
{
    const guchar *text = (const guchar *)reader->text;

    if (yajl_parse(reader->yajl, text, reader->length) != yajl_status_ok)
        return false;

    lxcJSONLine(reader);
    return yajl_complete_parse(reader->yajl) == yajl_status_ok;
}

virLXCJSON *
virLXCJSONParse(const char *text, size_t length, const char *title,
                GError **error)
{
    lxcJSONReader reader = {
        .title = title, .text = text, .length = length, .line = 1};
    g_autoptr(virLXCJSON) root = NULL;
    bool ok;

    if (lxcJSONCheckText(&reader, error) < 0)
        return NULL;

    reader.yajl = yajl_alloc(&lxcJSONCallbacks, NULL, &reader);
    ok = lxcJSONRun(&reader);
    root = reader.root;
    if (!ok)
        lxcJSONPropagate(&reader, error);
    yajl_free(reader.yajl);
    g_free(reader.key);

    return ok ? g_steal_pointer(&root) : NULL;
}
