/*
 * test_landlock_complete.c: what becomes of a definition of Landlock and
 * no-new-privs after it is parsed
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: completion, warnings. In: rows of this file. Out:
 * verdicts.
 */

#include "cases.h"

/* <landlock>, the oldest host whose ABI can be filled in, and why not that of
 * the one before. */
#define FILLED "<landlock> has no attribute 'abi' and gets this host's: "

static const struct {
    const char *attributes;
    const char *parts;
    unsigned int oldest;
    const char *message;
} completeRows[] = {
    {"", "<fs/>", 1,
     "<landlock> has no attribute 'abi', and none can be filled in "
     "because this host does not support Landlock (line 6)"},
    {"", "<fs><path target='/' allow='read write'/></fs>", 1,
     "<landlock> has no attribute 'abi', and none can be filled in "
     "because this host does not support Landlock (line 6)"},
    {"", "\n<fs>\n<path target='/' allow='refer'/></fs>", 2,
     FILLED
     "Landlock right 'refer' in attribute 'allow' of <path> needs Landlock ABI "
     "2, but the domain has ABI 1 (line 8)"},
    {"", "<fs><path target='/' allow='read truncate'/></fs>", 3,
     FILLED
     "Landlock right 'truncate' in attribute 'allow' of <path> needs Landlock "
     "ABI 3, but the domain has ABI 2 (line 6)"},
    {"", "\n<net/>", 4,
     FILLED "<net> needs Landlock ABI 4, but the domain has ABI 3 (line 7)"},
    {"", "<fs><path target='/' allow='ioctl_dev'/></fs>", 5,
     FILLED
     "Landlock right 'ioctl_dev' in attribute 'allow' of <path> needs Landlock "
     "ABI 5, but the domain has ABI 4 (line 6)"},
    {"", "<fs/>\n\n<scope/>", 6,
     FILLED "<scope> needs Landlock ABI 6, but the domain has ABI 5 (line 8)"},
    {" mode='best-effort'", "<scope/>", 6,
     FILLED "<scope> needs Landlock ABI 6, but the domain has ABI 5 (line 6)"},
    {" log='on'", "<fs/>", 7,
     FILLED
     "<landlock log='on'> needs Landlock ABI 7, but the domain has ABI 6 "
     "(line 6)"},
    {"", "<fs><path target='/' allow='resolve_unix'/></fs>", 9,
     FILLED
     "Landlock right 'resolve_unix' in attribute 'allow' of <path> needs "
     "Landlock ABI 9, but the domain has ABI 8 (line 6)"},
    {"", "<net>\n<port protocol='udp' number='53' allow='connect'/></net>", 10,
     FILLED
     "<port protocol='udp' number='53'> needs Landlock ABI 10, but the domain "
     "has ABI 9 (line 7)"},
};

static void
testCompleteOn(size_t row, unsigned int hostABI)
{
    g_autofree char *xml =
        g_strdup_printf("<landlock%s>%s</landlock>\n",
                        completeRows[row].attributes, completeRows[row].parts);
    g_autoptr(virLXCConfinementDef) def = testDefFromElements(xml);
    int code = hostABI == 0 ? VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED
                            : VIR_LXC_CONFINEMENT_ERROR_INVALID;
    g_autoptr(GError) error = NULL;
    int rc = virLXCConfinementDefComplete(def, hostABI, &error);

    if (hostABI >= completeRows[row].oldest) {
        g_assert_no_error(error);
        g_assert_cmpint(rc, ==, 0);
        g_assert_cmpuint(def->landlock->abi, ==,
                         MIN(hostABI, VIR_LXC_LANDLOCK_ABI_MAX));
        g_assert_cmpint(def->noNewPrivs, ==, VIR_LXC_SWITCH_ON);
        return;
    }

    /* Refused, and left as it was. */
    g_assert_cmpint(rc, ==, -1);
    g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR, code);
    g_assert_cmpuint(def->landlock->abi, ==, 0);
    g_assert_cmpint(def->noNewPrivs, ==, VIR_LXC_SWITCH_ABSENT);
    if (hostABI + 1 == completeRows[row].oldest)
        g_assert_cmpstr(error->message, ==, completeRows[row].message);
}

