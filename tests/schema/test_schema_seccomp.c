/*
 * test_schema_seccomp.c: schema, tables and parser agree about seccomp
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse. In: a grammar of <domain>, the tables, and values that an
 * attribute can have. Out: verdicts.
 */

#include "grammar.h"

#define RULE "<syscall name='read' action='errno'/>"

/* The names of a table, each of whose rows begins with one. */
static GPtrArray *
testNamesOf(const void *rows, size_t nrows, size_t size)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    size_t i;

    for (i = 0; i < nrows; i++) {
        const char *const *name = (const void *)((const char *)rows + i * size);

        g_ptr_array_add(names, g_strdup(*name));
    }

    return names;
}

static GPtrArray *
testSyscalls(void)
{
    size_t nrows = 0;
    const virLXCSyscall *rows = virLXCSyscallTable(&nrows);

    return testNamesOf(rows, nrows, sizeof(*rows));
}

static GPtrArray *
testGroups(void)
{
    size_t nrows = 0;
    const virLXCSyscallGroupRow *rows = virLXCSyscallGroupTable(&nrows);

    return testNamesOf(rows, nrows, sizeof(*rows));
}

static GPtrArray *
testArchs(void)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);

    return testNamesOf(rows, nrows, sizeof(*rows));
}

static GPtrArray *
testFamilies(void)
{
    size_t nrows = 0;
    const virLXCSocketFamily *rows = virLXCSocketFamilyTable(&nrows);

    return testNamesOf(rows, nrows, sizeof(*rows));
}

static GPtrArray *
testNamespaces(void)
{
    size_t nrows = 0;
    const virLXCNamespace *rows = virLXCNamespaceTable(&nrows);

    return testNamesOf(rows, nrows, sizeof(*rows));
}

static GPtrArray *
testActions(void)
{
    return testNamesOf(virLXCSeccompActionTable(), VIR_LXC_SECCOMP_ACTIONS,
                       sizeof(virLXCSeccompActionRow));
}

static GPtrArray *
testOperators(void)
{
    return testNamesOf(virLXCSeccompOperatorTable(), VIR_LXC_SECCOMP_OPERATORS,
                       sizeof(virLXCSeccompOperatorRow));
}

/* By number, and by the other names that a number can have. */
static GPtrArray *
testErrnos(void)
{
    static const char *const others[] = {"EWOULDBLOCK", "EDEADLOCK", "ENOTSUP"};
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    size_t i;

    for (i = 0; i <= VIR_LXC_SECCOMP_ERRNO_MAX; i++) {
        if (virLXCErrnoName(i))
            g_ptr_array_add(names, g_strdup(virLXCErrnoName(i)));
    }
    for (i = 0; i < G_N_ELEMENTS(others); i++) {
        if (virLXCErrnoByName(others[i]) >= 0 &&
            !g_ptr_array_find_with_equal_func(names, others[i], g_str_equal,
                                              NULL))
            g_ptr_array_add(names, g_strdup(others[i]));
    }

    return names;
}

/* A table, its names in the schema, and an element that has one. */
static const grammarTable tableRows[] = {
    {testSyscalls, "define[@name='lxcSeccompSyscallName']//value",
     "<seccomp><syscall name='%s' action='allow'/></seccomp>"},
    {testGroups, "define[@name='lxcSeccompSyscallGroup']//value",
     "<seccomp><syscall group='%s' action='allow'/></seccomp>"},
    {testArchs, "define[@name='lxcSeccompArch']//value",
     "<seccomp><arch name='%s'/></seccomp>"},
    {testFamilies,
     "define[@name='lxcSeccompSocket']//attribute[@name='family']//value",
     "<seccomp><socket family='%s' action='allow'/></seccomp>"},
    {testNamespaces,
     "define[@name='lxcSeccompNamespace']//attribute[@name='type']//value",
     "<seccomp><namespace type='%s' action='allow'/></seccomp>"},
    {testActions,
     "define[starts-with(@name,'lxcSeccompActionOf')]"
     "//attribute[@name='action']//value",
     "<seccomp profile='p'><syscall name='read' action='%s'/></seccomp>"},
    {testOperators,
     "define[@name='lxcSeccompArg']//attribute[@name='op']"
     "//value",
     NULL},
    {testErrnos, "define[@name='lxcSeccompErrno']//value",
     "<seccomp><syscall name='read' action='errno' errno='%s'/></seccomp>"},
};

