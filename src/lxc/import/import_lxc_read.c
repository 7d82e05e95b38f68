/*
 * import_lxc_read.c: the lines of a container configuration of LXC
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the text of a configuration. Out: the lines that apply, those of included
 * files among them, without those that later ones have replaced or cleared.
 */

#include <string.h>

#include "error.h"
#include "i18n.h"
#include "import_lxc_config.h"

#define LXC_INCLUDE "lxc.include"

typedef struct {
    virLXCImport *import;
    virLXCImportFiles *files;
    GPtrArray *lines;
    unsigned int nets;
    unsigned int depth;
    unsigned int count;
} lxcReader;

static int
lxcReadText(lxcReader *reader, const char *file, char *text, GError **error);

static void
lxcLineFree(gpointer opaque)
{
    virLXCImportLXCLine *line = opaque;

    g_free(line->key);
    g_free(line->written);
    g_free(line->value);
    g_free(line->file);
    g_free(line);
}

/* Returns the row of @key, and in @suffix what follows the row's name. */
static const virLXCImportLXCKey *
lxcKeyFind(const char *key, const char **suffix)
{
    size_t nrows = 0;
    const virLXCImportLXCKey *rows = virLXCImportLXCKeys(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        bool isPrefix = g_str_has_suffix(rows[i].name, ".");

        if (isPrefix ? g_str_has_prefix(key, rows[i].name)
                     : g_str_equal(key, rows[i].name)) {
            *suffix = key + strlen(rows[i].name);
            return &rows[i];
        }
    }
    return NULL;
}

/* Whether @key is @cleared or one of the keys below it. */
static bool
lxcKeyIsBelow(const char *key, const char *cleared)
{
    size_t length = strlen(cleared);

    return strncmp(key, cleared, length) == 0 &&
           (key[length] == '\0' || key[length] == '.');
}

/* Removes lines that a line with the same key replaces, or clears. */
static void
lxcLinesRemove(GPtrArray *lines, const char *key, bool below)
{
    size_t i;

    for (i = lines->len; i > 0; i--) {
        const virLXCImportLXCLine *line = g_ptr_array_index(lines, i - 1);

        if (below ? lxcKeyIsBelow(line->key, key) : g_str_equal(line->key, key))
            g_ptr_array_remove_index(lines, (guint)i - 1);
    }
}

/* A key without a row that has keys below it, such as lxc.net or lxc.net.0, can
 * be used to clear them. */
static bool
lxcKeyCanClear(const char *key)
{
    size_t nrows = 0;
    const virLXCImportLXCKey *rows = virLXCImportLXCKeys(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (lxcKeyIsBelow(rows[i].name, key))
            return true;
    }
    return g_str_has_prefix(key, "lxc.net.");
}

/* Network keys that each line adds a value to. */
static bool
lxcNetKeyIsList(const char *key)
{
    static const char *const suffixes[] = {
        ".ipv4.address", ".ipv6.address", ".ipv4",      ".ipv6",
        ".ipv4.route",   ".ipv6.route",   ".tagged.id", NULL,
    };
    size_t i;

    for (i = 0; suffixes[i]; i++) {
        if (g_str_has_suffix(key, suffixes[i]))
            return true;
    }
    return false;
}

static bool
lxcKeyIsList(const virLXCImportLXCKey *row, const char *key)
{
    if (g_str_has_prefix(key, "lxc.net."))
        return lxcNetKeyIsList(key);
    return row->isList;
}

static int
lxcReadInclude(lxcReader *reader, const char *file, int line, const char *path,
               GError **error)
{
    g_auto(GStrv) paths = NULL;
    g_autoptr(GError) cause = NULL;
    size_t i;

    if (reader->depth >= VIR_LXC_IMPORT_LXC_DEPTH_MAX)
        return virLXCImportSetError(
            error, file, line, 0,
            _("files are included more than %1$d levels deep"),
            VIR_LXC_IMPORT_LXC_DEPTH_MAX);

    if (reader->files)
        paths = virLXCImportFilesList(reader->files, path, ".conf", &cause);
    if (!paths) {
        virLXCImportAdd(reader->import, true, file, line, LXC_INCLUDE,
                        _("the file is not included: %1$s"),
                        cause ? cause->message : _("files are not read"));
        return 0;
    }

    if (!paths[0])
        virLXCImportAdd(reader->import, false, file, line, LXC_INCLUDE,
                        _("there are no files to include in '%1$s'"), path);

    reader->depth++;
    for (i = 0; paths[i]; i++) {
        g_autofree char *text =
            virLXCImportFilesRead(reader->files, paths[i], &cause);

        if (!text)
            virLXCImportAdd(reader->import, true, file, line, LXC_INCLUDE,
                            _("the file is not included: %1$s"),
                            cause->message);
        else if (lxcReadText(reader, paths[i], text, error) < 0)
            return -1;
        g_clear_error(&cause);
    }
    reader->depth--;
    return 0;
}

