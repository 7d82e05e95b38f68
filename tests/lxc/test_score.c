/*
 * test_score.c: the score of domains
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: for each check, the documents exposed.xml and improved.xml in its
 * directory of tests/data/score/rows; the examples of the project. Out: whether
 * the line that the check recommends is what improves its result and the score;
 * the scores of the examples, in tests/data/score/examples.
 */

#include <string.h>

#include "cases.h"
#include "score.h"

static virLXCPlan *
testPlan(virLXCConfinementDef *def, bool isRoot)
{
    const virLXCHost host = {
        .lastCap = 40,
        .bounding = G_MAXUINT64,
        .rebootContained = true,
        .landlockABI = VIR_LXC_LANDLOCK_ABI_MAX,
        .landlockErrata = G_MAXUINT,
        .kernel = {6, 12},
        .cpus = 2,
        .seccompArch = virLXCSeccompArchByName("x86_64"),
        .seccompActions = G_MAXUINT,
        .seccompFlags = G_MAXUINT,
    };
    g_autoptr(GError) error = NULL;
    virLXCPlan *plan = NULL;

    virLXCConfinementDefComplete(def, host.landlockABI, &error);
    g_assert_no_error(error);
    plan = virLXCPlanNew(def, &host, NULL, isRoot, &error);
    g_assert_no_error(error);
    return plan;
}

static virLXCScore *
testScoreOf(const char *text, bool isDomain)
{
    g_autoptr(virLXCConfinementDef) def = testDefFromString(text);
    g_autoptr(virLXCPlan) plan = testPlan(def, !strstr(text, "<inituser>"));
    const virLXCScoreSubject subject = {
        .def = def,
        .plan = plan,
        .landlockABI = VIR_LXC_LANDLOCK_ABI_MAX,
        .isDomain = isDomain,
        .hasIdmap = strstr(text, "<idmap>"),
        .mapsHostRoot = strstr(text, "target='0'"),
        .hasNetwork = strstr(text, "<privnet/>") || strstr(text, "<interface"),
    };

    return virLXCScoreNew(&subject);
}

static const virLXCScoreCheck *
testFindCheck(const virLXCScore *score, const char *name)
{
    guint i;

    for (i = 0; i < score->checks->len; i++) {
        const virLXCScoreCheck *check =
            &g_array_index(score->checks, virLXCScoreCheck, i);

        if (g_str_equal(check->row->name, name))
            return check;
    }
    g_error("there is no check '%s'", name);
}

/* Nothing else may get worse. */
static void
testRow(gconstpointer dir)
{
    g_autofree char *name = g_path_get_basename(dir);
    g_autofree char *exposed = testCaseRead(dir, "exposed.xml");
    g_autofree char *improved = testCaseRead(dir, "improved.xml");
    g_autoptr(virLXCScore) before = testScoreOf(exposed, true);
    g_autoptr(virLXCScore) after = testScoreOf(improved, true);
    const virLXCScoreCheck *check = testFindCheck(before, name);
    guint i;

    g_assert_nonnull(strstr(improved, check->remedy));
    g_assert_cmpint(check->exposure, >, 0);
    g_assert_cmpint(testFindCheck(after, name)->exposure, <, check->exposure);
    g_assert_cmpuint(after->hundredths, <, before->hundredths);

    for (i = 0; i < before->checks->len; i++) {
        check = &g_array_index(before->checks, virLXCScoreCheck, i);
        g_assert_cmpint(testFindCheck(after, check->row->name)->exposure, <=,
                        MAX(check->exposure, 0));
    }
}

static void
testAllRows(void)
{
    g_autofree char *dir = g_test_build_filename(G_TEST_DIST, "tests", "data",
                                                 "score", "rows", NULL);
    size_t nrows = 0;
    const virLXCScoreRow *rows = virLXCScoreTable(&nrows);
    size_t i;

    g_assert_cmpuint(nrows, >=, 30);
    for (i = 0; i < nrows; i++) {
        g_autofree char *path = g_build_filename(dir, rows[i].name, NULL);

        if (!g_file_test(path, G_FILE_TEST_IS_DIR))
            g_error("%s has no documents", rows[i].name);
        g_assert_cmpuint(rows[i].weight, >, 0);
        g_assert_true(g_str_has_suffix(rows[i].meaning, "."));
        g_assert_true(g_str_has_prefix(rows[i].remedy, "<"));
    }
}

/* What adds most comes first, and all of it together is the score. */
static void
testShares(void)
{
    g_autofree char *text = testDocWrap("<seccomp policy='allow'/>", FALSE);
    g_autoptr(virLXCScore) score = testScoreOf(text, true);
    unsigned int last = G_MAXUINT;
    unsigned int sum = 0;
    guint i;

    for (i = 0; i < score->checks->len; i++) {
        const virLXCScoreCheck *check =
            &g_array_index(score->checks, virLXCScoreCheck, i);

        g_assert_cmpuint(check->share, <=, last);
        g_assert_cmpint(check->exposure, <=, VIR_LXC_SCORE_EXPOSED);
        last = check->share;
        sum += last;
    }
    g_assert_cmpuint(MAX(sum, score->hundredths) - MIN(sum, score->hundredths),
                     <, score->checks->len);
}

