/*
 * test_seccomp.c: the tables of seccomp, and what rules are made of
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: table, parse. In: rows of this file. Out: verdicts.
 */

#include <errno.h>

#include "cases.h"

/* The kernel takes the most restrictive answer: seccomp(2). It compares them as
 * signed numbers, so that KILL_PROCESS is the least. */
static void
testActions(void)
{
    const virLXCSeccompActionRow *rows = virLXCSeccompActionTable();
    size_t i;

    g_assert_cmphex(rows[VIR_LXC_SECCOMP_ALLOW].value, ==, 0x7fff0000);
    g_assert_cmphex(rows[VIR_LXC_SECCOMP_KILL_THREAD].value, ==, 0);
    for (i = 0; i < VIR_LXC_SECCOMP_ACTIONS; i++) {
        g_assert_true(i == 0 ||
                      (gint32)rows[i].value < (gint32)rows[i - 1].value);
        g_assert_cmphex(rows[i].value & 0xffff, ==, 0);
        g_assert_true(g_str_has_prefix(rows[i].oci, "SCMP_ACT_"));
        g_assert_cmpint(rows[i].takesErrno, ==,
                        i == VIR_LXC_SECCOMP_ERRNO ||
                            i == VIR_LXC_SECCOMP_TRACE);
    }
}

static void
testOperators(void)
{
    const virLXCSeccompOperatorRow *rows = virLXCSeccompOperatorTable();
    size_t i;

    for (i = 0; i < VIR_LXC_SECCOMP_OPERATORS; i++) {
        g_autofree char *upper = g_ascii_strup(rows[i].name, -1);
        g_autofree char *oci =
            g_strconcat("SCMP_CMP_", g_strdelimit(upper, "-", '_'), NULL);

        g_assert_cmpstr(rows[i].oci, ==, oci);
    }
}

/* What tells one ABI from all others; the bits of audit.h. */
static void
testArchs(void)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    size_t i;
    size_t j;

    g_assert_cmpuint(nrows, ==, 19);
    for (i = 0; i < nrows; i++) {
        const virLXCSeccompArch *host =
            rows[i].runsUnder ? virLXCSeccompArchByName(rows[i].runsUnder)
                              : &rows[i];

        g_assert_true(virLXCSeccompArchByName(rows[i].name) == &rows[i]);
        g_assert_cmpint(rows[i].bigEndian, ==, !(rows[i].audit & 0x40000000));
        g_assert_true(g_str_has_prefix(rows[i].oci, "SCMP_ARCH_"));

        /* One step only, to a 64-bit kernel of the same byte order. */
        g_assert_nonnull(host);
        g_assert_null(host->runsUnder);
        g_assert_cmpint(host->bigEndian, ==, rows[i].bigEndian);
        g_assert_cmphex(host->audit & 0x80000000, ==, 0x80000000);

        for (j = 0; j < i; j++) {
            g_assert_cmphex(rows[i].token, !=, rows[j].token);
            g_assert_cmpstr(rows[i].oci, !=, rows[j].oci);
            g_assert_true(rows[i].audit != rows[j].audit ||
                          rows[i].numberBase != rows[j].numberBase);
        }
    }

    g_assert_cmphex(virLXCSeccompArchByName("x32")->numberBase, ==, 0x40000000);
    g_assert_null(virLXCSeccompArchByName(""));
    g_assert_null(virLXCSeccompArchByName("X32"));
    g_assert_null(virLXCSeccompArchByName("i386"));
}

static const struct {
    const char *name;
    int number;
    const char *formatted;
} errnoRows[] = {
    {"EPERM", EPERM, "EPERM"},
    {"ENOSYS", ENOSYS, "ENOSYS"},
    {"EHWPOISON", EHWPOISON, "EHWPOISON"},
    {"EAGAIN", EAGAIN, "EAGAIN"},
    {"EWOULDBLOCK", EAGAIN, "EAGAIN"},
    {"EDEADLK", EDEADLK, "EDEADLK"},
    {"EDEADLOCK", EDEADLOCK, "EDEADLK"},
    {"EOPNOTSUPP", EOPNOTSUPP, "EOPNOTSUPP"},
    {"ENOTSUP", EOPNOTSUPP, "EOPNOTSUPP"},
    {"eperm", -1, NULL},
    {"EPERM ", -1, NULL},
    {"", -1, NULL},
    {"1", -1, NULL},
};

static void
testErrnos(void)
{
    size_t i;
    int number;

    for (i = 0; i < G_N_ELEMENTS(errnoRows); i++) {
        int found = virLXCErrnoByName(errnoRows[i].name);

        g_assert_cmpint(found, ==, errnoRows[i].number);
        if (found >= 0)
            g_assert_cmpstr(virLXCErrnoName(found), ==, errnoRows[i].formatted);
    }

    g_assert_null(virLXCErrnoName(0));
    g_assert_null(virLXCErrnoName(VIR_LXC_SECCOMP_ERRNO_MAX));
    g_assert_null(virLXCErrnoName(G_MAXUINT));

    /* All that the C library knows. */
    for (number = 1; number <= VIR_LXC_SECCOMP_ERRNO_MAX; number++)
        g_assert_cmpstr(virLXCErrnoName(number), ==, strerrorname_np(number));
}

