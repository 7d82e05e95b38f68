/*
 * test_seccomp_complete.c: what becomes of a definition of seccomp after it is
 * parsed
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: completion, ABI stability. In: rows of this file. Out: verdicts.
 */

#include <errno.h>

#include "cases.h"

#define NEWEST                                                            \
    "kernel='" G_STRINGIFY(VIR_LXC_SYSCALL_KERNEL_MAJOR) "." G_STRINGIFY( \
        VIR_LXC_SYSCALL_KERNEL_MINOR) "'"

/* <seccomp>, and what is filled in. */
static const struct {
    const char *xml;
    const char *completed;
} completeRows[] = {
    {"<seccomp/>", "<seccomp policy='default' log='off'/>\n"},
    {"<seccomp profile='web'/>",
     "<seccomp policy='default' profile='web' log='off'/>\n"},
    {"<seccomp><unknown action='trap'/></seccomp>",
     "<seccomp policy='default' log='off'>\n"
     "  <unknown action='trap'/>\n"
     "</seccomp>\n"},
    {"<seccomp profile='web'><unknown action='trap'/></seccomp>",
     "<seccomp policy='default' profile='web' log='off'>\n"
     "  <unknown action='trap'/>\n"
     "</seccomp>\n"},
    {"<seccomp policy='deny'/>",
     "<seccomp policy='deny' log='off'>\n"
     "  <unknown action='errno' errno='ENOSYS' " NEWEST "/>\n"
     "</seccomp>\n"},
    {"<seccomp policy='deny'><unknown action='kill-process'/></seccomp>",
     "<seccomp policy='deny' log='off'>\n"
     "  <unknown action='kill-process' " NEWEST "/>\n"
     "</seccomp>\n"},
    {"<seccomp policy='deny'><unknown action='allow' kernel='6.1'/></seccomp>",
     "<seccomp policy='deny' log='off'>\n"
     "  <unknown action='allow' kernel='6.1'/>\n"
     "</seccomp>\n"},
    {"<seccomp policy='allow'/>", "<seccomp policy='allow' log='off'/>\n"},
    {"<seccomp policy='allow'><unknown action='errno' errno='1'/></seccomp>",
     "<seccomp policy='allow' log='off'>\n"
     "  <unknown action='errno' errno='EPERM' " NEWEST "/>\n"
     "</seccomp>\n"},
    {"<seccomp policy='allow'><unknown action='errno' kernel='1.0'/></seccomp>",
     "<seccomp policy='allow' log='off'>\n"
     "  <unknown action='errno' errno='ENOSYS' kernel='1.0'/>\n"
     "</seccomp>\n"},
};

/* The same on every host, once and for all. */
static void
testComplete(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(completeRows); i++) {
        g_autoptr(virLXCConfinementDef) def =
            testDefFromElements(completeRows[i].xml);
        g_autofree char *once = NULL;
        g_autofree char *twice = NULL;

        g_assert_cmpint(virLXCConfinementDefComplete(def, 0, NULL), ==, 0);
        once = virLXCConfinementDefFormat(def, 0);
        g_assert_cmpstr(once, ==, completeRows[i].completed);
        g_assert_cmpint(virLXCConfinementDefComplete(def, 7, NULL), ==, 0);
        twice = virLXCConfinementDefFormat(def, 0);
        g_assert_cmpstr(twice, ==, once);
        g_assert_cmpint(def->noNewPrivs, ==, VIR_LXC_SWITCH_ABSENT);
    }
}

/* A definition that is refused stays as it was. */
static void
testCompleteRefused(void)
{
    g_autoptr(virLXCConfinementDef) def = testDefFromElements(
        "<seccomp policy='deny'/><landlock><net/></landlock>");

    g_assert_cmpint(virLXCConfinementDefComplete(def, 0, NULL), ==, -1);
    g_assert_false(def->seccomp->hasUnknown);
    g_assert_cmpint(virLXCConfinementDefComplete(def, 7, NULL), ==, 0);
    g_assert_true(def->seccomp->hasUnknown);
    g_assert_cmpint(def->noNewPrivs, ==, VIR_LXC_SWITCH_ON);
}