static void
testExtremes(void)
{
    g_autofree char *open =
        testDocWrap("<capabilities policy='allow'/>", FALSE);
    g_autofree char *closed = testDocWrap(
        "<capabilities policy='deny'/><no-new-privs state='on'/>"
        "<landlock abi='11'><fs/><net/><scope signal='on' "
        "abstract-unix-socket='on'/></landlock>"
        "<seccomp policy='deny'><syscall name='execve' action='allow'/>"
        "</seccomp><kernel-files/>",
        FALSE);
    g_autoptr(virLXCScore) most = testScoreOf(open, true);
    g_autoptr(virLXCScore) least = testScoreOf(closed, false);

    g_assert_cmpuint(most->hundredths, ==, 1000);
    g_assert_cmpstr(virLXCScoreLevel(most->hundredths), ==, "very high");
    g_assert_cmpuint(least->hundredths, ==, 0);
    g_assert_cmpstr(virLXCScoreLevel(least->hundredths), ==, "low");
    g_assert_cmpstr(virLXCScoreLevel(200), ==, "moderate");
    g_assert_cmpstr(virLXCScoreLevel(799), ==, "high");
    g_assert_cmpstr(virLXCScoreLevel(800), ==, "very high");
}

/* A file that is masked cannot be written either. */
static void
testKernelFiles(void)
{
    g_autofree char *text = testDocWrap(
        "<capabilities policy='deny'/>"
        "<kernel-files><path target='/proc/kcore' access='readonly'/>"
        "<path target='/proc/bus' access='masked'/></kernel-files>",
        FALSE);
    g_autoptr(virLXCScore) score = testScoreOf(text, true);

    g_assert_cmpint(testFindCheck(score, "kernel-files-read")->exposure, >, 0);
    g_assert_cmpint(testFindCheck(score, "kernel-files-write")->exposure, ==,
                    0);
}

/* What a line of the policy says is not enough if it says it only for some
 * cases; and the remedy is not one that has been applied already. */
static void
testRemedies(void)
{
    static const struct {
        const char *check;
        const char *features;
        const char *remedy;
    } rows[] = {
        {"users",
         "<capabilities policy='allow'><setuid state='off'/></capabilities>",
         "<setgid state='off'/>"},
        {"socket-families", "<seccomp/>",
         "<socket family='packet' action='errno' errno='EAFNOSUPPORT'/>"},
        {"socket-families",
         "<seccomp policy='allow'><syscall name='socket' action='errno'>"
         "<arg index='0' op='eq' value='38'/></syscall></seccomp>",
         "<socket family='alg' action='errno' errno='EAFNOSUPPORT'/>"},
        {"keyrings",
         "<seccomp policy='allow'><syscall name='keyctl' action='errno'>"
         "<arg index='0' op='eq' value='0'/></syscall></seccomp>",
         "<syscall name='keyctl' action='errno'/>"},
        {"keyrings",
         "<seccomp policy='allow'><syscall name='keyctl' action='errno'/>"
         "</seccomp>",
         "<syscall name='add_key' action='errno'/>"},
        {"user-namespaces",
         "<seccomp policy='allow'><syscall name='clone' action='errno'/>"
         "<syscall name='clone3' action='errno'/>"
         "<syscall name='unshare' action='errno'>"
         "<arg index='0' op='eq' value='0x10000000'/></syscall></seccomp>",
         "<namespace type='user' action='errno'/>"},
        {"system-calls",
         "<seccomp policy='deny'><denied action='log'/>"
         "<syscall name='execve' action='allow'/></seccomp>",
         "<denied action='errno'/>"},
        {"system-calls", "<seccomp policy='allow'/>", "<seccomp/>"},
        {"files", "<landlock abi='1'><fs/></landlock>", "<landlock abi='2'>"},
        {"tcp", "<landlock abi='3'><fs/></landlock>",
         "<landlock abi='4'><net>"},
        {"write-execute", "<landlock><net/></landlock>", "<fs>"},
        {"write-execute",
         "<landlock><fs><path target='/' allow='read execute write'/></fs>"
         "</landlock>",
         "<path target='/' allow='read execute'/>"},
        {"best-effort", "", "<fs>"},
        {"kernel-files-write",
         "<kernel-files><path target='/proc/bus/pci' access='writable'/>"
         "</kernel-files>",
         "<path target='/proc/bus/pci' access='readonly'/>"},
        {"kernel-files-write",
         "<kernel-files><path target='/proc/sys' access='writable'/>"
         "</kernel-files>",
         "<path target='/proc/sys' access='readonly'/>"},
        {"kernel-files-read",
         "<kernel-files policy='none'><path target='/proc/keys' "
         "access='masked'/></kernel-files>",
         "<kernel-files/>"},
    };
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = testDocWrap(rows[i].features, FALSE);
        g_autoptr(virLXCScore) score = testScoreOf(text, true);
        const virLXCScoreCheck *check = testFindCheck(score, rows[i].check);

        g_assert_cmpint(check->exposure, >, 0);
        g_assert_cmpstr(check->remedy, ==, rows[i].remedy);
    }
}

