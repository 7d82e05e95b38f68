/*
 * test_seccomp_complete.c: what becomes of a definition of seccomp after it is
 * parsed
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: completion. In: rows of this file. Out: verdicts.
 */

#include <errno.h>
#include <string.h>

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
    {"<seccomp><syscall group='swap' action='allow'/></seccomp>",
     "<seccomp policy='default' log='off'>\n"
     "  <unknown action='errno' errno='ENOSYS' " NEWEST "/>\n"
     "  <syscall group='swap' action='allow'/>\n"
     "</seccomp>\n"},
    {"<seccomp><unknown action='trap'/>"
     "<syscall group='swap' action='allow'/></seccomp>",
     "<seccomp policy='default' log='off'>\n"
     "  <unknown action='trap' " NEWEST "/>\n"
     "  <syscall group='swap' action='allow'/>\n"
     "</seccomp>\n"},
    {"<seccomp><unknown action='trap' kernel='6.1'/>"
     "<syscall group='swap' action='allow'/></seccomp>",
     "<seccomp policy='default' log='off'>\n"
     "  <unknown action='trap' kernel='6.1'/>\n"
     "  <syscall group='swap' action='allow'/>\n"
     "</seccomp>\n"},
    {"<seccomp profile='web'><syscall group='swap' action='allow'/></seccomp>",
     "<seccomp policy='default' profile='web' log='off'>\n"
     "  <syscall group='swap' action='allow'/>\n"
     "</seccomp>\n"},
    {"<seccomp policy='allow'><syscall group='swap' action='trap'/></seccomp>",
     "<seccomp policy='allow' log='off'>\n"
     "  <unknown action='allow' " NEWEST "/>\n"
     "  <syscall group='swap' action='trap'/>\n"
     "</seccomp>\n"},
    {"<seccomp policy='allow'><unknown action='errno' kernel='1.0'/></seccomp>",
     "<seccomp policy='allow' log='off'>\n"
     "  <unknown action='errno' errno='ENOSYS' kernel='1.0'/>\n"
     "</seccomp>\n"},
};

#define KERNEL_FILES "<kernel-files policy='default'/>\n"

