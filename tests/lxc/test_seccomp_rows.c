/*
 * test_seccomp_rows.c: what filters answer to given calls
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the directories of tests/data/seccomp-filter. Each has a document, in.xml
 * (with the profile that it names, profile.json), and rows.txt:
 *
 *     # a remark
 *     host x86_64 6.12 sys_admin      the host, its kernel, what is kept
 *     x86_64 read|write()             allow
 *     i686   personality(0x0|0x8)     allow
 *     x86_64 #0x1ff(_, 3)             errno ENOSYS
 *     @0xdeadbeef #3()                errno EPERM
 *
 * A row is an ABI ("native", or AUDIT_ARCH_…), calls by name or number,
 * arguments, the filter's action. "|" separates alternatives, each combination
 * of which counts as a row; those of architectures of hosts are tried one after
 * the other, with all rows up to the next "host". "_" and what is left out does
 * not matter: 0 is tried, and all bits set. Out: verdicts of filter, ruleset
 * and, for ABIs that it has, the running kernel.
 */

#include <linux/audit.h>
#include <string.h>

#include "cases.h"
#include "plan.h"
#include "seccomp_agree.h"
#include "seccomp_number.h"
#include "seccomp_reference.h"
#include "seccomp_resolve.h"

#define TEST_ARGUMENTS VIR_LXC_SECCOMP_ARGUMENTS

static guint allRows;

/* A case, with what its latest "host" has made of it. */
typedef struct {
    const char *dir;
    virLXCConfinementDef *def;
    char *profile;
    guint pass;
    const virLXCSeccompArch *native;
    virLXCSeccompRuleset *ruleset;
    virLXCSeccompFilter *filter;
    GArray *calls;
    guint rows;
    guint kernel;
    guint line;
} testCase;

/* One line of calls. */
typedef struct {
    const virLXCSeccompArch *arch;
    guint32 audit;
    GStrv numbers;
    GStrv args[TEST_ARGUMENTS];
    guint32 verdict;
} testRow;

static guint64
testNumber(const testCase *test, const char *text)
{
    char *end = NULL;
    guint64 number = g_ascii_strtoull(text, &end, 0);

    if (end == text || *end != '\0')
        g_error("%s:%u: '%s' is not a number", test->dir, test->line, text);
    return number;
}

static void
testEndHost(testCase *test)
{
    if (test->filter)
        test->kernel += testSeccompKernelAgrees(test->filter, test->calls);
    g_array_set_size(test->calls, 0);
    g_clear_pointer(&test->filter, virLXCSeccompFilterFree);
    g_clear_pointer(&test->ruleset, virLXCSeccompRulesetFree);
}

/* The filter of a domain that also has <landlock>. */
static virLXCSeccompRuleset *
testRulesetFromPlan(const testCase *test, const virLXCSeccompContext *context,
                    GError **error)
{
    const virLXCHost host = {
        .lastCap = 40,
        .landlockABI = test->def->landlock->abi,
        .kernel = context->kernel,
        .seccompArch = context->native,
        .seccompActions = G_MAXUINT,
    };
    g_autoptr(virLXCPlan) plan =
        virLXCPlanNew(test->def, &host, test->profile, true, error);

    return plan && plan->seccomp ? g_steal_pointer(&plan->seccomp->ruleset)
                                 : NULL;
}

/* "host ARCH|… KERNEL CAPABILITY…": in each pass another architecture. */
static void
testBeginHost(testCase *test, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    g_auto(GStrv) archs = NULL;
    g_autoptr(GError) error = NULL;
    virLXCSeccompContext context = {0};
    size_t i;

    testEndHost(test);
    if (g_strv_length(words) < 3)
        g_error("%s:%u: which host?", test->dir, test->line);
    archs = g_strsplit(words[1], "|", -1);
    if (test->pass >= g_strv_length(archs))
        return;

    test->native = virLXCSeccompArchByName(archs[test->pass]);
    g_assert_nonnull(test->native);
    context.native = test->native;
    g_assert_true(virLXCKernelVersionFromString(words[2], &context.kernel));
    for (i = 3; words[i]; i++) {
        const virLXCCapability *row = virLXCCapabilityByName(words[i]);

        g_assert_nonnull(row);
        context.capabilities |= VIR_LXC_CAPABILITY_BIT(row->number);
    }

    test->ruleset = test->def->landlock
                        ? testRulesetFromPlan(test, &context, &error)
                        : virLXCSeccompResolve(test->def->seccomp, &context,
                                               test->profile, &error);
    g_assert_no_error(error);
    test->filter = testSeccompCompile(test->ruleset);
}

static guint32
testParseVerdict(const testCase *test, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    guint kind;

    for (kind = 0; words[0] && kind < VIR_LXC_SECCOMP_ACTIONS; kind++) {
        virLXCSeccompAction action = {kind, 0};
        int number = words[1] ? virLXCErrnoByName(words[1]) : 0;

        if (!g_str_equal(virLXCSeccompActionTable()[kind].name, words[0]))
            continue;
        action.number =
            number >= 0 ? (guint64)number : testNumber(test, words[1]);
        return testSeccompReturn(&action);
    }
    g_error("%s:%u: '%s' is not an answer", test->dir, test->line, text);
}

static guint32
testParseCall(const testCase *test, const testRow *row, const char *text)
{
    int number;

    if (text[0] == '#')
        return testNumber(test, text + 1);

    number = row->arch ? virLXCSyscallNumber(text, row->arch) : -1;
    if (number < 0)
        g_error("%s:%u: there is no '%s'", test->dir, test->line, text);
    return number;
}

