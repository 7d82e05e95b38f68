/*
 * import_detect.c: what format a policy has
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the text. Out: its format, as told by members that only one format has,
 * or by the first lines.
 */

#include "import_detect.h"

#include <string.h>

#include "error.h"
#include "i18n.h"
#include "import_private.h"

static const struct {
    const char *member;
    virLXCImportKind kind;
} lxcMembers[] = {
    {"ociVersion", VIR_LXC_IMPORT_OCI_CONFIG},
    {"process", VIR_LXC_IMPORT_OCI_CONFIG},
    {"linux", VIR_LXC_IMPORT_OCI_CONFIG},
    {"defaultAction", VIR_LXC_IMPORT_OCI_SECCOMP},
    {"syscalls", VIR_LXC_IMPORT_OCI_SECCOMP},
    {"ruleset", VIR_LXC_IMPORT_LANDLOCKCONFIG},
    {"pathBeneath", VIR_LXC_IMPORT_LANDLOCKCONFIG},
    {"netPort", VIR_LXC_IMPORT_LANDLOCKCONFIG},
    {"variable", VIR_LXC_IMPORT_LANDLOCKCONFIG},
};

static int
lxcDetectUnknown(const virLXCImportSource *source, GError **error)
{
    return virLXCSetError(
        error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
        _("the format of '%1$s' is not known: specify it with --from"),
        source->file);
}

static int
lxcDetectJSON(const virLXCImportSource *source, virLXCImportKind *kind,
              GError **error)
{
    g_autoptr(virLXCJSON) root = virLXCImportJSON(source, error);
    size_t i;

    if (!root)
        return -1;

    for (i = 0; i < G_N_ELEMENTS(lxcMembers); i++) {
        if (virLXCJSONFind(root, lxcMembers[i].member)) {
            *kind = lxcMembers[i].kind;
            return 0;
        }
    }

    return lxcDetectUnknown(source, error);
}

/* Whether the line is a table of TOML, or a key of landlockconfig in TOML. */
static bool
lxcLineIsTOML(const char *line)
{
    size_t name = strspn(line, "abcdefghijklmnopqrstuvwxyz_");

    return g_str_has_prefix(line, "[[") ||
           (name > 0 && line[name + strspn(line + name, " \t")] == '=');
}

/* Skips blank lines and comments. */
static const char *
lxcLineNext(char **lines, size_t *i)
{
    for (; lines[*i]; (*i)++) {
        const char *line = g_strstrip(lines[*i]);

        if (line[0] && line[0] != '#')
            return lines[(*i)++];
    }

    return NULL;
}

static bool
lxcLineIsList(const char *line)
{
    static const char *const words[] = {"allowlist", "denylist", "whitelist",
                                        "blacklist"};
    size_t i;

    for (i = 0; line && i < G_N_ELEMENTS(words); i++) {
        if (g_str_has_prefix(line, words[i]))
            return true;
    }

    return false;
}

static int
lxcDetectText(const virLXCImportSource *source, virLXCImportKind *kind,
              GError **error)
{
    g_autofree char *text = g_strndup(source->text, source->length);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    size_t i = 0;
    const char *first = lxcLineNext(lines, &i);

    if (first && strspn(first, "0123456789") == strlen(first) &&
        lxcLineIsList(lxcLineNext(lines, &i))) {
        *kind = VIR_LXC_IMPORT_LXC_SECCOMP;
        return 0;
    }

    if (first && lxcLineIsTOML(first))
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
            _("'%1$s' looks like TOML, which is not supported: convert it to "
              "JSON"),
            source->file);

    for (; first; first = lxcLineNext(lines, &i)) {
        if (g_str_has_prefix(first, "lxc.")) {
            *kind = VIR_LXC_IMPORT_LXC_CONFIG;
            return 0;
        }
    }

    return lxcDetectUnknown(source, error);
}

int
virLXCImportDetect(const virLXCImportSource *source, virLXCImportKind *kind,
                   GError **error)
{
    size_t i = 0;

    while (i < source->length && g_ascii_isspace(source->text[i]))
        i++;
    if (i < source->length && source->text[i] == '{')
        return lxcDetectJSON(source, kind, error);

    return lxcDetectText(source, kind, error);
}
