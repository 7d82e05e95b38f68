/*
 * policy_compare.c: which of two policies is tighter
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "compare.h"
#include "i18n.h"
#include "policy_json.h"
#include "policy_plan.h"
#include "policy_table.h"
#include "policy_verb.h"

static char *lxcPolicyHostFile;

const GOptionEntry virLXCPolicyCompareOptions[] = {
    VIR_LXC_POLICY_HOST_OPTION(lxcPolicyHostFile),
    G_OPTION_ENTRY_NULL,
};

/* As many names are printed in one line; JSON has all. */
#define POLICY_NAMES_MAX 8

/* Differences that are printed in one line: those with the same leaf, relation,
 * group and treatment. */
typedef struct {
    const virLXCDifference *first;
    GString *names;
    guint count;
} lxcPolicyLine;

static void
lxcPolicyLineFree(void *opaque)
{
    lxcPolicyLine *line = opaque;

    g_string_free(line->names, TRUE);
    g_free(line);
}

static void
lxcPolicyLineAdd(lxcPolicyLine *line, const virLXCDifference *difference)
{
    line->count++;
    if (line->count > POLICY_NAMES_MAX)
        return;

    if (line->count > 1)
        g_string_append(line->names, ", ");
    g_string_append(line->names, difference->what);
    if (difference->example)
        g_string_append_printf(line->names, "(%s)", difference->example);
}

static lxcPolicyLine *
lxcPolicyLineNew(const virLXCDifference *difference)
{
    lxcPolicyLine *line = g_new0(lxcPolicyLine, 1);

    line->first = difference;
    line->names = g_string_new(NULL);
    return line;
}

/* Returns the lines for the differences of @leaf that have @relation. */
static GPtrArray *
lxcPolicyLinesNew(const virLXCComparison *comparison, virLXCLeaf leaf,
                  virLXCRelation relation)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(lxcPolicyLineFree);
    g_autoptr(GHashTable) byKey =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint i;

    for (i = 0; i < comparison->differences->len; i++) {
        const virLXCDifference *difference =
            g_ptr_array_index(comparison->differences, i);
        g_autofree char *key = g_strdup_printf(
            "%s\n%s\n%s", difference->group ? difference->group : "",
            difference->from, difference->to);
        lxcPolicyLine *line = NULL;

        if (difference->leaf != leaf || difference->relation != relation)
            continue;
        if (!(line = g_hash_table_lookup(byKey, key))) {
            line = lxcPolicyLineNew(difference);
            g_hash_table_insert(byKey, g_steal_pointer(&key), line);
            g_ptr_array_add(lines, line);
        }
        lxcPolicyLineAdd(line, difference);
    }
    return lines;
}

static void
lxcPolicyTableAddLine(virLXCPolicyTable *table, const lxcPolicyLine *line)
{
    const virLXCDifference *first = line->first;
    g_autofree char *change =
        g_str_equal(first->from, first->to)
            ? g_strdup(first->from)
            : g_strdup_printf("%s -> %s", first->from, first->to);
    g_autofree char *more =
        line->count > POLICY_NAMES_MAX
            ? g_strdup_printf(_(" and %1$u more"),
                              line->count - POLICY_NAMES_MAX)
            : g_strdup("");
    g_autofree char *what =
        g_strdup_printf("%s%s%s%s", first->group ? first->group : "",
                        first->group ? ": " : "", line->names->str, more);
    const char *cells[] = {virLXCLeafName(first->leaf),
                           virLXCRelationName(first->relation), change, what};

    virLXCPolicyTableAdd(table, cells);
}

/* What is looser comes first. */
static void
lxcPolicyTableAddLeaf(virLXCPolicyTable *table,
                      const virLXCComparison *comparison, virLXCLeaf leaf)
{
    const char *equal[] = {virLXCLeafName(leaf),
                           virLXCRelationName(VIR_LXC_RELATION_EQUAL), "", ""};
    int relation;
    guint i;

    if (comparison->leaves[leaf] == VIR_LXC_RELATION_EQUAL)
        virLXCPolicyTableAdd(table, equal);

    for (relation = VIR_LXC_RELATION_LOOSER; relation > VIR_LXC_RELATION_EQUAL;
         relation--) {
        g_autoptr(GPtrArray) lines =
            lxcPolicyLinesNew(comparison, leaf, (virLXCRelation)relation);

        for (i = 0; i < lines->len; i++)
            lxcPolicyTableAddLine(table, g_ptr_array_index(lines, i));
    }
}