static void
testProfileNames(void)
{
    static const char *const good[] = {"a", "0", "Web-1_b.json", "a..", NULL};
    static const char *const bad[] = {
        "", ".", "..", ".a", "-a", "_a", "a/b", "a b", "a\n", "\xc3\xa4", NULL};
    g_autofree char *longest = g_strnfill(64, 'a');
    g_autofree char *longer = g_strnfill(65, 'a');
    size_t i;

    for (i = 0; good[i]; i++)
        g_assert_true(virLXCSeccompProfileNameIsValid(good[i]));
    for (i = 0; bad[i]; i++)
        g_assert_false(virLXCSeccompProfileNameIsValid(bad[i]));
    g_assert_true(virLXCSeccompProfileNameIsValid(longest));
    g_assert_false(virLXCSeccompProfileNameIsValid(longer));
}

/* What the parser stores, which other parts read. */
static void
testParsed(void)
{
    g_autoptr(virLXCConfinementDef) def = testDefFromElements(
        "<seccomp policy='deny'>\n<denied action='trace'/>\n"
        "<unknown action='errno' kernel='6.18'/>\n<arch name='x32'/>\n"
        "<syscall name='clone' action='errno' errno='5'>\n"
        "<arg index='5' op='masked-eq' mask='0xF0' value='16'/>\n"
        "<arg index='0' op='lt' value='0x8000000000000000'/>\n</syscall>\n"
        "<syscall name='mount' action='notify'/>\n"
        "<listener path='/l'/>\n</seccomp>");
    const virLXCSeccompDef *seccomp = def->seccomp;
    const virLXCSeccompRule *rule = seccomp->rules->pdata[0];
    const virLXCSeccompCondition *conditions = (void *)rule->conditions->data;
    const virLXCSeccompArchUse *archs = (void *)seccomp->archs->data;

    g_assert_true(def->present);
    g_assert_cmpint(seccomp->line, ==, 6);
    g_assert_cmpint(seccomp->policy, ==, VIR_LXC_SECCOMP_POLICY_DENY);
    g_assert_cmpint(seccomp->denied.kind, ==, VIR_LXC_SECCOMP_TRACE);
    g_assert_cmpuint(seccomp->denied.number, ==, EPERM);
    g_assert_cmpint(seccomp->unknown.kind, ==, VIR_LXC_SECCOMP_ERRNO);
    g_assert_cmpuint(seccomp->unknown.number, ==, ENOSYS);
    g_assert_cmpuint(seccomp->kernel.major, ==, 6);
    g_assert_cmpuint(seccomp->kernel.minor, ==, 18);
    g_assert_cmpuint(seccomp->archs->len, ==, 1);
    g_assert_true(archs[0].arch == virLXCSeccompArchByName("x32"));
    g_assert_cmpint(archs[0].line, ==, 9);
    g_assert_cmpuint(seccomp->rules->len, ==, 2);
    g_assert_cmpstr(rule->name, ==, "clone");
    g_assert_cmpint(rule->line, ==, 10);
    g_assert_cmpuint(rule->action.number, ==, 5);
    g_assert_cmpuint(rule->conditions->len, ==, 2);
    g_assert_cmpuint(conditions[0].index, ==, 5);
    g_assert_cmphex(conditions[0].mask, ==, 0xf0);
    g_assert_cmphex(conditions[0].value, ==, 0x10);
    g_assert_cmpint(conditions[1].op, ==, VIR_LXC_SECCOMP_LT);
    g_assert_cmphex(conditions[1].mask, ==, 0);
    g_assert_cmphex(conditions[1].value, ==, G_GUINT64_CONSTANT(1) << 63);
    g_assert_cmpint(seccomp->listenerLine, ==, 15);
    g_assert_null(seccomp->listenerMetadata);
    g_assert_null(seccomp->effective);
}

static void
testFree(void)
{
    virLXCSeccompDef *half = g_new0(virLXCSeccompDef, 1);
    virLXCSeccompRule *rule = g_new0(virLXCSeccompRule, 1);

    virLXCSeccompDefFree(NULL);
    virLXCSeccompDefFree(half);
    virLXCSeccompRuleFree(NULL);
    virLXCSeccompRuleFree(rule);
    virLXCSeccompEffectiveFree(NULL);
    virLXCSeccompEffectiveFree(g_new0(virLXCSeccompEffective, 1));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/seccomp/actions", testActions);
    g_test_add_func("/seccomp/operators", testOperators);
    g_test_add_func("/seccomp/archs", testArchs);
    g_test_add_func("/seccomp/errnos", testErrnos);
    g_test_add_func("/seccomp/profile-names", testProfileNames);
    g_test_add_func("/seccomp/parsed", testParsed);
    g_test_add_func("/seccomp/free", testFree);
    return g_test_run();
}
