/*
 * landlock_parse.c: <landlock> read from XML
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse. In: the <landlock> element. Out: a virLXCLandlockDef.
 */

#include "landlock_conf.h"

#include <string.h>

#include "i18n.h"
#include "number.h"
#include "landlock_allow.h"
#include "xml.h"

const char *const *
virLXCLandlockModeNames(void)
{
    static const char *const names[] = {
        [VIR_LXC_LANDLOCK_REQUIRED] = "required",
        [VIR_LXC_LANDLOCK_BEST_EFFORT] = "best-effort",
        [VIR_LXC_LANDLOCK_BEST_EFFORT + 1] = NULL,
    };

    return names;
}

static char *
lxcLandlockParseTarget(const virLXCLandlockDef *def, const xmlNode *node,
                       GError **error)
{
    g_autofree char *target = virLXCXMLRequireAttribute(node, "target", error);

    if (!target)
        return NULL;

    if (target[0] != '/') {
        virLXCXMLSetValueError(node, "target", error, _("an absolute path"));
        return NULL;
    }

    if (virLXCLandlockDefFindPath(def, target)) {
        virLXCXMLSetError(node, error, _("path '%1$s' is listed twice in <fs>"),
                          target);
        return NULL;
    }

    return g_steal_pointer(&target);
}

static int
lxcLandlockParsePath(void *opaque, const xmlNode *node, GError **error)
{
    virLXCLandlockDef *def = opaque;
    static const char *const attributes[] = {"target", "allow", "missing",
                                             NULL};
    static const char *const missing[] = {"error", "skip", NULL};
    g_auto(virLXCLandlockAllow) allow = {0};
    g_autoptr(virLXCLandlockPath) path = g_new0(virLXCLandlockPath, 1);
    unsigned int skip = 0;

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLCheckEmpty(node, error) < 0 ||
        !(path->target = lxcLandlockParseTarget(def, node, error)) ||
        virLXCLandlockAllowParse(node, VIR_LXC_LANDLOCK_FS, 0, &allow, error) <
            0 ||
        virLXCXMLGetEnum(node, "missing", missing, &skip, error) < 0)
        return -1;

    path->words = g_steal_pointer(&allow.words);
    path->allow = allow.rights;
    path->exact = allow.exact;
    path->skipMissing = skip;
    path->line = (int)xmlGetLineNo(node);
    virLXCLandlockDefAddPath(def, g_steal_pointer(&path));
    return 0;
}

static int
lxcLandlockParsePortName(const virLXCLandlockDef *def, const xmlNode *node,
                         virLXCLandlockPort *port, GError **error)
{
    g_autofree char *text = virLXCXMLRequireAttribute(node, "protocol", error);
    unsigned int protocol = 0;

    if (!text ||
        virLXCXMLGetEnum(node, "protocol", virLXCLandlockProtocolNames(),
                         &protocol, error) < 0 ||
        virLXCXMLRequireNumber(node, "number", G_MAXUINT16, &port->number,
                               error) < 0)
        return -1;
    port->protocol = protocol;

    if (!virLXCLandlockDefFindPort(def, port->protocol, port->number))
        return 0;

    return virLXCXMLSetError(node, error,
                             _("port '%1$s %2$u' is listed twice in <net>"),
                             text, port->number);
}

static int
lxcLandlockParsePort(void *opaque, const xmlNode *node, GError **error)
{
    virLXCLandlockDef *def = opaque;
    static const char *const attributes[] = {"protocol", "number", "allow",
                                             NULL};
    g_auto(virLXCLandlockAllow) allow = {0};
    g_autoptr(virLXCLandlockPort) port = g_new0(virLXCLandlockPort, 1);

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLCheckEmpty(node, error) < 0 ||
        lxcLandlockParsePortName(def, node, port, error) < 0 ||
        virLXCLandlockAllowParse(node, VIR_LXC_LANDLOCK_NET, port->protocol,
                                 &allow, error) < 0)
        return -1;

    port->words = g_steal_pointer(&allow.words);
    port->allow = allow.rights;
    port->line = (int)xmlGetLineNo(node);
    virLXCLandlockDefAddPort(def, g_steal_pointer(&port));
    return 0;
}

/* <fs> or <net>: no attributes, and children of one kind. */
static int
lxcLandlockParseRules(virLXCLandlockDef *def, const xmlNode *node, bool again,
                      const virLXCXMLElement *elements, GError **error)
{
    static const char *const none[] = {NULL};

    if (again)
        return virLXCXMLSetRepeated(node, error);

    if (virLXCXMLCheckAttributes(node, none, error) < 0 ||
        virLXCXMLCheckNoText(node, error) < 0)
        return -1;

    return virLXCXMLParseChildren(node, elements, def, error);
}

static int
lxcLandlockParseFS(void *opaque, const xmlNode *node, GError **error)
{
    virLXCLandlockDef *def = opaque;
    static const virLXCXMLElement elements[] = {
        {"path", lxcLandlockParsePath},
        {NULL, NULL},
    };
    bool again = def->hasFS;

    def->hasFS = true;
    return lxcLandlockParseRules(def, node, again, elements, error);
}

static int
lxcLandlockParseNet(void *opaque, const xmlNode *node, GError **error)
{
    virLXCLandlockDef *def = opaque;
    static const virLXCXMLElement elements[] = {
        {"port", lxcLandlockParsePort},
        {NULL, NULL},
    };
    bool again = def->hasNet;

    def->hasNet = true;
    def->netLine = (int)xmlGetLineNo(node);
    return lxcLandlockParseRules(def, node, again, elements, error);
}