static char *
lxcPolicyVerdictText(virLXCRelation verdict, const char *first,
                     const char *second)
{
    switch (verdict) {
    case VIR_LXC_RELATION_EQUAL:
        return g_strdup_printf(_("The policy of '%1$s' is as tight as that of "
                                 "'%2$s'."),
                               second, first);
    case VIR_LXC_RELATION_TIGHTER:
        return g_strdup_printf(_("The policy of '%1$s' is tighter than that of "
                                 "'%2$s'."),
                               second, first);
    case VIR_LXC_RELATION_UNPROVABLE:
        return g_strdup_printf(
            _("It cannot be proved that the policy of '%1$s' "
              "is at least as tight as that of '%2$s'."),
            second, first);
    case VIR_LXC_RELATION_LOOSER:
        break;
    }
    return g_strdup_printf(
        _("The policy of '%1$s' is looser than that of '%2$s'."), second,
        first);
}

static void
lxcPolicyCompareText(const virLXCComparison *comparison, char **arguments,
                     GString *out)
{
    g_autoptr(virLXCPolicyTable) table = virLXCPolicyTableNew(4);
    g_autofree char *first = g_strescape(arguments[0], NULL);
    g_autofree char *second = g_strescape(arguments[1], NULL);
    g_autofree char *verdict = NULL;
    guint i;

    for (i = 0; i < VIR_LXC_LEAVES; i++)
        lxcPolicyTableAddLeaf(table, comparison, i);

    verdict = lxcPolicyVerdictText(comparison->verdict, first, second);
    virLXCPolicyTablePrint(table, out);
    g_string_append_printf(out, "\n%s\n", verdict);
}

static void
lxcPolicyCompareJSON(const virLXCComparison *comparison, GString *out)
{
    g_autoptr(virLXCPolicyJSON) json = virLXCPolicyJSONNew();
    guint i;

    virLXCPolicyJSONString(json, "verdict",
                           virLXCRelationName(comparison->verdict));
    virLXCPolicyJSONBeginObject(json, "leaves");
    for (i = 0; i < VIR_LXC_LEAVES; i++)
        virLXCPolicyJSONString(json, virLXCLeafName(i),
                               virLXCRelationName(comparison->leaves[i]));
    virLXCPolicyJSONEnd(json);

    virLXCPolicyJSONBeginArray(json, "differences");
    for (i = 0; i < comparison->differences->len; i++) {
        const virLXCDifference *difference =
            g_ptr_array_index(comparison->differences, i);

        virLXCPolicyJSONBeginObject(json, NULL);
        virLXCPolicyJSONString(json, "leaf", virLXCLeafName(difference->leaf));
        virLXCPolicyJSONString(json, "relation",
                               virLXCRelationName(difference->relation));
        virLXCPolicyJSONString(json, "group", difference->group);
        virLXCPolicyJSONString(json, "what", difference->what);
        virLXCPolicyJSONString(json, "arguments", difference->example);
        virLXCPolicyJSONString(json, "from", difference->from);
        virLXCPolicyJSONString(json, "to", difference->to);
        virLXCPolicyJSONEnd(json);
    }
    virLXCPolicyJSONEnd(json);
    virLXCPolicyJSONFinish(json, out);
}

static virLXCRelation
lxcPolicyIdmapRelation(const virLXCPolicyDomain *from,
                       const virLXCPolicyDomain *to)
{
    virLXCRelation relation =
        virLXCRelationOf(from->hasIdmap && !from->mapsHostRoot,
                         to->hasIdmap && !to->mapsHostRoot);

    if (g_strcmp0(from->idmap, to->idmap) == 0)
        return VIR_LXC_RELATION_EQUAL;
    return relation == VIR_LXC_RELATION_EQUAL ? VIR_LXC_RELATION_UNPROVABLE
                                              : relation;
}

/* Root of a container without <idmap> is root of the host. Whether there is one
 * is not known of a <features>. */
static void
lxcPolicyCompareIdmap(virLXCComparison *comparison,
                      const virLXCPolicyDomain *from,
                      const virLXCPolicyDomain *to)
{
    if (from->features || to->features)
        return;

    virLXCComparisonAdd(
        comparison, &(virLXCDifference){
                        .leaf = VIR_LXC_LEAF_USER_NAMESPACES,
                        .relation = lxcPolicyIdmapRelation(from, to),
                        .what = g_strdup("<idmap>"),
                        .from = g_strdup(from->hasIdmap ? from->idmap : "no"),
                        .to = g_strdup(to->hasIdmap ? to->idmap : "no"),
                    });
}