static void
lxcReadAdd(lxcReader *reader, const virLXCImportLXCKey *row, const char *suffix,
           char *key, const char *written, const char *value, const char *file,
           int number)
{
    virLXCImportLXCLine *line = g_new0(virLXCImportLXCLine, 1);

    line->row = row;
    line->key = key;
    line->suffix = suffix;
    line->written = g_strdup(written);
    line->value = g_strdup(value);
    line->file = g_strdup(file);
    line->line = number;
    g_ptr_array_add(reader->lines, line);
}

static int
lxcReadKey(lxcReader *reader, const char *file, int line, const char *written,
           const char *value, GError **error)
{
    g_autofree char *key = virLXCImportLXCKeyCurrent(written, &reader->nets);
    const char *suffix = NULL;
    const virLXCImportLXCKey *row = lxcKeyFind(key, &suffix);

    if (++reader->count > VIR_LXC_IMPORT_LXC_LINES_MAX)
        return virLXCImportSetError(
            error, file, line, 0,
            _("the configuration has more than %1$d lines"),
            VIR_LXC_IMPORT_LXC_LINES_MAX);

    if (g_str_equal(key, LXC_INCLUDE))
        return value[0] ? lxcReadInclude(reader, file, line, value, error) : 0;

    if (value[0] == '\0' && (row || lxcKeyCanClear(key))) {
        lxcLinesRemove(reader->lines, key, true);
        return 0;
    }

    if (!row) {
        virLXCImportAdd(reader->import, true, file, line, written,
                        _("the key is not known"));
        return 0;
    }

    if (!lxcKeyIsList(row, key))
        lxcLinesRemove(reader->lines, key, false);
    lxcReadAdd(reader, row, suffix, key, written, value, file, line);
    g_steal_pointer(&key);
    return 0;
}

/* LXC removes quotation marks around a value. */
static char *
lxcValueUnquote(char *value)
{
    size_t length = strlen(value);

    if (length < 2 || (value[0] != '"' && value[0] != '\'') ||
        value[length - 1] != value[0])
        return value;

    value[length - 1] = '\0';
    return value + 1;
}

static int
lxcReadLine(lxcReader *reader, const char *file, int number, char *line,
            GError **error)
{
    size_t indent = strspn(line, " \t");
    char *text = g_strstrip(line);
    char *equals;

    if (text[0] == '\0' || text[0] == '#')
        return 0;

    if (!g_str_has_prefix(text, "lxc.")) {
        virLXCImportAdd(reader->import, false, file, number, text,
                        _("LXC ignores lines that do not begin with 'lxc.'"));
        return 0;
    }

    equals = strchr(text, '=');
    if (!equals)
        return virLXCImportSetError(error, file, number,
                                    indent + strlen(text) + 1,
                                    _("expected '=' after '%1$s'"), text);

    *equals = '\0';
    return lxcReadKey(reader, file, number, g_strchomp(text),
                      lxcValueUnquote(g_strstrip(equals + 1)), error);
}

static int
lxcReadText(lxcReader *reader, const char *file, char *text, GError **error)
{
    int number = 1;
    char *line;
    char *next;

    for (line = text; line; line = next, number++) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        if (lxcReadLine(reader, file, number, line, error) < 0)
            return -1;
    }
    return 0;
}

GPtrArray *
virLXCImportLXCRead(virLXCImport *import, const virLXCImportSource *source,
                    GError **error)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(lxcLineFree);
    g_autofree char *text = g_strndup(source->text, source->length);
    lxcReader reader = {
        .import = import,
        .files = source->files,
        .lines = lines,
    };

    if (lxcReadText(&reader, source->file, text, error) < 0)
        return NULL;

    return g_steal_pointer(&lines);
}
