/*
 * compare_landlock.c: compare Landlock rulesets
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: two rulesets. Out: rights that only one of them restricts, and paths and
 * ports on which only one of them allows a right.
 */

#include "compare_parts.h"
#include "compare_tree.h"

#include <string.h>

/* The rights of one kind that each plan restricts, and those that both do. */
typedef struct {
    virLXCComparison *comparison;
    virLXCLeaf leaf;
    virLXCLandlockKind kind;
    guint64 from;
    guint64 to;
    guint64 both;
} lxcHandled;

static void
lxcAddRights(const lxcHandled *handled, guint64 bits, virLXCRelation relation,
             const char *what, const char *from, const char *to)
{
    if (bits == 0)
        return;

    virLXCComparisonAdd(handled->comparison,
                        &(virLXCDifference){
                            .leaf = handled->leaf,
                            .relation = relation,
                            .group = virLXCLandlockNames(handled->kind, bits),
                            .what = g_strdup(what),
                            .from = g_strdup(from),
                            .to = g_strdup(to),
                        });
}

/* If a ruleset restricts any right to files, the kernel does not allow files to
 * be moved to another directory unless a rule allows "refer", even if the
 * ruleset does not restrict that right (landlock(7), LANDLOCK_ACCESS_FS_REFER).
 */
static guint64
lxcHandledRights(const virLXCLandlockPlan *plan, virLXCLandlockKind kind)
{
    guint64 handled = plan ? plan->handled[kind] : 0;

    if (kind == VIR_LXC_LANDLOCK_FS && handled)
        handled |= virLXCLandlockRightByName("refer")->bit;
    return handled;
}

static lxcHandled
lxcCompareHandled(virLXCComparison *comparison, virLXCLeaf leaf,
                  virLXCLandlockKind kind, const virLXCLandlockPlan *from,
                  const virLXCLandlockPlan *to)
{
    lxcHandled handled = {
        .comparison = comparison,
        .leaf = leaf,
        .kind = kind,
        .from = lxcHandledRights(from, kind),
        .to = lxcHandledRights(to, kind),
    };

    handled.both = handled.from & handled.to;
    lxcAddRights(&handled, handled.from & ~handled.to, VIR_LXC_RELATION_LOOSER,
                 "handled rights", "restricted", "unrestricted");
    lxcAddRights(&handled, handled.to & ~handled.from, VIR_LXC_RELATION_TIGHTER,
                 "handled rights", "unrestricted", "restricted");
    return handled;
}

static void
lxcCompareAllowed(const lxcHandled *handled, const char *what, guint64 removed,
                  guint64 added)
{
    lxcAddRights(handled, removed & handled->both, VIR_LXC_RELATION_TIGHTER,
                 what, "allowed", "denied");
    lxcAddRights(handled, added & handled->both, VIR_LXC_RELATION_LOOSER, what,
                 "denied", "allowed");
}

/* What has already been reported for a directory is not repeated. */
static void
lxcComparePath(const char *path, virLXCComparePair here,
               virLXCComparePair above, void *opaque)
{
    guint64 removed = here.value[0] & ~here.value[1];
    guint64 added = here.value[1] & ~here.value[0];

    lxcCompareAllowed(opaque, path,
                      removed & ~(above.value[0] & ~above.value[1]),
                      added & ~(above.value[1] & ~above.value[0]));
}

/* Where such a path leads depends on symbolic links. */
static bool
lxcHasDotDot(const char *path)
{
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);

    return g_strv_contains((const char *const *)parts, "..");
}

/* The rights to such paths, by their text. */
typedef struct {
    GHashTable *rights[2];
    guint64 everywhere;
} lxcDotDot;

static void
lxcDotDotAdd(GHashTable *rights, const virLXCLandlockPlanPath *path)
{
    guint64 *allow = g_hash_table_lookup(rights, path->target);

    if (!allow) {
        allow = g_new0(guint64, 1);
        g_hash_table_insert(rights, path->target, allow);
    }
    *allow |= path->allow;
}

static void
lxcAddPaths(virLXCCompareTree *tree, lxcDotDot *dotDot, unsigned int side,
            const virLXCLandlockPlan *plan)
{
    guint i;

    dotDot->rights[side] =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    for (i = 0; plan && i < plan->paths->len; i++) {
        const virLXCLandlockPlanPath *path = g_ptr_array_index(plan->paths, i);

        if (lxcHasDotDot(path->target))
            lxcDotDotAdd(dotDot->rights[side], path);
        else
            virLXCCompareTreeAdd(tree, side, path->target, path->allow);
        if (side == 0 && strspn(path->target, "/.") == strlen(path->target) &&
            !lxcHasDotDot(path->target))
            dotDot->everywhere |= path->allow;
    }
}