static void
testRowClear(testRow *row)
{
    size_t i;

    g_strfreev(row->numbers);
    for (i = 0; i < TEST_ARGUMENTS; i++)
        g_strfreev(row->args[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(testRow, testRowClear)

static void
testParseArguments(const testCase *test, const char *text, testRow *row)
{
    g_auto(GStrv) args = g_strsplit(text, ",", -1);
    guint n = g_strv_length(args);
    size_t i;

    if (n > TEST_ARGUMENTS)
        g_error("%s:%u: %u arguments", test->dir, test->line, n);
    for (i = 0; i < TEST_ARGUMENTS; i++)
        row->args[i] = g_strsplit(i < n ? g_strstrip(args[i]) : "_", "|", -1);
}

static void
testParseRow(const testCase *test, const char *text, testRow *row)
{
    g_autoptr(GRegex) regex = g_regex_new(
        "^(\\S+)\\s+([^\\s(]+)\\(([^)]*)\\)\\s+(\\S.*)$", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    g_auto(GStrv) parts = NULL;

    if (!g_regex_match(regex, text, 0, &match))
        g_error("%s:%u: '%s' is not a row", test->dir, test->line, text);

    parts = g_match_info_fetch_all(match);
    row->arch = g_str_equal(parts[1], "native")
                    ? test->native
                    : virLXCSeccompArchByName(parts[1]);
    if (!row->arch && parts[1][0] != '@')
        g_error("%s:%u: '%s' is not an ABI", test->dir, test->line, parts[1]);
    row->audit = row->arch ? row->arch->audit : testNumber(test, parts[1] + 1);
    row->numbers = g_strsplit(parts[2], "|", -1);
    testParseArguments(test, parts[3], row);
    row->verdict = testParseVerdict(test, parts[4]);
}

/* A combination of alternatives, with what does not matter set to @rest. */
static void
testTry(testCase *test, const testRow *row, const testBPFCall *template,
        const bool *open, guint64 rest)
{
    testBPFCall call = *template;
    g_autofree char *text = NULL;
    guint32 meant;
    guint32 verdict;
    size_t i;

    for (i = 0; i < TEST_ARGUMENTS; i++) {
        if (open[i])
            call.args[i] = rest;
    }

    meant = testSeccompReference(test->ruleset, &call);
    verdict = testSeccompRun(test->filter, &call);
    g_array_append_val(test->calls, call);
    if (meant == row->verdict && verdict == row->verdict)
        return;

    text = testSeccompCallText(&call);
    g_test_message("%s:%u: %s: expected %#x, the ruleset means %#x, "
                   "the filter says %#x",
                   test->dir, test->line, text, row->verdict, meant, verdict);
    g_test_fail();
}

/* All combinations of the alternatives for the arguments from @index on. */
static void
testCombine(testCase *test, const testRow *row, testBPFCall *call, bool *open,
            size_t index)
{
    size_t i;

    if (index == TEST_ARGUMENTS) {
        testTry(test, row, call, open, 0);
        testTry(test, row, call, open,
                row->audit & __AUDIT_ARCH_64BIT ? G_MAXUINT64 : G_MAXUINT32);
        test->rows++;
        return;
    }

    for (i = 0; row->args[index][i]; i++) {
        const char *text = row->args[index][i];

        open[index] = g_str_equal(text, "_");
        call->args[index] = open[index] ? 0 : testNumber(test, text);
        testCombine(test, row, call, open, index + 1);
    }
}

static void
testLine(testCase *test, char *text)
{
    g_auto(testRow) row = {0};
    size_t i;

    g_strstrip(text);
    if (text[0] == '#' || text[0] == '\0')
        return;
    if (g_str_has_prefix(text, "host ")) {
        testBeginHost(test, text);
        return;
    }
    if (!test->filter)
        return;

    testParseRow(test, text, &row);
    for (i = 0; row.numbers[i]; i++) {
        testBPFCall call = {.audit = row.audit};
        bool open[TEST_ARGUMENTS] = {false};

        call.number = testParseCall(test, &row, row.numbers[i]);
        testCombine(test, &row, &call, open, 0);
    }
}

static void
testRows(gconstpointer dir)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = testCaseRead(dir, "rows.txt");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    testCase test = {.dir = dir};
    guint rows;
    size_t i;

    test.def = testDefFromCase(dir);
    virLXCConfinementDefComplete(test.def, 0, &error);
    g_assert_no_error(error);
    g_assert_true(test.def->seccomp || test.def->landlock);
    if (test.def->seccomp && test.def->seccomp->profile)
        test.profile = testCaseRead(dir, "profile.json");
    test.calls = g_array_new(FALSE, FALSE, sizeof(testBPFCall));

    do {
        rows = test.rows;
        for (i = 0; lines[i]; i++) {
            test.line = (guint)i + 1;
            testLine(&test, lines[i]);
        }
        testEndHost(&test);
        test.pass++;
    } while (test.rows > rows);

    g_test_message("%u rows, %u calls compared with the kernel", test.rows,
                   test.kernel);
    g_assert_cmpuint(test.rows, >, 0);
    allRows += test.rows;
    g_array_unref(test.calls);
    g_free(test.profile);
    virLXCConfinementDefFree(test.def);
}

/* After all others. */
static void
testTotal(void)
{
    g_test_message("%u rows in all", allRows);
    g_assert_cmpuint(allRows, >, 10000);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    testCasesAdd("/seccomp/rows", "seccomp-filter", testRows);
    g_test_add_func("/total/rows", testTotal);

    return g_test_run();
}