static void
testTables(void)
{
    grammarExpectTables(tableRows, G_N_ELEMENTS(tableRows));
}

static void
testNames(void)
{
    grammarExpectOwnNames(tableRows, G_N_ELEMENTS(tableRows));
}

/* What each element takes of the actions, and with which of them a number. */
static void
testActionsOfElements(void)
{
    static const struct {
        const char *element;
        gboolean refusesAllow;
        gboolean refusesNotify;
    } rows[] = {
        {"denied", TRUE, TRUE},
        {"unknown", FALSE, TRUE},
        {"syscall name='read'", FALSE, FALSE},
        {"syscall group='chown'", FALSE, FALSE},
        {"socket family='alg'", FALSE, FALSE},
        {"socket", FALSE, FALSE},
        {"namespace type='user'", FALSE, FALSE},
    };
    const virLXCSeccompActionRow *actions = virLXCSeccompActionTable();
    size_t row;
    size_t i;

    for (row = 0; row < G_N_ELEMENTS(rows); row++) {
        for (i = 0; i < VIR_LXC_SECCOMP_ACTIONS; i++) {
            g_autofree char *plain =
                g_strdup_printf("<seccomp profile='p'><%s action='%s'/>"
                                "</seccomp>",
                                rows[row].element, actions[i].name);
            g_autofree char *numbered =
                g_strdup_printf("<seccomp profile='p'><%s errno='1' "
                                "action='%s'/></seccomp>",
                                rows[row].element, actions[i].name);
            gboolean good =
                !(rows[row].refusesAllow && i == VIR_LXC_SECCOMP_ALLOW) &&
                !(rows[row].refusesNotify && i == VIR_LXC_SECCOMP_NOTIFY);

            grammarExpect(plain, good);
            grammarExpect(numbered, good && actions[i].takesErrno);
        }
    }
}

static void
testNumbers(void)
{
    int i;

    for (i = -1; i <= 5000; i++) {
        g_autofree char *text = g_strdup_printf("%d", i);

        grammarExpectValue(
            "<seccomp><syscall name='read' action='trace' errno='%s'/>"
            "</seccomp>",
            text, i >= 0 && i <= VIR_LXC_SECCOMP_ERRNO_MAX);
        grammarExpectValue(
            "<seccomp><syscall name='read' action='errno' errno='%s'/>"
            "</seccomp>",
            text, i >= 1 && i <= VIR_LXC_SECCOMP_ERRNO_MAX);
    }

    for (i = -1; i <= 100; i++) {
        g_autofree char *text = g_strdup_printf("%d", i);

        grammarExpectValue(
            "<seccomp><syscall name='read' action='log'><arg index='%s' "
            "op='eq' value='1'/></syscall></seccomp>",
            text, i >= 0 && i < VIR_LXC_SECCOMP_ARGUMENTS);
    }
}

/* Around every power of two, in every spelling, with every operator. */
static void
testArgument(const char *value, guint64 number)
{
    size_t i;

    for (i = 0; i < VIR_LXC_SECCOMP_OPERATORS; i++) {
        g_autofree char *xml = g_strdup_printf(
            "<seccomp><syscall name='read' action='log'><arg index='0' op='%s' "
            "value='%s'%s/></syscall></seccomp>",
            virLXCSeccompOperatorTable()[i].name, value,
            i == VIR_LXC_SECCOMP_MASKED_EQ ? " mask='0xffffffffffffffff'" : "");

        grammarExpect(xml,
                      !(i == VIR_LXC_SECCOMP_LT && number == 0) &&
                          !(i == VIR_LXC_SECCOMP_GT && number == G_MAXUINT64));
    }
}

static void
testArguments(void)
{
    int bit;
    int step;

    for (bit = 0; bit < 64; bit++) {
        for (step = -1; step <= 1; step++) {
            guint64 number = (G_GUINT64_CONSTANT(1) << bit) + step;
            g_autofree char *decimal =
                g_strdup_printf("%" G_GUINT64_FORMAT, number);
            g_autofree char *hex =
                g_strdup_printf("0x%" G_GINT64_MODIFIER "x", number);
            g_autofree char *padded =
                g_strdup_printf("0x%016" G_GINT64_MODIFIER "X", number);

            testArgument(decimal, number);
            testArgument(hex, number);
            testArgument(padded, number);
        }
    }
    testArgument("18446744073709551615", G_MAXUINT64);
    testArgument("0xffffffffffffffff", G_MAXUINT64);
    testArgument("0xfFfFfFfFfFfFfFfF", G_MAXUINT64);
}