/* Only the same text leads to the same file. */
static void
lxcCompareDotDot(const lxcHandled *handled, const lxcDotDot *dotDot)
{
    GHashTableIter iter;
    gpointer target;
    gpointer value;

    g_hash_table_iter_init(&iter, dotDot->rights[1]);
    while (g_hash_table_iter_next(&iter, &target, &value)) {
        const guint64 *to = value;
        const guint64 *from = g_hash_table_lookup(dotDot->rights[0], target);
        guint64 added = *to & ~(from ? *from : 0) & ~dotDot->everywhere;

        lxcAddRights(handled, added & handled->both,
                     VIR_LXC_RELATION_UNPROVABLE, target, "unknown", "allowed");
    }

    g_hash_table_iter_init(&iter, dotDot->rights[0]);
    while (g_hash_table_iter_next(&iter, &target, &value)) {
        const guint64 *from = value;
        const guint64 *to = g_hash_table_lookup(dotDot->rights[1], target);

        lxcAddRights(handled, *from & ~(to ? *to : 0) & handled->both,
                     VIR_LXC_RELATION_TIGHTER, target, "allowed", "unlisted");
    }
}

static void
lxcCompareFS(virLXCComparison *comparison, const virLXCLandlockPlan *from,
             const virLXCLandlockPlan *to)
{
    lxcHandled handled = lxcCompareHandled(comparison, VIR_LXC_LEAF_LANDLOCK_FS,
                                           VIR_LXC_LANDLOCK_FS, from, to);
    g_auto(virLXCCompareTree) tree = {0};
    lxcDotDot dotDot = {0};

    virLXCCompareTreeInit(&tree, false, 0);
    lxcAddPaths(&tree, &dotDot, 0, from);
    lxcAddPaths(&tree, &dotDot, 1, to);
    virLXCCompareTreeWalk(&tree, lxcComparePath, &handled);
    lxcCompareDotDot(&handled, &dotDot);
    g_hash_table_unref(dotDot.rights[0]);
    g_hash_table_unref(dotDot.rights[1]);
}

/* Bits of different protocols are different rights. */
typedef struct {
    unsigned int number;
    virLXCComparePair allow;
} lxcPort;

static void
lxcAddPorts(GArray *ports, unsigned int side, const virLXCLandlockPlan *plan)
{
    guint i;

    for (i = 0; plan && i < plan->ports->len; i++) {
        const virLXCLandlockPlanPort *from = g_ptr_array_index(plan->ports, i);
        lxcPort port = {.number = from->number};

        port.allow.value[side] = from->allow;
        g_array_append_val(ports, port);
    }
}

static gint
lxcPortCompare(gconstpointer a, gconstpointer b)
{
    const lxcPort *left = a;
    const lxcPort *right = b;

    return (left->number > right->number) - (left->number < right->number);
}

static void
lxcComparePort(const lxcHandled *handled, const lxcPort *port)
{
    g_autofree char *name = g_strdup_printf("port %u", port->number);
    guint64 from = port->allow.value[0];
    guint64 to = port->allow.value[1];

    lxcCompareAllowed(handled, name, from & ~to, to & ~from);
}

static void
lxcCompareNet(virLXCComparison *comparison, const virLXCLandlockPlan *from,
              const virLXCLandlockPlan *to)
{
    lxcHandled handled = lxcCompareHandled(
        comparison, VIR_LXC_LEAF_LANDLOCK_NET, VIR_LXC_LANDLOCK_NET, from, to);
    g_autoptr(GArray) ports = g_array_new(FALSE, FALSE, sizeof(lxcPort));
    guint i;

    lxcAddPorts(ports, 0, from);
    lxcAddPorts(ports, 1, to);
    g_array_sort(ports, lxcPortCompare);
    for (i = 0; i < ports->len; i++) {
        lxcPort *port = &g_array_index(ports, lxcPort, i);
        lxcPort *next = port + 1;

        if (i + 1 < ports->len && next->number == port->number) {
            next->allow.value[0] |= port->allow.value[0];
            next->allow.value[1] |= port->allow.value[1];
        } else {
            lxcComparePort(&handled, port);
        }
    }
}

void
virLXCCompareLandlock(virLXCComparison *comparison,
                      const virLXCLandlockPlan *from,
                      const virLXCLandlockPlan *to)
{
    lxcCompareFS(comparison, from, to);
    lxcCompareNet(comparison, from, to);
    lxcCompareHandled(comparison, VIR_LXC_LEAF_LANDLOCK_SCOPE,
                      VIR_LXC_LANDLOCK_SCOPE, from, to);
}