#define END "</seccomp>"
#define RULE(name, action) "<syscall name='" name "' action='" action "'/>"
#define CLONE(action, args) \
    "<syscall name='clone' action='" action "'>" args "</syscall>"
#define ARG(index, value) "<arg index='" index "' op='eq' value='" value "'/>"

/* Attributes and children of two <seccomp>, and how they differ; NULL when a
 * guest could not tell. */
static const struct {
    const char *src;
    const char *dst;
    const char *message;
} abiRows[] = {
    {"/>", " log='off' policy='default'/>", NULL},
    {"/>", " policy='allow'/>",
     "attribute 'policy' of <seccomp> differs: source 'default', destination "
     "'allow'"},
    {" profile='a'/>", " profile='b'/>",
     "attribute 'profile' of <seccomp> differs: source 'a', destination 'b'"},
    {"/>", " profile='b'/>",
     "attribute 'profile' of <seccomp> differs: source 'absent', destination "
     "'b'"},
    {" log='on'/>", "/>",
     "attribute 'log' of <seccomp> differs: source 'on', destination 'off'"},
    {"><denied action='errno'/></seccomp>",
     "><denied action='errno' errno='1'/></seccomp>", NULL},
    {"><denied action='errno'/></seccomp>",
     "><denied action='errno' errno='EACCES'/></seccomp>",
     "<denied> differs: source 'errno EPERM', destination 'errno EACCES'"},
    {"><denied action='errno'/></seccomp>", "/>",
     "<denied> differs: source 'errno EPERM', destination 'absent'"},
    {"><unknown action='trap'/></seccomp>",
     "><unknown action='log'/></seccomp>",
     "<unknown> differs: source 'trap', destination 'log'"},
    {"/>", "><unknown action='errno' errno='4095'/></seccomp>",
     "<unknown> differs: source 'absent', destination 'errno 4095'"},
    {"><unknown action='trap' kernel='6.1'/></seccomp>",
     "><unknown action='trap' kernel='6.12'/></seccomp>",
     "attribute 'kernel' of <unknown> differs: source '6.1', destination "
     "'6.12'"},
    {"><unknown action='trap' kernel='6.1'/></seccomp>",
     "><unknown action='trap'/></seccomp>",
     "attribute 'kernel' of <unknown> differs: source '6.1', destination "
     "'absent'"},
    {"><arch name='x32'/><arch name='i686'/></seccomp>",
     "><arch name='i686'/><arch name='x32'/></seccomp>", NULL},
    {"><arch name='x32'/></seccomp>", "><arch name='i686'/></seccomp>",
     "<arch name='i686'> differs: source 'absent', destination 'present'"},
    {"><arch name='x32'/></seccomp>", "/>",
     "<arch name='x32'> differs: source 'present', destination 'absent'"},
    /* The order of calls does not count. */
    {">" RULE("read", "allow") RULE("write", "log") END,
     ">" RULE("write", "log") RULE("read", "allow") END, NULL},
    {">" RULE("read", "allow") END, ">" RULE("read", "errno") END,
     "<syscall name='read'> differs: source 'allow', destination 'errno "
     "EPERM'"},
    {">" RULE("read", "allow") RULE("write", "log") END,
     ">" RULE("read", "allow") END,
     "<syscall name='write'> differs: source 'log', destination 'absent'"},
    {"/>", ">" RULE("read", "allow") END,
     "<syscall name='read'> differs: source 'absent', destination 'allow'"},
    /* The order of conditions does not, but that of rules of one call does. */
    {">" CLONE("allow", ARG("0", "1") ARG("1", "2")) END,
     ">" CLONE("allow", ARG("1", "0x2") ARG("0", "0x1")) END, NULL},
    {">" CLONE("allow", ARG("0", "1")) CLONE("trap", ARG("1", "2"))
         RULE("read", "allow") END,
     ">" CLONE("allow", ARG("0", "1")) RULE("read", "allow")
         CLONE("trap", ARG("1", "2")) END,
     NULL},
    {">" CLONE("allow", ARG("0", "1")) CLONE("trap", ARG("1", "2")) END,
     ">" CLONE("trap", ARG("1", "2")) CLONE("allow", ARG("0", "1")) END,
     "<syscall name='clone'> differs: source 'allow if 0 eq 0x1; trap if 1 eq "
     "0x2', destination 'trap if 1 eq 0x2; allow if 0 eq 0x1'"},
    {">" CLONE("allow", "<arg index='0' op='masked-eq' mask='3' value='1'/>")
         END,
     ">" CLONE("allow", "<arg index='0' op='masked-eq' mask='1' value='1'/>")
         END,
     "<syscall name='clone'> differs: source 'allow if 0 masked-eq 0x3 0x1', "
     "destination 'allow if 0 masked-eq 0x1 0x1'"},
    {" profile='a'><listener path='/a'/></seccomp>", " profile='a'/>",
     "<listener> differs: source '/a', destination 'absent'"},
    {" profile='a'><listener path='/a'/></seccomp>",
     " profile='a'><listener path='/a' metadata=''/></seccomp>",
     "attribute 'metadata' of <listener> differs: source 'absent', destination "
     "''"},
};

