/*
 * test_growth.c: the time that long documents take
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: documents with n and with 16 n elements. Out: whether parsing, planning,
 * compiling and comparing the longer one takes about 16 times as long, whatever
 * the speed of the machine. It would be 256 times if the time grew with the
 * square of n.
 */

#include <time.h>

#include "cases.h"
#include "compare.h"
#include "seccomp_filter.h"

#define TEST_FACTOR 16
#define TEST_TRIES 5

/* A machine that is busy with something else can slow down either measurement.
 * Both are repeated then, and what does grow with the square of n fails in
 * every round. */
#define TEST_ROUNDS 8

/* Halfway between 16 and 256 on a logarithmic scale. */
#define TEST_LIMIT 64

/* @element is repeated @n times between @before and @after; the number of the
 * element takes the place of its %u. @planned is whether the document is valid.
 * */
typedef struct {
    const char *name;
    guint n;
    const char *before;
    const char *element;
    const char *after;
    bool planned;
} testRow;

#define TEST_SYSCALL(call)                     \
    "<syscall name='" call "' action='allow'>" \
    "<arg index='1' op='eq' value='%u'/></syscall>\n"

static const testRow rows[] = {
    {"ports", 2048, "<landlock><net>",
     "<port protocol='tcp' number='%u' allow='bind'/>\n", "</net></landlock>",
     true},
    {"paths", 2048, "<landlock><fs>",
     "<path target='/directory/%u' allow='make_sym'/>\n", "</fs></landlock>",
     true},
    {"rights", 2048, "<landlock><fs><path target='/' allow='", "right_%u ",
     "'/></fs></landlock>", false},
    {"kernel-files", 2048, "<kernel-files>",
     "<path target='/sys/directory/%u' access='readonly'/>\n",
     "</kernel-files>", true},
    {"masks", 2048, "<kernel-files>",
     "<path target='/sys/directory/%u' access='masked'/>\n", "</kernel-files>",
     true},
    {"hidden", 2048,
     "<kernel-files><path target='/sys/directory' access='masked'/>",
     "<path target='/sys/directory/%u' access='masked'/>\n", "</kernel-files>",
     true},
    {"syscalls", 2048, "<seccomp>", TEST_SYSCALL("personality"), "</seccomp>",
     true},
    {"multiplexed", 2048, "<seccomp><arch name='i686'/>",
     TEST_SYSCALL("getsockopt"), "</seccomp>", true},
    {"conditions", 2048, "<seccomp><syscall name='personality' action='allow'>",
     "<arg index='1' op='ne' value='%u'/>\n", "</syscall></seccomp>", true},
};

/* Returns a document with the elements from @first on. */
static char *
testText(const testRow *row, guint first, guint n)
{
    g_auto(GStrv) parts = g_strsplit(row->element, "%u", 2);
    g_autoptr(GString) text = g_string_new(row->before);
    guint i;

    for (i = 0; i < n; i++)
        g_string_append_printf(text, "%s%u%s", parts[0], first + i, parts[1]);
    g_string_append(text, row->after);
    return testDocWrap(text->str, FALSE);
}

/* A filter of that many rules may be too long, but only after it has been
 * compiled. */
static virLXCPlan *
testPlan(virLXCConfinementDef *def)
{
    const virLXCHost host = {
        .lastCap = 40,
        .landlockABI = VIR_LXC_LANDLOCK_ABI_MAX,
        .landlockErrata = G_MAXUINT,
        .seccompArch = virLXCSeccompArchByName("x86_64"),
        .seccompActions = G_MAXUINT,
        .seccompFlags = G_MAXUINT,
        .cpus = 2,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCSeccompFilter) filter = NULL;
    g_autofree char *text = virLXCConfinementDefFormat(def, 0);
    virLXCPlan *plan = NULL;

    g_assert_nonnull(text);
    virLXCConfinementDefComplete(def, host.landlockABI, &error);
    g_assert_no_error(error);
    plan = virLXCPlanNew(def, &host, NULL, true, &error);
    g_assert_no_error(error);
    if (plan->seccomp)
        filter = virLXCSeccompFilterCompile(plan->seccomp->ruleset, NULL);
    return plan;
}

/* Returns the plan of a document, or NULL if that is not valid. */
static virLXCPlan *
testPlanOf(const testRow *row, xmlNode *domain)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCConfinementDef) def =
        virLXCConfinementDefParse(domain, &error);

    if (row->planned)
        g_assert_no_error(error);
    g_assert_true(row->planned == !!def);
    return def ? testPlan(def) : NULL;
}

/* Returns the time of the processor in seconds, without that of libxml2. */
static double
testMeasure(const testRow *row, xmlNode *domain, xmlNode *other)
{
    clock_t start = clock();
    g_autoptr(virLXCPlan) from = testPlanOf(row, domain);
    g_autoptr(virLXCPlan) to = testPlanOf(row, other);

    if (from) {
        g_autoptr(virLXCComparison) comparison = virLXCPlanCompare(from, to);

        g_assert_cmpuint(comparison->verdict, !=, VIR_LXC_RELATION_UNPROVABLE);
    }
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/* Compares documents in which half of the elements are the same. */
static double
testBest(const testRow *row, guint n)
{
    g_autofree char *text = testText(row, 0, n);
    g_autofree char *otherText = testText(row, n / 2, n);
    g_autoptr(xmlDoc) doc = testDocFromString(text);
    g_autoptr(xmlDoc) other = testDocFromString(otherText);
    double best = G_MAXDOUBLE;
    size_t i;

    g_assert_nonnull(doc);
    g_assert_nonnull(other);
    for (i = 0; i < TEST_TRIES; i++)
        best = MIN(best,
                   testMeasure(row, testDocDomain(doc), testDocDomain(other)));
    return best;
}

static bool
testIsLinear(const testRow *row)
{
    double once = testBest(row, row->n);
    double more = testBest(row, row->n * TEST_FACTOR);

    g_test_message("%u: %.4f s, %u: %.4f s", row->n, once, row->n * TEST_FACTOR,
                   more);
    return more < once * TEST_LIMIT;
}

static void
testGrowth(gconstpointer opaque)
{
    size_t i;

    for (i = 0; i < TEST_ROUNDS; i++) {
        if (testIsLinear(opaque))
            return;
    }
    g_test_fail_printf("The time grows faster than the document in each of "
                       "%d rounds.",
                       TEST_ROUNDS);
}

int
main(int argc, char **argv)
{
    size_t i;

    g_test_init(&argc, &argv, NULL);
    for (i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strdup_printf("/growth/%s", rows[i].name);

        g_test_add_data_func(path, &rows[i], testGrowth);
    }
    return g_test_run();
}
