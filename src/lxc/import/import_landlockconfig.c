/*
 * import_landlockconfig.c: JSON of landlockconfig
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the JSON that landlockconfig's schema describes. Out: <landlock>. Rights
 * that a rule allows are handled, as landlockconfig does.
 */

#include <limits.h>
#include <string.h>

#include "i18n.h"
#include "import_landlock.h"

#define FS VIR_LXC_LANDLOCK_FS
#define NET VIR_LXC_LANDLOCK_NET
#define SCOPE VIR_LXC_LANDLOCK_SCOPE

/* What is known while the rules are read. @variables maps names to arrays of
 * values, which belong to the document. */
typedef struct {
    virLXCImport *import;
    const virLXCImportSource *source;
    virLXCImportRuleset ruleset;
    unsigned int abi;
    GHashTable *variables;
    unsigned int paths;
} lxcLandlockReader;

/* The kinds of rights in a list, and the words that stand for several: all of
 * the ABI, or all of the ABI except those that @without has. */
static const struct {
    virLXCLandlockKind kind;
    const char *word;
    const char *without;
    const char *only;
} lxcABIWords[] = {
    {FS, "abi.all", NULL, NULL},
    {FS, "abi.read_write", "execute", NULL},
    {FS, "abi.read_execute", NULL, "execute read_file read_dir refer"},
    {NET, "abi.all", NULL, NULL},
    {SCOPE, "abi.all", NULL, NULL},
};

static guint64
lxcNamedRights(virLXCLandlockKind kind, const char *names)
{
    g_auto(GStrv) words = g_strsplit(names ? names : "", " ", -1);
    guint64 bits = 0;
    size_t i;

    for (i = 0; words[i]; i++) {
        const virLXCLandlockRight *row = virLXCLandlockRightByName(words[i]);

        if (row && row->kind == kind)
            bits |= row->bit;
    }
    return bits;
}

/* Adds the rights of a word that depends on the ABI. Returns whether it is one.
 */
static bool
lxcABIWordRights(virLXCLandlockKind kind, const char *word, unsigned int abi,
                 guint64 *rights)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcABIWords); i++) {
        guint64 all = virLXCLandlockRights(kind, abi);

        if (lxcABIWords[i].kind != kind ||
            !g_str_equal(lxcABIWords[i].word, word))
            continue;
        if (lxcABIWords[i].only)
            all &= lxcNamedRights(kind, lxcABIWords[i].only);
        *rights |= all & ~lxcNamedRights(kind, lxcABIWords[i].without);
        return true;
    }
    return false;
}

static int
lxcRightParse(const lxcLandlockReader *reader, virLXCLandlockKind kind,
              const virLXCJSON *value, guint64 *rights, GError **error)
{
    const char *word = virLXCJSONGetString(value, error);
    g_autofree char *name = g_strdup(word);
    const virLXCLandlockRight *row;

    if (!word)
        return -1;

    if (lxcABIWordRights(kind, word, MAX(reader->abi, 1), rights)) {
        if (reader->abi > 0)
            return 0;
        return virLXCJSONSetError(value, error, _("'%1$s' requires '%2$s'"),
                                  word, "abi");
    }

    if (kind == SCOPE)
        g_strdelimit(name, "_", '-');
    row = virLXCLandlockRightByName(name);
    if (row && row->kind == kind) {
        *rights |= row->bit;
        return 0;
    }

    return virLXCJSONSetError(value, error, _("unknown Landlock right '%1$s'"),
                              word);
}

/* Parses a list that must not be empty. */
static int
lxcRightsParse(const lxcLandlockReader *reader, virLXCLandlockKind kind,
               const virLXCJSON *object, const char *name, bool required,
               guint64 *rights, GError **error)
{
    const GPtrArray *values = NULL;
    size_t i;

    if ((required && !virLXCJSONRequire(object, name, error)) ||
        virLXCJSONGetList(object, name, &values, error) < 0)
        return -1;

    if (values && values->len == 0)
        return virLXCJSONSetError(virLXCJSONGet(object, name), error,
                                  _("the list is empty"));

    for (i = 0; values && i < values->len; i++) {
        if (lxcRightParse(reader, kind, g_ptr_array_index(values, i), rights,
                          error) < 0)
            return -1;
    }
    return 0;
}

static int
lxcRulesetParse(lxcLandlockReader *reader, const virLXCJSON *value,
                GError **error)
{
    static const char *const members[] = {"handledAccessFs", "handledAccessNet",
                                          "scoped", NULL};
    guint64 *handled = reader->ruleset.handled;

    if (virLXCJSONCheckMembers(value, members, error) < 0 ||
        lxcRightsParse(reader, FS, value, members[0], false, &handled[FS],
                       error) < 0 ||
        lxcRightsParse(reader, NET, value, members[1], false, &handled[NET],
                       error) < 0)
        return -1;

    return lxcRightsParse(reader, SCOPE, value, members[2], false,
                          &handled[SCOPE], error);
}

