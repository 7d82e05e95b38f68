/*
 * json_get.c: access values in the JSON of profiles
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a tree of values. Out: members, strings, numbers, and errors with their
 * location.
 */

#include "error.h"
#include "i18n.h"
#include "json.h"
#include "printable.h"

/* Appends the path of @value, such as syscalls[3].args[0].op, which is empty
 * for the root. */
static void
lxcJSONAppendPath(const virLXCJSON *value, GString *path)
{
    if (!value->parent)
        return;

    lxcJSONAppendPath(value->parent, path);
    if (value->name)
        g_string_append_printf(path, "%s%s", path->len > 0 ? "." : "",
                               value->name);
    else
        g_string_append_printf(path, "[%u]", value->index);
}

char *
virLXCJSONPath(const virLXCJSON *value)
{
    GString *path = g_string_new(NULL);

    lxcJSONAppendPath(value, path);
    return g_string_free(path, FALSE);
}

static int
lxcJSONSetError(GError **error, const char *text)
{
    g_autofree char *printable = virLXCPrintable(text, "");

    return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID, "%s",
                          printable);
}

int
virLXCJSONSetErrorAt(const char *title, int line, GError **error,
                     const char *format, ...)
{
    g_autofree char *what = NULL;
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    what = g_strdup_vprintf(format, args);
    va_end(args);

    text = g_strdup_printf(_("%1$s (line %2$d): %3$s"), title, line, what);
    return lxcJSONSetError(error, text);
}

int
virLXCJSONSetError(const virLXCJSON *value, GError **error, const char *format,
                   ...)
{
    const virLXCJSON *root = value;
    g_autoptr(GString) path = g_string_new(NULL);
    g_autofree char *what = NULL;
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    what = g_strdup_vprintf(format, args);
    va_end(args);

    while (root->parent)
        root = root->parent;
    if (root == value)
        return virLXCJSONSetErrorAt(root->name, value->line, error, "%s", what);

    lxcJSONAppendPath(value, path);
    text = g_strdup_printf(_("%1$s, '%2$s' (line %3$d): %4$s"), root->name,
                           path->str, value->line, what);
    return lxcJSONSetError(error, text);
}

/* Returns @value as written in the document, except for escape sequences and
 * the contents of lists and objects. */
static char *
lxcJSONShow(const virLXCJSON *value)
{
    switch (value->type) {
    case VIR_LXC_JSON_NULL:
    case VIR_LXC_JSON_BOOLEAN:
    case VIR_LXC_JSON_NUMBER:
        return g_strdup(value->text);
    case VIR_LXC_JSON_STRING:
        return g_strdup_printf("\"%s\"", value->text);
    case VIR_LXC_JSON_LIST:
        return g_strdup("[...]");
    case VIR_LXC_JSON_OBJECT:
        return g_strdup("{...}");
    }

    g_return_val_if_reached(NULL);
}

int
virLXCJSONCheckMembers(const virLXCJSON *value, const char *const *members,
                       GError **error)
{
    size_t i;

    if (value->type != VIR_LXC_JSON_OBJECT) {
        g_autofree char *shown = lxcJSONShow(value);

        return virLXCJSONSetError(value, error,
                                  _("expected an object, found %1$s"), shown);
    }

    for (i = 0; i < value->children->len; i++) {
        const virLXCJSON *child = g_ptr_array_index(value->children, i);

        if (!g_strv_contains(members, child->name))
            return virLXCJSONSetError(child, error, _("unknown member"));
    }

    return 0;
}

const virLXCJSON *
virLXCJSONFind(const virLXCJSON *object, const char *name)
{
    size_t i;

    for (i = 0; i < object->children->len; i++) {
        const virLXCJSON *child = g_ptr_array_index(object->children, i);

        if (g_str_equal(child->name, name))
            return child;
    }

    return NULL;
}

const virLXCJSON *
virLXCJSONGet(const virLXCJSON *object, const char *name)
{
    const virLXCJSON *value = virLXCJSONFind(object, name);

    return value && value->type != VIR_LXC_JSON_NULL ? value : NULL;
}

const virLXCJSON *
virLXCJSONRequire(const virLXCJSON *object, const char *name, GError **error)
{
    const virLXCJSON *value = virLXCJSONGet(object, name);

    if (!value)
        virLXCJSONSetError(object, error, _("member '%1$s' is missing"), name);

    return value;
}

const char *
virLXCJSONGetString(const virLXCJSON *value, GError **error)
{
    g_autofree char *shown = NULL;

    if (value->type == VIR_LXC_JSON_STRING)
        return value->text;

    shown = lxcJSONShow(value);
    virLXCJSONSetError(value, error, _("expected a string, found %1$s"), shown);
    return NULL;
}

/* Unlike strtoull(), g_ascii_string_to_unsigned() accepts only digits. */
int
virLXCJSONGetUnsigned(const virLXCJSON *value, guint64 max, guint64 *n,
                      GError **error)
{
    g_autofree char *shown = NULL;
    guint64 number = 0;

    if (value->type == VIR_LXC_JSON_NUMBER &&
        g_ascii_string_to_unsigned(value->text, 10, 0, max, &number, NULL)) {
        *n = number;
        return 0;
    }

    shown = lxcJSONShow(value);
    return virLXCJSONSetError(
        value, error, _("expected an integer from 0 to %2$llu, found %1$s"),
        shown, (unsigned long long)max);
}

int
virLXCJSONGetList(const virLXCJSON *object, const char *name,
                  const GPtrArray **children, GError **error)
{
    const virLXCJSON *value = virLXCJSONGet(object, name);
    g_autofree char *shown = NULL;

    if (!value || value->type == VIR_LXC_JSON_LIST) {
        *children = value ? value->children : NULL;
        return 0;
    }

    shown = lxcJSONShow(value);
    return virLXCJSONSetError(value, error, _("expected a list, found %1$s"),
                              shown);
}

int
virLXCJSONGetBoolean(const virLXCJSON *value, bool *truth, GError **error)
{
    g_autofree char *shown = NULL;

    if (value->type == VIR_LXC_JSON_BOOLEAN) {
        *truth = g_str_equal(value->text, "true");
        return 0;
    }

    shown = lxcJSONShow(value);
    return virLXCJSONSetError(value, error,
                              _("expected true or false, found %1$s"), shown);
}

int
virLXCJSONGetObject(const virLXCJSON *object, const char *name,
                    const virLXCJSON **member, GError **error)
{
    const virLXCJSON *value = virLXCJSONGet(object, name);
    g_autofree char *shown = NULL;

    if (!value || value->type == VIR_LXC_JSON_OBJECT) {
        *member = value;
        return 0;
    }

    shown = lxcJSONShow(value);
    return virLXCJSONSetError(value, error, _("expected an object, found %1$s"),
                              shown);
}