static void
testComplete(void)
{
    unsigned int hostABI;
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(completeRows); i++) {
        for (hostABI = 0; hostABI <= VIR_LXC_LANDLOCK_ABI_MAX + 1; hostABI++)
            testCompleteOn(i, hostABI);
    }
}

/* What is stored means the same on every host. */
static void
testCompleteStays(void)
{
    unsigned int hostABI;

    for (hostABI = 0; hostABI <= VIR_LXC_LANDLOCK_ABI_MAX + 1; hostABI++) {
        g_autoptr(virLXCConfinementDef) def =
            testDefFromElements("<landlock abi='4'><net/></landlock>");

        g_assert_cmpint(virLXCConfinementDefComplete(def, hostABI, NULL), ==,
                        0);
        g_assert_cmpint(virLXCConfinementDefComplete(def, 11, NULL), ==, 0);
        g_assert_cmpuint(def->landlock->abi, ==, 4);
        g_assert_cmpint(def->noNewPrivs, ==, VIR_LXC_SWITCH_ON);
    }
}

/* Without <landlock> nothing is filled in. */
static void
testCompleteNothing(void)
{
    g_autoptr(virLXCConfinementDef) absent = testDefFromElements("<acpi/>");
    g_autoptr(virLXCConfinementDef) off =
        testDefFromElements("<no-new-privs state='off'/>");

    g_assert_cmpint(virLXCConfinementDefComplete(NULL, 0, NULL), ==, 0);
    g_assert_cmpint(virLXCConfinementDefComplete(absent, 0, NULL), ==, 0);
    g_assert_cmpint(virLXCConfinementDefComplete(off, 11, NULL), ==, 0);
    g_assert_cmpint(absent->noNewPrivs, ==, VIR_LXC_SWITCH_ABSENT);
    g_assert_cmpint(off->noNewPrivs, ==, VIR_LXC_SWITCH_OFF);
    g_assert_null(absent->landlock);
}

static const struct {
    const char *elements;
    const char *init;
    gboolean warns;
} warningRows[] = {
    {"<landlock><fs/></landlock>", "/sbin/init", TRUE},
    {"<landlock><fs/></landlock>", "/lib/systemd/systemd", TRUE},
    {"<landlock><fs/></landlock>", "/usr/lib/systemd/systemd", TRUE},
    {"<landlock><fs/></landlock>", "/opt/bin/systemd", TRUE},
    {"<landlock><fs/><net/></landlock>", "/sbin/init", TRUE},
    {"<landlock><fs/></landlock>", "/init", FALSE},
    {"<landlock><fs/></landlock>", "/bin/sh", FALSE},
    {"<landlock><fs/></landlock>", "/usr/bin/systemd-notify", FALSE},
    {"<landlock><fs/></landlock>", NULL, FALSE},
    {"<landlock><net/><scope/></landlock>", "/sbin/init", FALSE},
    {"<no-new-privs/>", "/sbin/init", FALSE},
    {"", "/sbin/init", FALSE},
};

static void
testWarnings(void)
{
    g_auto(GStrv) none =
        virLXCConfinementDefWarnings(NULL, "/sbin/init", false);
    size_t i;

    g_assert_null(none[0]);
    for (i = 0; i < G_N_ELEMENTS(warningRows); i++) {
        g_autoptr(virLXCConfinementDef) def =
            testDefFromElements(warningRows[i].elements);
        g_auto(GStrv) warnings =
            virLXCConfinementDefWarnings(def, warningRows[i].init, false);

        g_assert_cmpuint(g_strv_length(warnings), ==, warningRows[i].warns);
        if (i == 0)
            g_assert_cmpstr(warnings[0], ==,
                            "init '/sbin/init' looks like systemd, which needs "
                            "to mount file systems, but <fs> in <landlock> "
                            "makes the kernel refuse every mount");
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/landlock-complete/complete", testComplete);
    g_test_add_func("/landlock-complete/complete-stays", testCompleteStays);
    g_test_add_func("/landlock-complete/complete-nothing", testCompleteNothing);
    g_test_add_func("/landlock-complete/warnings", testWarnings);
    return g_test_run();
}