/* The names of all rights of a kind, as attributes. */
static const char **
lxcLandlockKindNames(virLXCLandlockKind kind)
{
    size_t nrows = 0;
    const virLXCLandlockRight *rows = virLXCLandlockTable(&nrows);
    const char **names = g_new0(const char *, nrows + 1);
    size_t n = 0;
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (rows[i].kind == kind)
            names[n++] = rows[i].name;
    }

    return names;
}

static int
lxcLandlockParseScope(void *opaque, const xmlNode *node, GError **error)
{
    virLXCLandlockDef *def = opaque;
    g_autofree const char **names =
        lxcLandlockKindNames(VIR_LXC_LANDLOCK_SCOPE);
    size_t i;

    if (def->hasScope)
        return virLXCXMLSetRepeated(node, error);

    if (virLXCXMLCheckAttributes(node, names, error) < 0 ||
        virLXCXMLCheckEmpty(node, error) < 0)
        return -1;

    for (i = 0; names[i]; i++) {
        bool on = true;

        if (virLXCXMLGetSwitch(node, names[i], &on, error) < 0)
            return -1;
        if (on)
            def->scope |= virLXCLandlockRightByName(names[i])->bit;
    }

    def->hasScope = true;
    def->scopeLine = (int)xmlGetLineNo(node);
    if (def->scope)
        return 0;

    return virLXCXMLSetContradiction(
        node, error,
        _("<scope> restricts nothing: all its attributes are 'off'"));
}

/* From 1 on: every ABI has a right. */
static int
lxcLandlockParseABI(const xmlNode *node, unsigned int *abi, GError **error)
{
    g_autofree char *text = virLXCXMLRequireAttribute(node, "abi", error);
    unsigned int n = 0;

    if (!text)
        return -1;

    if (virLXCNumberFromString(text, VIR_LXC_LANDLOCK_ABI_MAX, &n) && n > 0) {
        *abi = n;
        return 0;
    }

    if (text[0] > '0' && strspn(text, "0123456789") == strlen(text))
        return virLXCXMLSetError(
            node, error,
            _("Landlock ABI %1$s in attribute 'abi' of <%2$s> is newer than "
              "%3$d, the newest known"),
            text, (const char *)node->name, VIR_LXC_LANDLOCK_ABI_MAX);

    return virLXCXMLSetValueError(node, "abi", error,
                                  _("a decimal number from 1 to %1$d"),
                                  VIR_LXC_LANDLOCK_ABI_MAX);
}

static int
lxcLandlockParseLost(const xmlNode *node, guint64 *lost, GError **error)
{
    g_auto(GStrv) words = virLXCXMLGetWords(node, "lost");
    size_t i;

    for (i = 0; words && words[i]; i++) {
        const virLXCLandlockRight *row = virLXCLandlockRightByName(words[i]);

        if (!row)
            return virLXCXMLSetError(node, error,
                                     _("unknown Landlock right '%1$s' in "
                                       "attribute 'lost' of <effective>"),
                                     words[i]);
        lost[row->kind] |= row->bit;
    }

    return 0;
}

static int
lxcLandlockParseEffective(void *opaque, const xmlNode *node, GError **error)
{
    virLXCLandlockDef *def = opaque;
    static const char *const attributes[] = {"abi", "lost", NULL};
    g_autofree virLXCLandlockEffective *effective =
        g_new0(virLXCLandlockEffective, 1);

    if (def->effective)
        return virLXCXMLSetRepeated(node, error);

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLCheckEmpty(node, error) < 0 ||
        lxcLandlockParseABI(node, &effective->abi, error) < 0 ||
        lxcLandlockParseLost(node, effective->lost, error) < 0)
        return -1;

    def->effective = g_steal_pointer(&effective);
    return 0;
}

static int
lxcLandlockParseAttributes(virLXCLandlockDef *def, const xmlNode *node,
                           GError **error)
{
    static const char *const attributes[] = {"mode", "abi", "log", NULL};
    unsigned int mode = VIR_LXC_LANDLOCK_REQUIRED;
    g_autofree char *abi = virLXCXMLGetAttribute(node, "abi");

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLGetEnum(node, "mode", virLXCLandlockModeNames(), &mode,
                         error) < 0 ||
        (abi && lxcLandlockParseABI(node, &def->abi, error) < 0) ||
        virLXCXMLGetSwitch(node, "log", &def->log, error) < 0)
        return -1;

    def->mode = mode;
    def->line = (int)xmlGetLineNo(node);
    return 0;
}

static int
lxcLandlockCheckParts(const virLXCLandlockDef *def, const xmlNode *node,
                      GError **error)
{
    if (def->hasFS || def->hasNet || def->hasScope)
        return 0;

    return virLXCXMLSetError(
        node, error,
        _("<landlock> restricts nothing: it has none of <fs>, <net>, <scope>"));
}

virLXCLandlockDef *
virLXCLandlockDefParse(xmlNode *node, bool live, GError **error)
{
    const virLXCXMLElement elements[] = {
        {"fs", lxcLandlockParseFS},
        {"net", lxcLandlockParseNet},
        {"scope", lxcLandlockParseScope},
        {"effective", live ? lxcLandlockParseEffective : NULL},
        {NULL, NULL},
    };
    g_autoptr(virLXCLandlockDef) def = virLXCLandlockDefNew();

    if (lxcLandlockParseAttributes(def, node, error) < 0 ||
        virLXCXMLCheckNoText(node, error) < 0 ||
        virLXCXMLParseChildren(node, elements, def, error) < 0 ||
        lxcLandlockCheckParts(def, node, error) < 0 ||
        (def->abi && virLXCLandlockDefCheckABI(def, def->abi, error) < 0))
        return NULL;

    return g_steal_pointer(&def);
}
