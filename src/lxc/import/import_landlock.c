/*
 * import_landlock.c: Landlock rulesets as <landlock>
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the rights that a ruleset handles and allows. Out: <landlock>.
 */

#include "import_landlock.h"

#include "i18n.h"

void
virLXCImportRulesetInit(virLXCImportRuleset *ruleset)
{
    *ruleset = (virLXCImportRuleset){0};
    ruleset->paths =
        g_ptr_array_new_with_free_func((GDestroyNotify)virLXCLandlockPathFree);
    ruleset->byTarget = g_hash_table_new(g_str_hash, g_str_equal);
    ruleset->ports = g_new0(guint8, VIR_LXC_IMPORT_PORTS);
}

void
virLXCImportRulesetClear(virLXCImportRuleset *ruleset)
{
    if (ruleset->byTarget)
        g_hash_table_unref(ruleset->byTarget);
    if (ruleset->paths)
        g_ptr_array_unref(ruleset->paths);
    g_free(ruleset->ports);
    *ruleset = (virLXCImportRuleset){0};
}

void
virLXCImportRulesetAddPath(virLXCImportRuleset *ruleset, const char *target,
                           guint64 allow, int line)
{
    virLXCLandlockPath *path = g_hash_table_lookup(ruleset->byTarget, target);

    if (!path) {
        path = g_new0(virLXCLandlockPath, 1);
        path->target = g_strdup(target);
        path->line = line;
        path->skipMissing = ruleset->skipMissing;
        g_ptr_array_add(ruleset->paths, path);
        g_hash_table_insert(ruleset->byTarget, path->target, path);
    }
    path->allow |= allow;
}

static guint64
lxcGroupRights(const char *group, virLXCLandlockKind kind,
               virLXCLandlockProtocol protocol, unsigned int abi)
{
    size_t nrows = 0;
    const virLXCLandlockRight *rows = virLXCLandlockTable(&nrows);
    guint64 rights = 0;
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (rows[i].kind == kind && rows[i].abi <= abi &&
            (kind != VIR_LXC_LANDLOCK_NET || rows[i].protocol == protocol) &&
            g_strcmp0(rows[i].group, group) == 0)
            rights |= rows[i].bit;
    }
    return rights;
}

/* Returns words for @allow: groups that are allowed completely, since those can
 * be given to files and directories alike; and other rights by name. */
static char *
lxcAllowWords(guint64 allow, virLXCLandlockKind kind,
              virLXCLandlockProtocol protocol, unsigned int abi)
{
    size_t nrows = 0;
    const virLXCLandlockRight *rows = virLXCLandlockTable(&nrows);
    GString *words = g_string_new(NULL);
    guint64 written = 0;
    size_t i;

    for (i = 0; i < nrows; i++) {
        guint64 group = 0;
        const char *word = rows[i].name;

        if (rows[i].kind != kind || !(rows[i].bit & allow & ~written) ||
            (kind == VIR_LXC_LANDLOCK_NET && rows[i].protocol != protocol))
            continue;
        if (rows[i].group)
            group = lxcGroupRights(rows[i].group, kind, protocol, abi);
        if (group && (group & ~allow) == 0)
            word = rows[i].group;
        else
            group = rows[i].bit;
        written |= group;
        g_string_append_printf(words, "%s%s", words->len > 0 ? " " : "", word);
    }

    return g_string_free(words, FALSE);
}

/* Returns the oldest ABI that has all handled rights. */
static unsigned int
lxcRulesetABI(const virLXCImportRuleset *ruleset)
{
    unsigned int abi = 1;
    size_t kind;

    for (kind = 0; kind < VIR_LXC_LANDLOCK_RESTRICT; kind++) {
        while (ruleset->handled[kind] & ~virLXCLandlockRights(kind, abi))
            abi++;
    }
    return abi;
}