/* The same on every host, once and for all. */
static void
testComplete(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(completeRows); i++) {
        g_autoptr(virLXCConfinementDef) def =
            testDefFromElements(completeRows[i].xml);
        g_autofree char *expected =
            g_strconcat(completeRows[i].completed, KERNEL_FILES, NULL);
        g_autofree char *once = NULL;
        g_autofree char *twice = NULL;

        g_assert_cmpint(virLXCConfinementDefComplete(def, 0, NULL), ==, 0);
        once = virLXCConfinementDefFormat(def, 0);
        g_assert_cmpstr(once, ==, expected);
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
#define GROUP(name, action) "<syscall group='" name "' action='" action "'/>"
#define DROPPED "<capabilities policy='deny'/>"
#define OFF "<capabilities><sys_admin state='off'/></capabilities>"
#define USER(action) "<namespace type='user' action='" action "'/>"

/* Whether who can make a user namespace has all capabilities again. */
static const struct {
    const char *elements;
    gboolean warns;
} warningRows[] = {
    {DROPPED, TRUE},
    {OFF, TRUE},
    {DROPPED "<seccomp/>", FALSE},
    {OFF "<seccomp/>", FALSE},
    {DROPPED "<seccomp policy='deny'/>", FALSE},
    {DROPPED "<seccomp policy='allow'/>", TRUE},
    {DROPPED "<seccomp policy='allow'>" USER("errno") END, FALSE},
    {DROPPED "<seccomp policy='allow'>" USER("kill-process") END, FALSE},
    {DROPPED "<seccomp policy='allow'>" USER("log") END, TRUE},
    {DROPPED "<seccomp>" USER("allow") END, TRUE},
    {DROPPED "<seccomp policy='deny'>" USER("allow") END, TRUE},
    {DROPPED
     "<seccomp policy='allow'><namespace type='net' action='errno'/>" END,
     TRUE},
    {DROPPED "<seccomp>" RULE("unshare", "allow") END, TRUE},
    {DROPPED "<seccomp>" RULE("clone3", "allow") END, TRUE},
    {DROPPED "<seccomp policy='deny'>" RULE("clone", "allow") END, TRUE},
    {DROPPED "<seccomp policy='allow'>" RULE("unshare", "errno") END, TRUE},
    {DROPPED "<seccomp>" GROUP("process", "allow") END, TRUE},
    {DROPPED "<seccomp>" GROUP("process", "log") RULE("unshare", "errno") END,
     TRUE},
    {DROPPED "<seccomp>" GROUP("namespace", "allow") END, TRUE},
    {DROPPED "<seccomp>" GROUP("namespace", "errno") END, FALSE},
    {DROPPED "<seccomp policy='deny'>" GROUP("file-system", "allow") END,
     FALSE},
    {DROPPED "<seccomp policy='deny'>" GROUP("process", "allow")
         RULE("clone", "errno") RULE("clone3", "errno") END,
     FALSE},
    {DROPPED "<seccomp policy='deny'>" GROUP("process", "allow") USER("errno")
         END,
     FALSE},
    {DROPPED "<seccomp policy='allow'>" GROUP("namespace", "errno") END, TRUE},
    {DROPPED "<landlock><net/></landlock>", TRUE},
    {"<capabilities policy='deny'><sys_admin/></capabilities>", FALSE},
    {"<capabilities><chown state='off'/></capabilities>", FALSE},
    {"<capabilities policy='allow'/>", FALSE},
    {"<no-new-privs/>", FALSE},
    {"", FALSE},
};

static size_t
testCountWarnings(const virLXCConfinementDef *def, gboolean hasIdmap)
{
    g_auto(GStrv) warnings = virLXCConfinementDefWarnings(def, NULL, hasIdmap);
    size_t count = 0;
    size_t i;

    for (i = 0; warnings[i]; i++)
        count += strstr(warnings[i], "user namespace") != NULL;
    return count;
}

/* With <idmap>, they are forbidden, unless <namespace> permits them. */
static void
testWarnings(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(warningRows); i++) {
        g_autoptr(virLXCConfinementDef) def =
            testDefFromElements(warningRows[i].elements);
        gboolean warns = warningRows[i].warns;
        gboolean named = strstr(warningRows[i].elements, "type='user'") != NULL;

        g_test_message("%s", warningRows[i].elements);
        g_assert_cmpuint(testCountWarnings(def, FALSE), ==, warns);
        g_assert_cmpuint(testCountWarnings(def, TRUE), ==, warns && named);
    }
}

/* Only what drops sys_admin and says nothing else about them. */
static void
testForbids(void)
{
    static const struct {
        const char *elements;
        gboolean forbids;
    } rows[] = {
        {DROPPED, TRUE},
        {OFF, TRUE},
        {DROPPED "<seccomp/>", TRUE},
        {DROPPED "<seccomp policy='allow'/>", TRUE},
        {DROPPED "<seccomp policy='allow'>" USER("allow") END, FALSE},
        {DROPPED "<seccomp>" USER("allow") END, FALSE},
        {DROPPED "<seccomp>" USER("errno") END, FALSE},
        {"<capabilities policy='allow'><sys_admin state='off'/></capabilities>",
         TRUE},
        {"<capabilities policy='deny'><sys_admin/></capabilities>", FALSE},
        {"<capabilities policy='deny'><sys_resource/></capabilities>", TRUE},
        {"<capabilities policy='allow'/>", FALSE},
        {"<capabilities><chown state='off'/></capabilities>", FALSE},
        {"<seccomp/>", FALSE},
        {"", FALSE},
    };
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(virLXCConfinementDef) def =
            testDefFromElements(rows[i].elements);

        g_test_message("%s", rows[i].elements);
        g_assert_cmpint(virLXCConfinementDefForbidsUserNamespaces(def), ==,
                        rows[i].forbids);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/seccomp/complete", testComplete);
    g_test_add_func("/seccomp/warnings", testWarnings);
    g_test_add_func("/seccomp/forbids-user-namespaces", testForbids);
    g_test_add_func("/seccomp/complete/refused", testCompleteRefused);
    return g_test_run();
}