static void
testStability(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(abiRows); i++) {
        g_autofree char *srcXML = g_strconcat("<seccomp", abiRows[i].src, NULL);
        g_autofree char *dstXML = g_strconcat("<seccomp", abiRows[i].dst, NULL);
        g_autoptr(virLXCConfinementDef) src = testDefFromElements(srcXML);
        g_autoptr(virLXCConfinementDef) dst = testDefFromElements(dstXML);
        g_autoptr(GError) error = NULL;
        int rc = virLXCConfinementDefCheckABIStability(src, dst, &error);

        g_assert_cmpint(rc, ==, abiRows[i].message ? -1 : 0);
        g_assert_cmpstr(error ? error->message : NULL, ==, abiRows[i].message);
        if (error)
            g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                           VIR_LXC_CONFINEMENT_ERROR_INVALID);

        /* What differs one way differs the other way. */
        g_assert_cmpint(virLXCConfinementDefCheckABIStability(dst, src, NULL),
                        ==, rc);
    }
}

/* An empty <seccomp> is the default profile, and none is no filter at all. */
static void
testStabilityOfNone(void)
{
    g_autoptr(virLXCConfinementDef) none = testDefFromElements("<acpi/>");
    g_autoptr(virLXCConfinementDef) some = testDefFromElements("<seccomp/>");
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(virLXCConfinementDefCheckABIStability(NULL, none, NULL), ==,
                    0);
    g_assert_cmpint(virLXCConfinementDefCheckABIStability(NULL, some, &error),
                    ==, -1);
    g_assert_cmpstr(error->message, ==,
                    "<seccomp> differs: source 'absent', destination "
                    "'present'");
    g_assert_cmpint(virLXCConfinementDefCheckABIStability(some, none, NULL), ==,
                    -1);
}

/* What is in effect does not count. */
static void
testStabilityOfEffective(void)
{
    g_autoptr(virLXCConfinementDef) src = testDefFromElements("<seccomp/>");
    g_autoptr(virLXCConfinementDef) dst = testDefFromElements("<seccomp/>");

    src->seccomp->effective = g_new0(virLXCSeccompEffective, 1);
    src->seccomp->effective->digest = g_strnfill(64, '0');
    g_assert_cmpint(virLXCConfinementDefCheckABIStability(src, dst, NULL), ==,
                    0);
    g_assert_cmpint(virLXCConfinementDefCheckABIStability(dst, src, NULL), ==,
                    0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/seccomp/complete", testComplete);
    g_test_add_func("/seccomp/complete/refused", testCompleteRefused);
    g_test_add_func("/seccomp/stability", testStability);
    g_test_add_func("/seccomp/stability/none", testStabilityOfNone);
    g_test_add_func("/seccomp/stability/effective", testStabilityOfEffective);
    return g_test_run();
}