/* A user without capabilities still has what belongs to it. */
static virLXCRelation
lxcPolicyUserRelation(const virLXCPolicyDomain *from,
                      const virLXCPolicyDomain *to)
{
    bool before = virLXCPolicyDomainInitIsRoot(from);
    bool after = virLXCPolicyDomainInitIsRoot(to);

    if (before != after)
        return virLXCRelationOf(after, before);
    return before || g_strcmp0(from->initUser, to->initUser) == 0
               ? VIR_LXC_RELATION_EQUAL
               : VIR_LXC_RELATION_UNPROVABLE;
}

static void
lxcPolicyCompareUser(virLXCComparison *comparison,
                     const virLXCPolicyDomain *from,
                     const virLXCPolicyDomain *to)
{
    if (from->features || to->features)
        return;

    virLXCComparisonAdd(
        comparison,
        &(virLXCDifference){
            .leaf = VIR_LXC_LEAF_USER_NAMESPACES,
            .relation = lxcPolicyUserRelation(from, to),
            .what = g_strdup("<inituser>"),
            .from = g_strdup(from->initUser ? from->initUser : "root"),
            .to = g_strdup(to->initUser ? to->initUser : "root"),
        });
}

#define POLICY_OWN "own"
#define POLICY_UNKNOWN "unknown"

/* Whose namespace a container has. A <features> only tells if it has
 * <privnet/>. */
static const char *
lxcPolicyNamespaceOf(const virLXCPolicyDomain *domain, const char *name)
{
    const char *share = g_hash_table_lookup(domain->shares, name);

    if (share)
        return share;
    if (!g_str_equal(name, "net") || domain->hasNetwork)
        return POLICY_OWN;
    return domain->features ? POLICY_UNKNOWN : "the host's";
}

static virLXCRelation
lxcPolicyNamespaceRelation(const char *from, const char *to)
{
    if (g_str_equal(from, to))
        return VIR_LXC_RELATION_EQUAL;
    if (g_str_equal(to, POLICY_OWN))
        return VIR_LXC_RELATION_TIGHTER;
    return g_str_equal(from, POLICY_OWN) && !g_str_equal(to, POLICY_UNKNOWN)
               ? VIR_LXC_RELATION_LOOSER
               : VIR_LXC_RELATION_UNPROVABLE;
}

static void
lxcPolicyCompareNamespaces(virLXCComparison *comparison,
                           const virLXCPolicyDomain *from,
                           const virLXCPolicyDomain *to)
{
    static const char *const names[] = {"net", "ipc", "uts"};
    size_t i;

    if (from->features != to->features)
        return;

    for (i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *before = lxcPolicyNamespaceOf(from, names[i]);
        const char *after = lxcPolicyNamespaceOf(to, names[i]);

        virLXCComparisonAdd(
            comparison,
            &(virLXCDifference){
                .leaf = VIR_LXC_LEAF_NAMESPACES,
                .relation = lxcPolicyNamespaceRelation(before, after),
                .what = g_strdup(names[i]),
                .from = g_strdup(before),
                .to = g_strdup(after),
            });
    }
}

static virLXCComparison *
lxcPolicyCompareDomains(const virLXCPolicyDomain *from,
                        const virLXCPolicyDomain *to, GError **error)
{
    g_autoptr(virLXCPlan) first =
        virLXCPolicyPlanNew(from, lxcPolicyHostFile, error);
    g_autoptr(virLXCPlan) second =
        first ? virLXCPolicyPlanNew(to, lxcPolicyHostFile, error) : NULL;
    virLXCComparison *comparison = NULL;

    if (!second)
        return NULL;

    comparison = virLXCPlanCompare(first, second);
    lxcPolicyCompareIdmap(comparison, from, to);
    lxcPolicyCompareUser(comparison, from, to);
    lxcPolicyCompareNamespaces(comparison, from, to);
    return comparison;
}

int
virLXCPolicyCompare(virLXCPolicy *policy, char **arguments,
                    virLXCPolicyStatus *status, GError **error)
{
    g_autoptr(virLXCPolicyDomain) from = NULL;
    g_autoptr(virLXCPolicyDomain) to = NULL;
    g_autoptr(virLXCComparison) comparison = NULL;

    policy->takesHost = lxcPolicyHostFile != NULL;
    if (!(from = virLXCPolicyDomainRead(policy, arguments[0], error)) ||
        !(to = virLXCPolicyDomainRead(policy, arguments[1], error)) ||
        !(comparison = lxcPolicyCompareDomains(from, to, error)))
        return -1;

    if (policy->json)
        lxcPolicyCompareJSON(comparison, policy->out);
    else
        lxcPolicyCompareText(comparison, arguments, policy->out);

    *status = virLXCRelationIsNotLooser(comparison->verdict)
                  ? VIR_LXC_POLICY_YES
                  : VIR_LXC_POLICY_NO;
    return 0;
}
