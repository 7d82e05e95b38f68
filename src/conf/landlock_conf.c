/*
 * landlock_conf.c: <landlock> as a definition
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: what comes between parse and format. In: a virLXCLandlockDef. Out: the
 * same with its ABI filled in, whether an ABI suffices, the handled rights.
 */

#include "landlock_conf.h"

#include "i18n.h"

#define LXC_ALL_RIGHTS G_MAXUINT64

/* Freed by its GPtrArray. */
static void
lxcLandlockPathDestroy(gpointer path)
{
    virLXCLandlockPathFree(path);
}

static void
lxcLandlockPortDestroy(gpointer port)
{
    virLXCLandlockPortFree(port);
}

void
virLXCLandlockPathFree(virLXCLandlockPath *path)
{
    if (!path)
        return;

    g_free(path->target);
    g_free(path->words);
    g_free(path);
}

void
virLXCLandlockPortFree(virLXCLandlockPort *port)
{
    if (!port)
        return;

    g_free(port->words);
    g_free(port);
}

virLXCLandlockDef *
virLXCLandlockDefNew(void)
{
    virLXCLandlockDef *def = g_new0(virLXCLandlockDef, 1);

    def->paths = g_ptr_array_new_with_free_func(lxcLandlockPathDestroy);
    def->ports = g_ptr_array_new_with_free_func(lxcLandlockPortDestroy);
    def->byTarget = g_hash_table_new(g_str_hash, g_str_equal);
    def->byPort = g_hash_table_new(NULL, NULL);
    return def;
}

void
virLXCLandlockDefFree(virLXCLandlockDef *def)
{
    if (!def)
        return;

    if (def->byTarget)
        g_hash_table_unref(def->byTarget);
    if (def->byPort)
        g_hash_table_unref(def->byPort);
    if (def->paths)
        g_ptr_array_unref(def->paths);
    if (def->ports)
        g_ptr_array_unref(def->ports);
    g_free(def->effective);
    g_free(def);
}

static gpointer
lxcLandlockPortKey(virLXCLandlockProtocol protocol, unsigned int number)
{
    /* A number in place of a pointer, as glib has it. NOLINTNEXTLINE */
    return GUINT_TO_POINTER(protocol << 16 | number);
}

void
virLXCLandlockDefAddPath(virLXCLandlockDef *def, virLXCLandlockPath *path)
{
    g_ptr_array_add(def->paths, path);
    g_hash_table_insert(def->byTarget, path->target, path);
}

void
virLXCLandlockDefAddPort(virLXCLandlockDef *def, virLXCLandlockPort *port)
{
    g_ptr_array_add(def->ports, port);
    g_hash_table_insert(def->byPort,
                        lxcLandlockPortKey(port->protocol, port->number), port);
}

const virLXCLandlockPath *
virLXCLandlockDefFindPath(const virLXCLandlockDef *def, const char *target)
{
    return g_hash_table_lookup(def->byTarget, target);
}

const virLXCLandlockPort *
virLXCLandlockDefFindPort(const virLXCLandlockDef *def,
                          virLXCLandlockProtocol protocol, unsigned int number)
{
    return g_hash_table_lookup(def->byPort,
                               lxcLandlockPortKey(protocol, number));
}

/* The rights that an element requests, which may be more than an ABI has. */
static int
lxcLandlockCheckElement(const char *what, unsigned int needed, unsigned int abi,
                        int line, GError **error)
{
    if (needed <= abi)
        return 0;

    return virLXCSetErrorAtLine(
        error, VIR_LXC_CONFINEMENT_ERROR_INVALID, line,
        _("%1$s needs Landlock ABI %2$u, but the domain has "
          "ABI %3$u (line %4$d)"),
        what, needed, abi, line);
}

static int
lxcLandlockCheckPath(const virLXCLandlockPath *path, unsigned int abi,
                     GError **error)
{
    guint64 newer =
        path->exact & ~virLXCLandlockRights(VIR_LXC_LANDLOCK_FS, abi);
    unsigned int needed = 0;
    g_autofree char *names = NULL;

    if (!newer)
        return 0;

    /* Any of them would do; this is the oldest. */
    needed = virLXCLandlockFirstABI(VIR_LXC_LANDLOCK_FS, newer);
    newer &= virLXCLandlockRights(VIR_LXC_LANDLOCK_FS, needed);
    names = virLXCLandlockNames(VIR_LXC_LANDLOCK_FS, newer);
    return virLXCSetErrorAtLine(
        error, VIR_LXC_CONFINEMENT_ERROR_INVALID, path->line,
        _("Landlock right '%1$s' in attribute 'allow' of <path> needs Landlock "
          "ABI %2$u, but the domain has ABI %3$u (line %4$d)"),
        names, needed, abi, path->line);
}

