/*
 * policy_json.c: write JSON
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: values, in the order of the document. Out: the document.
 */

#include "policy_json.h"

#include <string.h>
#include <yajl/yajl_gen.h>

/* @open has a byte for each object or array that has not been ended. */
struct _virLXCPolicyJSON {
    yajl_gen gen;
    GString *open;
};

#define POLICY_JSON_OBJECT '{'
#define POLICY_JSON_ARRAY '['

/* yajl only fails if a value is where none can be. */
static void
lxcPolicyJSONCheck(yajl_gen_status status)
{
    g_assert(status == yajl_gen_status_ok);
}

static void
lxcPolicyJSONText(virLXCPolicyJSON *json, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    lxcPolicyJSONCheck(yajl_gen_string(json->gen, (const unsigned char *)valid,
                                       strlen(valid)));
}

static void
lxcPolicyJSONKey(virLXCPolicyJSON *json, const char *key)
{
    bool inObject = json->open->str[json->open->len - 1] == POLICY_JSON_OBJECT;

    g_assert(inObject == (key != NULL));
    if (key)
        lxcPolicyJSONText(json, key);
}

static void
lxcPolicyJSONOpen(virLXCPolicyJSON *json, char kind)
{
    lxcPolicyJSONCheck(kind == POLICY_JSON_OBJECT
                           ? yajl_gen_map_open(json->gen)
                           : yajl_gen_array_open(json->gen));
    g_string_append_c(json->open, kind);
}

virLXCPolicyJSON *
virLXCPolicyJSONNew(void)
{
    virLXCPolicyJSON *json = g_new0(virLXCPolicyJSON, 1);

    json->open = g_string_new(NULL);
    json->gen = yajl_gen_alloc(NULL);
    yajl_gen_config(json->gen, yajl_gen_beautify, 1);
    yajl_gen_config(json->gen, yajl_gen_indent_string, "  ");
    lxcPolicyJSONOpen(json, POLICY_JSON_OBJECT);
    return json;
}

void
virLXCPolicyJSONBeginObject(virLXCPolicyJSON *json, const char *key)
{
    lxcPolicyJSONKey(json, key);
    lxcPolicyJSONOpen(json, POLICY_JSON_OBJECT);
}

void
virLXCPolicyJSONBeginArray(virLXCPolicyJSON *json, const char *key)
{
    lxcPolicyJSONKey(json, key);
    lxcPolicyJSONOpen(json, POLICY_JSON_ARRAY);
}

void
virLXCPolicyJSONEnd(virLXCPolicyJSON *json)
{
    bool isObject = json->open->str[json->open->len - 1] == POLICY_JSON_OBJECT;

    lxcPolicyJSONCheck(isObject ? yajl_gen_map_close(json->gen)
                                : yajl_gen_array_close(json->gen));
    g_string_truncate(json->open, json->open->len - 1);
}

void
virLXCPolicyJSONString(virLXCPolicyJSON *json, const char *key,
                       const char *value)
{
    lxcPolicyJSONKey(json, key);
    if (value)
        lxcPolicyJSONText(json, value);
    else
        lxcPolicyJSONCheck(yajl_gen_null(json->gen));
}

void
virLXCPolicyJSONStrings(virLXCPolicyJSON *json, const char *key,
                        const char *const *values)
{
    virLXCPolicyJSONBeginArray(json, key);
    for (; values && *values; values++)
        virLXCPolicyJSONString(json, NULL, *values);
    virLXCPolicyJSONEnd(json);
}

void
virLXCPolicyJSONNumber(virLXCPolicyJSON *json, const char *key, gint64 value)
{
    lxcPolicyJSONKey(json, key);
    lxcPolicyJSONCheck(yajl_gen_integer(json->gen, value));
}

void
virLXCPolicyJSONBool(virLXCPolicyJSON *json, const char *key, bool value)
{
    lxcPolicyJSONKey(json, key);
    lxcPolicyJSONCheck(yajl_gen_bool(json->gen, value));
}

/* yajl only escapes the control characters of ASCII. Others, which are only in
 * strings, must not reach a terminal either. */
static void
lxcPolicyJSONAppend(GString *out, const char *text, size_t length)
{
    const char *end = text + length;
    const char *next;

    for (; text < end; text = next) {
        gunichar c = g_utf8_get_char(text);
        g_autofree gunichar2 *units = NULL;
        glong nunits = 0;
        glong i;

        next = g_utf8_next_char(text);
        if (c == '\n' || g_unichar_isprint(c)) {
            g_string_append_len(out, text, next - text);
            continue;
        }
        units = g_utf8_to_utf16(text, next - text, NULL, &nunits, NULL);
        for (i = 0; i < nunits; i++)
            g_string_append_printf(out, "\\u%04x", units[i]);
    }
}

void
virLXCPolicyJSONFinish(virLXCPolicyJSON *json, GString *out)
{
    const unsigned char *text = NULL;
    size_t length = 0;

    virLXCPolicyJSONEnd(json);
    g_assert(json->open->len == 0);
    lxcPolicyJSONCheck(yajl_gen_get_buf(json->gen, &text, &length));
    lxcPolicyJSONAppend(out, (const char *)text, length);
}

void
virLXCPolicyJSONFree(virLXCPolicyJSON *json)
{
    if (!json)
        return;

    yajl_gen_free(json->gen);
    g_string_free(json->open, TRUE);
    g_free(json);
}