static bool
lxcVariableNameIsValid(const char *name)
{
    return g_ascii_isalpha(name[0]) &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        "0123456789_") == strlen(name);
}

static int
lxcVariableParse(lxcLandlockReader *reader, const virLXCJSON *value,
                 GError **error)
{
    static const char *const members[] = {"name", "literal", NULL};
    const virLXCJSON *name = NULL;
    const GPtrArray *literals = NULL;
    GPtrArray *all;
    size_t i;

    if (virLXCJSONCheckMembers(value, members, error) < 0 ||
        !(name = virLXCJSONRequire(value, "name", error)) ||
        !virLXCJSONGetString(name, error) ||
        virLXCJSONGetList(value, "literal", &literals, error) < 0)
        return -1;

    if (!lxcVariableNameIsValid(name->text))
        return virLXCJSONSetError(name, error,
                                  _("'%1$s' is not a valid name of a variable"),
                                  name->text);

    all = g_hash_table_lookup(reader->variables, name->text);
    if (!all) {
        all = g_ptr_array_new();
        g_hash_table_insert(reader->variables, name->text, all);
    }
    for (i = 0; literals && i < literals->len; i++) {
        virLXCJSON *literal = g_ptr_array_index(literals, i);

        if (!virLXCJSONGetString(literal, error))
            return -1;
        g_ptr_array_add(all, literal->text);
    }
    return 0;
}

static void
lxcPathAdd(lxcLandlockReader *reader, const virLXCJSON *value, const char *path,
           guint64 allow)
{
    if (path[0] == '/') {
        virLXCImportRulesetAddPath(&reader->ruleset, path, allow, value->line);
        return;
    }

    virLXCImportAddJSON(reader->import, true, reader->source->file, value,
                        _("'%1$s' is not an absolute path, so nothing below "
                          "it is allowed"),
                        path);
}

/* Bounds the number and length of paths that variables can make. */
static int
lxcPathCheck(lxcLandlockReader *reader, const virLXCJSON *value,
             const char *before, GError **error)
{
    if (++reader->paths > VIR_LXC_IMPORT_LANDLOCK_RULES_MAX)
        return virLXCJSONSetError(value, error,
                                  _("there are more than %1$d paths"),
                                  VIR_LXC_IMPORT_LANDLOCK_RULES_MAX);

    if (strlen(before) < PATH_MAX)
        return 0;
    return virLXCJSONSetError(
        value, error, _("the path is longer than %1$d bytes"), PATH_MAX - 1);
}

/* Appends @text to @before and adds the path for each combination of values of
 * the variables in @text. "$$" stands for "$". */
static int
lxcPathExpand(lxcLandlockReader *reader, const virLXCJSON *value,
              const char *before, const char *text, guint64 allow,
              GError **error)
{
    g_autoptr(GString) path = g_string_new(before);
    g_autofree char *name = NULL;
    const GPtrArray *values;
    const char *end;
    size_t i;

    if (lxcPathCheck(reader, value, before, error) < 0)
        return -1;

    while (*text && !g_str_has_prefix(text, "${")) {
        g_string_append_c(path, *text);
        text += g_str_has_prefix(text, "$$") ? 2 : 1;
    }
    if (!*text) {
        lxcPathAdd(reader, value, path->str, allow);
        return 0;
    }

    end = strchr(text, '}');
    name = end ? g_strndup(text + 2, end - text - 2) : NULL;
    values = name ? g_hash_table_lookup(reader->variables, name) : NULL;
    if (!values)
        return virLXCJSONSetError(value, error,
                                  _("there is no variable for '%1$s'"), text);

    for (i = 0; i < values->len; i++) {
        g_autofree char *start =
            g_strconcat(path->str, g_ptr_array_index(values, i), NULL);

        if (lxcPathExpand(reader, value, start, end + 1, allow, error) < 0)
            return -1;
    }
    return 0;
}

/* Gets the values of a list that must not be empty. */
static int
lxcListRequire(const virLXCJSON *object, const char *name,
               const GPtrArray **values, GError **error)
{
    const virLXCJSON *list = virLXCJSONRequire(object, name, error);

    if (!list || virLXCJSONGetList(object, name, values, error) < 0)
        return -1;

    if ((*values)->len > 0)
        return 0;
    return virLXCJSONSetError(list, error, _("the list is empty"));
}