static int
lxcLandlockCheckPort(const virLXCLandlockPort *port, unsigned int abi,
                     GError **error)
{
    const char *protocol = virLXCLandlockProtocolName(port->protocol);
    unsigned int needed =
        virLXCLandlockFirstABI(VIR_LXC_LANDLOCK_NET, port->allow);
    g_autofree char *what = g_strdup_printf("<port protocol='%s' number='%u'>",
                                            protocol, port->number);

    return lxcLandlockCheckElement(what, needed, abi, port->line, error);
}

static int
lxcLandlockCheckFS(const virLXCLandlockDef *def, unsigned int abi,
                   GError **error)
{
    size_t i;

    for (i = 0; i < def->paths->len; i++) {
        if (lxcLandlockCheckPath(g_ptr_array_index(def->paths, i), abi, error) <
            0)
            return -1;
    }

    return 0;
}

static int
lxcLandlockCheckNet(const virLXCLandlockDef *def, unsigned int abi,
                    GError **error)
{
    unsigned int needed =
        virLXCLandlockFirstABI(VIR_LXC_LANDLOCK_NET, LXC_ALL_RIGHTS);
    size_t i;

    if (!def->hasNet)
        return 0;

    if (lxcLandlockCheckElement("<net>", needed, abi, def->netLine, error) < 0)
        return -1;

    for (i = 0; i < def->ports->len; i++) {
        if (lxcLandlockCheckPort(g_ptr_array_index(def->ports, i), abi, error) <
            0)
            return -1;
    }

    return 0;
}

static int
lxcLandlockCheckScope(const virLXCLandlockDef *def, unsigned int abi,
                      GError **error)
{
    unsigned int needed =
        virLXCLandlockFirstABI(VIR_LXC_LANDLOCK_SCOPE, LXC_ALL_RIGHTS);

    if (!def->hasScope)
        return 0;

    return lxcLandlockCheckElement("<scope>", needed, abi, def->scopeLine,
                                   error);
}

static int
lxcLandlockCheckLog(const virLXCLandlockDef *def, unsigned int abi,
                    GError **error)
{
    const virLXCLandlockRight *row =
        virLXCLandlockRightByName("log_new_exec_on");

    if (!def->log)
        return 0;

    return lxcLandlockCheckElement("<landlock log='on'>", row->abi, abi,
                                   def->line, error);
}

int
virLXCLandlockDefCheckABI(const virLXCLandlockDef *def, unsigned int abi,
                          GError **error)
{
    if (lxcLandlockCheckLog(def, abi, error) < 0 ||
        lxcLandlockCheckFS(def, abi, error) < 0 ||
        lxcLandlockCheckNet(def, abi, error) < 0 ||
        lxcLandlockCheckScope(def, abi, error) < 0)
        return -1;

    return 0;
}

int
virLXCLandlockDefComplete(virLXCLandlockDef *def, unsigned int hostABI,
                          GError **error)
{
    unsigned int abi = MIN(hostABI, VIR_LXC_LANDLOCK_ABI_MAX);

    if (def->abi)
        return 0;

    if (abi == 0)
        return virLXCSetErrorAtLine(
            error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED, def->line,
            _("<landlock> has no attribute 'abi', and none can be filled in "
              "because this host does not support Landlock (line %1$d)"),
            def->line);

    if (virLXCLandlockDefCheckABI(def, abi, error) < 0) {
        g_prefix_error(error, "%s",
                       _("<landlock> has no attribute 'abi' and gets this "
                         "host's: "));
        return -1;
    }

    def->abi = abi;
    return 0;
}

guint64
virLXCLandlockDefHandled(const virLXCLandlockDef *def, virLXCLandlockKind kind)
{
    guint64 rights = virLXCLandlockRights(kind, def->abi);

    switch (kind) {
    case VIR_LXC_LANDLOCK_FS:
        return def->hasFS ? rights : 0;
    case VIR_LXC_LANDLOCK_NET:
        return def->hasNet ? rights : 0;
    case VIR_LXC_LANDLOCK_SCOPE:
        return def->hasScope ? rights & def->scope : 0;
    case VIR_LXC_LANDLOCK_RESTRICT:
        break;
    }

    return 0;
}
