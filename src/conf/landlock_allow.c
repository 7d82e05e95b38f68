/*
 * landlock_allow.c: the attribute 'allow' of <path> and <port>
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse. In: an element. Out: the rights that the words of its attribute
 * stand for, by their own names or by those of their groups.
 */

#include "landlock_allow.h"

#include "i18n.h"
#include "xml.h"

void
virLXCLandlockAllowClear(virLXCLandlockAllow *allow)
{
    g_clear_pointer(&allow->words, g_free);
}

static int
lxcLandlockCheckWords(const xmlNode *node, char **words, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i;

    if (!words[0])
        return virLXCXMLSetError(node, error,
                                 _("attribute 'allow' of <%1$s> is empty"),
                                 (const char *)node->name);

    for (i = 0; words[i]; i++) {
        if (g_hash_table_add(seen, words[i]))
            continue;
        return virLXCXMLSetError(
            node, error,
            _("'%1$s' is listed twice in attribute 'allow' of <%2$s>"),
            words[i], (const char *)node->name);
    }

    return 0;
}

static bool
lxcLandlockIsAbout(const virLXCLandlockRight *row, virLXCLandlockKind kind,
                   virLXCLandlockProtocol protocol)
{
    return row->kind == kind &&
           (kind != VIR_LXC_LANDLOCK_NET || row->protocol == protocol);
}

/* A word that matches no row, or only rows of another kind or protocol. */
static int
lxcLandlockSetBadWord(const xmlNode *node, const char *word, bool elsewhere,
                      GError **error)
{
    if (elsewhere)
        return virLXCXMLSetError(node, error,
                                 _("Landlock right '%1$s' in attribute 'allow' "
                                   "does not apply to this <%2$s>"),
                                 word, (const char *)node->name);

    return virLXCXMLSetError(
        node, error,
        _("unknown Landlock right '%1$s' in attribute 'allow' of <%2$s>"), word,
        (const char *)node->name);
}

static int
lxcLandlockAddWord(const xmlNode *node, virLXCLandlockKind kind,
                   virLXCLandlockProtocol protocol, const char *word,
                   virLXCLandlockAllow *allow, GError **error)
{
    size_t nrows = 0;
    const virLXCLandlockRight *rows = virLXCLandlockTable(&nrows);
    bool elsewhere = false;
    guint64 rights = 0;
    size_t i;

    for (i = 0; i < nrows; i++) {
        bool exact = g_str_equal(rows[i].name, word);

        if (!exact && g_strcmp0(rows[i].group, word) != 0)
            continue;
        if (!lxcLandlockIsAbout(&rows[i], kind, protocol)) {
            elsewhere = true;
            continue;
        }
        rights |= rows[i].bit;
        if (exact)
            allow->exact |= rows[i].bit;
    }

    if (rights == 0)
        return lxcLandlockSetBadWord(node, word, elsewhere, error);

    allow->rights |= rights;
    return 0;
}

int
virLXCLandlockAllowParse(const xmlNode *node, virLXCLandlockKind kind,
                         virLXCLandlockProtocol protocol,
                         virLXCLandlockAllow *allow, GError **error)
{
    g_autofree char *text = virLXCXMLRequireAttribute(node, "allow", error);
    g_auto(GStrv) words = text ? virLXCXMLGetWords(node, "allow") : NULL;
    virLXCLandlockAllow parsed = {0};
    size_t i;

    if (!words || lxcLandlockCheckWords(node, words, error) < 0)
        return -1;

    for (i = 0; words[i]; i++) {
        if (lxcLandlockAddWord(node, kind, protocol, words[i], &parsed, error) <
            0)
            return -1;
    }

    parsed.words = g_strjoinv(" ", words);
    *allow = parsed;
    return 0;
}