static int
lxcPathBeneathParse(lxcLandlockReader *reader, const virLXCJSON *value,
                    GError **error)
{
    static const char *const members[] = {"allowedAccess", "parent", NULL};
    const GPtrArray *parents = NULL;
    guint64 allow = 0;
    size_t i;

    if (virLXCJSONCheckMembers(value, members, error) < 0 ||
        lxcRightsParse(reader, FS, value, "allowedAccess", true, &allow,
                       error) < 0 ||
        lxcListRequire(value, "parent", &parents, error) < 0)
        return -1;

    reader->ruleset.handled[FS] |= allow;
    for (i = 0; i < parents->len; i++) {
        const virLXCJSON *parent = g_ptr_array_index(parents, i);

        if (!virLXCJSONGetString(parent, error) ||
            lxcPathExpand(reader, parent, "", parent->text, allow, error) < 0)
            return -1;
    }
    return 0;
}

static int
lxcNetPortParse(lxcLandlockReader *reader, const virLXCJSON *value,
                GError **error)
{
    static const char *const members[] = {"allowedAccess", "port", NULL};
    const GPtrArray *ports = NULL;
    guint64 allow = 0;
    size_t i;

    if (virLXCJSONCheckMembers(value, members, error) < 0 ||
        lxcRightsParse(reader, NET, value, "allowedAccess", true, &allow,
                       error) < 0 ||
        lxcListRequire(value, "port", &ports, error) < 0)
        return -1;

    reader->ruleset.handled[NET] |= allow;
    for (i = 0; i < ports->len; i++) {
        guint64 number = 0;

        if (virLXCJSONGetUnsigned(g_ptr_array_index(ports, i), G_MAXUINT16,
                                  &number, error) < 0)
            return -1;
        reader->ruleset.ports[number] |= (guint8)allow;
    }
    return 0;
}

static int
lxcEach(lxcLandlockReader *reader, const virLXCJSON *root, const char *name,
        int (*parse)(lxcLandlockReader *, const virLXCJSON *, GError **),
        GError **error)
{
    const GPtrArray *values = NULL;
    size_t i;

    if (virLXCJSONGetList(root, name, &values, error) < 0)
        return -1;

    for (i = 0; values && i < values->len; i++) {
        if (parse(reader, g_ptr_array_index(values, i), error) < 0)
            return -1;
    }
    return 0;
}

static int
lxcABIParse(lxcLandlockReader *reader, const virLXCJSON *root, GError **error)
{
    const virLXCJSON *abi = virLXCJSONGet(root, "abi");
    guint64 number = 0;

    if (!abi)
        return 0;

    if (virLXCJSONGetUnsigned(abi, G_MAXINT32, &number, error) < 0)
        return -1;

    reader->abi = (unsigned int)number;
    if (number > 0 && number <= VIR_LXC_LANDLOCK_ABI_MAX)
        return 0;

    return virLXCJSONSetError(abi, error,
                              _("Landlock ABI %1$s is not known: expected a "
                                "number from 1 to %2$d"),
                              abi->text, VIR_LXC_LANDLOCK_ABI_MAX);
}

static int
lxcLandlockParse(lxcLandlockReader *reader, const virLXCJSON *root,
                 GError **error)
{
    static const char *const members[] = {"abi",         "variable", "ruleset",
                                          "pathBeneath", "netPort",  NULL};

    if (virLXCJSONCheckMembers(root, members, error) < 0 ||
        lxcABIParse(reader, root, error) < 0 ||
        lxcEach(reader, root, "variable", lxcVariableParse, error) < 0 ||
        lxcEach(reader, root, "ruleset", lxcRulesetParse, error) < 0 ||
        lxcEach(reader, root, "pathBeneath", lxcPathBeneathParse, error) < 0 ||
        lxcEach(reader, root, "netPort", lxcNetPortParse, error) < 0)
        return -1;

    if (reader->ruleset.handled[FS] || reader->ruleset.handled[NET] ||
        reader->ruleset.handled[SCOPE])
        return 0;

    return virLXCJSONSetError(root, error,
                              _("the document does not restrict anything"));
}

int
virLXCImportLandlockConfig(virLXCImport *import,
                           const virLXCImportSource *source, GError **error)
{
    g_autoptr(virLXCJSON) root = virLXCImportJSON(source, error);
    g_autoptr(GHashTable) variables = g_hash_table_new_full(
        g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    lxcLandlockReader reader = {
        .import = import, .source = source, .variables = variables};
    int result;

    if (!root)
        return -1;

    virLXCImportRulesetInit(&reader.ruleset);
    reader.ruleset.line = root->line;
    reader.ruleset.bestEffort = true;
    reader.ruleset.skipMissing = true;
    result = lxcLandlockParse(&reader, root, error);
    if (result == 0)
        virLXCImportRulesetFinish(import, source, &reader.ruleset);
    virLXCImportRulesetClear(&reader.ruleset);
    return result;
}