/* The highest decimal number, with each of its digits raised. */
static void
testTooHigh(void)
{
    const char *highest = "18446744073709551615";
    size_t i;

    for (i = 0; highest[i]; i++) {
        g_autofree char *higher = g_strdup(highest);

        if (higher[i] == '9')
            continue;
        higher[i]++;
        grammarExpectValue(
            "<seccomp><syscall name='read' action='log'><arg index='0' "
            "op='eq' value='%s'/></syscall></seccomp>",
            higher, FALSE);
    }
}

static void
testKernels(void)
{
    virLXCKernelVersion newest = {VIR_LXC_SYSCALL_KERNEL_MAJOR,
                                  VIR_LXC_SYSCALL_KERNEL_MINOR};
    virLXCKernelVersion kernel = {0};

    for (kernel.major = 0; kernel.major <= 10; kernel.major++) {
        for (kernel.minor = 0; kernel.minor <= 260; kernel.minor++) {
            g_autofree char *text =
                g_strdup_printf("%u.%u", kernel.major, kernel.minor);

            grammarExpectValue(
                "<seccomp><unknown action='log' kernel='%s'/></seccomp>", text,
                kernel.major > 0 && kernel.minor <= 255 &&
                    virLXCKernelVersionCompare(kernel, newest) <= 0);
        }
    }
}

/* Values of the other attributes; NULL ends a row. */
static const grammarValues valueRows[] = {
    {"<seccomp policy='%s'/>", {"default", "deny", "allow", NULL}},
    {"<seccomp log='%s'/>", {"on", "off", NULL}},
    {"<seccomp profile='p'><listener path='%s'/></seccomp>", {"/", "/a", NULL}},
    {"<seccomp policy='%s' profile='p'/>", {"default", NULL}},
};

static void
testValues(void)
{
    grammarExpectOwnValues(valueRows, G_N_ELEMENTS(valueRows));
}

/* Each character, in front and behind another one. */
static void
testProfiles(void)
{
    int c;

    for (c = 1; c < 128; c++) {
        g_autofree char *front = g_strdup_printf("&#%d;a", c);
        g_autofree char *behind = g_strdup_printf("a&#%d;", c);

        if (c < ' ' && c != '\t' && c != '\n' && c != '\r')
            continue;
        grammarExpectValue("<seccomp profile='%s'/>", front,
                           g_ascii_isalnum(c));
        grammarExpectValue("<seccomp profile='%s'/>", behind,
                           g_ascii_isalnum(c) || c == '_' || c == '-' ||
                               c == '.');
    }
}

static void
testParts(void)
{
    static const char *const parts[] = {
        "<denied action='log'/>",
        "<unknown action='log'/>",
        "<arch name='i686'/>",
        RULE,
        "<listener path='/l'/>",
        "<effective/>",
        "<syscall group='chown' action='log'/>",
        "<socket action='log'/>",
        "<namespace type='net' action='log'/>",
    };

    grammarExpectParts("<seccomp profile='p'>%s</seccomp>", parts,
                       G_N_ELEMENTS(parts), 0);
}

int
main(int argc, char **argv)
{
    grammarInit(&argc, &argv);
    g_test_add_func("/schema/seccomp/tables", testTables);
    g_test_add_func("/schema/seccomp/names", testNames);
    g_test_add_func("/schema/seccomp/actions", testActionsOfElements);
    g_test_add_func("/schema/seccomp/numbers", testNumbers);
    g_test_add_func("/schema/seccomp/arguments", testArguments);
    g_test_add_func("/schema/seccomp/too-high", testTooHigh);
    g_test_add_func("/schema/seccomp/kernels", testKernels);
    g_test_add_func("/schema/seccomp/values", testValues);
    g_test_add_func("/schema/seccomp/profiles", testProfiles);
    g_test_add_func("/schema/seccomp/parts", testParts);
    return grammarRun();
}