/* Nothing is suggested that the host cannot do. */
static void
testOlderHost(void)
{
    g_autofree char *text = testDocWrap("", FALSE);
    g_autoptr(virLXCConfinementDef) def = testDefFromString(text);
    g_autoptr(virLXCPlan) plan = testPlan(def, true);
    virLXCScoreSubject subject = {
        .def = def, .plan = plan, .landlockABI = 9, .isDomain = true};
    g_autoptr(virLXCScore) nine = virLXCScoreNew(&subject);
    g_autoptr(virLXCScore) none = NULL;

    g_assert_cmpstr(testFindCheck(nine, "tcp")->remedy, ==, "<net>");
    g_assert_null(testFindCheck(nine, "udp")->remedy);
    g_assert_cmpint(testFindCheck(nine, "udp")->exposure, >, 0);

    subject.landlockABI = 0;
    none = virLXCScoreNew(&subject);
    g_assert_null(testFindCheck(none, "files")->remedy);
    g_assert_null(testFindCheck(none, "best-effort")->remedy);
}

static void
testUsers(void)
{
    g_autofree char *mapped =
        testDocWrap("<privnet/></features><idmap><uid start='0' target='0' "
                    "count='9'/><gid start='0' target='1000' count='9'/>"
                    "</idmap><features>",
                    FALSE);
    g_autofree char *user =
        testDocWrap("</features><inituser>1000</inituser><features>", FALSE);
    g_autoptr(virLXCScore) ofMapped = testScoreOf(mapped, true);
    g_autoptr(virLXCScore) ofUser = testScoreOf(user, true);

    g_assert_cmpint(testFindCheck(ofMapped, "idmap")->exposure, >, 0);
    g_assert_cmpint(testFindCheck(ofMapped, "abstract-sockets")->exposure, ==,
                    0);
    g_assert_cmpint(testFindCheck(ofMapped, "future-capabilities")->exposure, >,
                    0);
    g_assert_cmpint(testFindCheck(ofUser, "future-capabilities")->exposure, ==,
                    0);
}

static void
testAppendScore(GString *out, const char *name, const char *text)
{
    g_autoptr(virLXCScore) score = testScoreOf(text, true);
    guint i;

    g_string_append_printf(out, "%s: %u.%02u, %s\n", name,
                           score->hundredths / 100, score->hundredths % 100,
                           virLXCScoreLevel(score->hundredths));
    for (i = 0; i < score->checks->len; i++) {
        const virLXCScoreCheck *check =
            &g_array_index(score->checks, virLXCScoreCheck, i);

        if (check->exposure > 0)
            g_string_append_printf(out, "  %u.%02u %s\n", check->share / 100,
                                   check->share % 100, check->row->name);
    }
}

/* The first document of the page. */
static char *
testReadme(void)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "README.md", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    char *start = NULL;
    char *end = NULL;

    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    start = strstr(text, "```xml\n");
    g_assert_nonnull(start);
    start += strlen("```xml\n");
    end = strstr(start, "```");
    g_assert_nonnull(end);
    return g_strndup(start, (gsize)(end - start));
}

static void
testExamples(void)
{
    static const char *const names[] = {"example.xml", "nginx.xml",
                                        "web-server.xml"};
    g_autofree char *dir = g_test_build_filename(G_TEST_DIST, "tests", "data",
                                                 "score", "examples", NULL);
    g_autofree char *readme = testReadme();
    g_autofree char *nothing = testDocWrap("", FALSE);
    g_autoptr(GString) out = g_string_new(NULL);
    size_t i;

    testAppendScore(out, "a domain without confinement", nothing);
    testAppendScore(out, "README.md", readme);
    for (i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path =
            g_test_build_filename(G_TEST_DIST, "examples", names[i], NULL);
        g_autofree char *text = NULL;
        g_autoptr(GError) error = NULL;

        g_file_get_contents(path, &text, NULL, &error);
        g_assert_no_error(error);
        testAppendScore(out, names[i], text);
    }
    testCaseCompare(dir, "scores.txt", out->str);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testCasesAdd("/score", "score/rows", testRow);
    g_test_add_func("/score/all-rows", testAllRows);
    g_test_add_func("/score/shares", testShares);
    g_test_add_func("/score/extremes", testExtremes);
    g_test_add_func("/score/kernel-files", testKernelFiles);
    g_test_add_func("/score/row-remedies", testRemedies);
    g_test_add_func("/score/older-host", testOlderHost);
    g_test_add_func("/score/init-and-mappings", testUsers);
    g_test_add_func("/score/examples", testExamples);
    return g_test_run();
}