static void
lxcLandlockAddPath(virLXCLandlockDef *def, const char *target, guint64 allow,
                   bool skipMissing)
{
    virLXCLandlockPath *path = g_new0(virLXCLandlockPath, 1);

    path->target = g_strdup(target);
    path->allow = allow;
    path->words = lxcAllowWords(allow, VIR_LXC_LANDLOCK_FS, 0, def->abi);
    path->skipMissing = skipMissing;
    virLXCLandlockDefAddPath(def, path);
}

/* The kernel denies 'refer' even if it is not handled. */
static void
lxcLandlockSetFS(virLXCLandlockDef *def, const virLXCImportRuleset *ruleset)
{
    guint64 handled = ruleset->handled[VIR_LXC_LANDLOCK_FS];
    guint64 free = virLXCLandlockRights(VIR_LXC_LANDLOCK_FS, def->abi) &
                   ~handled & ~virLXCLandlockRightByName("refer")->bit;
    const virLXCLandlockPath *root =
        g_hash_table_lookup(ruleset->byTarget, "/");
    size_t i;

    if (!handled)
        return;

    def->hasFS = true;
    if (free && !root)
        lxcLandlockAddPath(def, "/", free, false);
    for (i = 0; i < ruleset->paths->len; i++) {
        const virLXCLandlockPath *path = g_ptr_array_index(ruleset->paths, i);

        lxcLandlockAddPath(def, path->target,
                           path->allow | (path == root ? free : 0),
                           path->skipMissing);
    }
}

static void
lxcLandlockAddPort(virLXCLandlockDef *def, unsigned int number, guint64 allow)
{
    size_t protocol;

    for (protocol = 0; protocol < VIR_LXC_LANDLOCK_PROTOCOLS; protocol++) {
        g_autofree char *words =
            lxcAllowWords(allow, VIR_LXC_LANDLOCK_NET, protocol, def->abi);
        virLXCLandlockPort *port;

        if (!words[0])
            continue;
        port = g_new0(virLXCLandlockPort, 1);
        port->protocol = protocol;
        port->number = number;
        port->allow = allow;
        port->words = g_steal_pointer(&words);
        virLXCLandlockDefAddPort(def, port);
    }
}

static void
lxcLandlockSetNet(virLXCImport *import, const virLXCImportSource *source,
                  virLXCLandlockDef *def, const virLXCImportRuleset *ruleset)
{
    guint64 handled = ruleset->handled[VIR_LXC_LANDLOCK_NET];
    guint64 free =
        virLXCLandlockRights(VIR_LXC_LANDLOCK_NET, def->abi) & ~handled;
    g_autofree char *names = virLXCLandlockNames(VIR_LXC_LANDLOCK_NET, free);
    unsigned int number;

    if (!handled)
        return;

    if (free)
        virLXCImportAdd(import, true, source->file, ruleset->line, names,
                        _("the ruleset does not restrict these rights, but "
                          "<net> denies them for all ports: ports cannot be "
                          "unrestricted"));
    def->hasNet = true;
    for (number = 0; number < VIR_LXC_IMPORT_PORTS; number++) {
        if (ruleset->ports[number])
            lxcLandlockAddPort(def, number, ruleset->ports[number]);
    }
}

void
virLXCImportRulesetFinish(virLXCImport *import,
                          const virLXCImportSource *source,
                          const virLXCImportRuleset *ruleset)
{
    virLXCLandlockDef *def = virLXCLandlockDefNew();

    def->mode = ruleset->bestEffort ? VIR_LXC_LANDLOCK_BEST_EFFORT
                                    : VIR_LXC_LANDLOCK_REQUIRED;
    def->abi = lxcRulesetABI(ruleset);
    lxcLandlockSetFS(def, ruleset);
    lxcLandlockSetNet(import, source, def, ruleset);
    def->scope = ruleset->handled[VIR_LXC_LANDLOCK_SCOPE];
    def->hasScope = def->scope;
    import->def->landlock = def;
}
