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

static GPtrArray *
testSyscalls(void)
{
    size_t nrows = 0;
    const virLXCSyscall *rows = virLXCSyscallTable(&nrows);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    size_t i;

    for (i = 0; i < nrows; i++)
        g_ptr_array_add(names, g_strdup(rows[i].name));

    return names;
}

static GPtrArray *
testArchs(void)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    size_t i;

    for (i = 0; i < nrows; i++)
        g_ptr_array_add(names, g_strdup(rows[i].name));

    return names;
}

static GPtrArray *
testActions(void)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    size_t i;

    for (i = 0; i < VIR_LXC_SECCOMP_ACTIONS; i++)
        g_ptr_array_add(names, g_strdup(virLXCSeccompActionTable()[i].name));

    return names;
}

static GPtrArray *
testOperators(void)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    size_t i;

    for (i = 0; i < VIR_LXC_SECCOMP_OPERATORS; i++)
        g_ptr_array_add(names, g_strdup(virLXCSeccompOperatorTable()[i].name));

    return names;
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
static const struct {
    GPtrArray *(*names)(void);
    const char *where;
    const char *format;
} tableRows[] = {
    {testSyscalls, "define[@name='lxcSeccompSyscallName']//value",
     "<seccomp><syscall name='%s' action='allow'/></seccomp>"},
    {testArchs, "define[@name='lxcSeccompArch']//value",
     "<seccomp><arch name='%s'/></seccomp>"},
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
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(tableRows); i++) {
        g_autoptr(GPtrArray) names = tableRows[i].names();

        grammarExpectNames(tableRows[i].where, names);
    }
}

/* Parser and schema say the same of a document, and what is expected. */
static void
testBoth(const char *xml, gboolean good)
{
    g_autoptr(xmlDoc) doc = grammarDoc(xml);
    gboolean parser = grammarParserAccepts(doc);
    gboolean grammar = grammarAccepts(doc);

    if (parser != good || grammar != good)
        g_test_message("expected to be %s: %s", good ? "good" : "bad", xml);
    g_assert_cmpint(parser, ==, good);
    g_assert_cmpint(grammar, ==, good);
}

/* format has one %s, for a value. */
static void
testValue(const char *format, const char *value, gboolean good)
{
    g_auto(GStrv) parts = g_strsplit(format, "%s", 2);
    g_autofree char *xml = g_strjoinv(value, parts);

    testBoth(xml, good);
}

/* Each name of any table in each place: good in its own, bad in all others. */
static void
testNames(void)
{
    size_t place;
    size_t other;
    guint i;

    for (place = 0; place < G_N_ELEMENTS(tableRows); place++) {
        g_autoptr(GPtrArray) own = tableRows[place].names();

        for (other = 0; other < G_N_ELEMENTS(tableRows); other++) {
            g_autoptr(GPtrArray) names = tableRows[other].names();

            for (i = 0; tableRows[place].format && i < names->len; i++)
                testValue(tableRows[place].format, names->pdata[i],
                          g_ptr_array_find_with_equal_func(own, names->pdata[i],
                                                           g_str_equal, NULL));
        }
    }
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

            testBoth(plain, good);
            testBoth(numbered, good && actions[i].takesErrno);
        }
    }
}

static void
testNumbers(void)
{
    int i;

    for (i = -1; i <= 5000; i++) {
        g_autofree char *text = g_strdup_printf("%d", i);

        testValue("<seccomp><syscall name='read' action='trace' errno='%s'/>"
                  "</seccomp>",
                  text, i >= 0 && i <= VIR_LXC_SECCOMP_ERRNO_MAX);
        testValue("<seccomp><syscall name='read' action='errno' errno='%s'/>"
                  "</seccomp>",
                  text, i >= 1 && i <= VIR_LXC_SECCOMP_ERRNO_MAX);
    }

    for (i = -1; i <= 100; i++) {
        g_autofree char *text = g_strdup_printf("%d", i);

        testValue("<seccomp><syscall name='read' action='log'><arg index='%s' "
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

        testBoth(xml, !(i == VIR_LXC_SECCOMP_LT && number == 0) &&
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
        testValue("<seccomp><syscall name='read' action='log'><arg index='0' "
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

            testValue("<seccomp><unknown action='log' kernel='%s'/></seccomp>",
                      text,
                      kernel.major > 0 && kernel.minor <= 255 &&
                          virLXCKernelVersionCompare(kernel, newest) <= 0);
        }
    }
}

/* Values of the other attributes; NULL ends a row. */
static const struct {
    const char *format;
    const char *const values[4];
} valueRows[] = {
    {"<seccomp policy='%s'/>", {"default", "deny", "allow", NULL}},
    {"<seccomp log='%s'/>", {"on", "off", NULL}},
    {"<seccomp profile='p'><listener path='%s'/></seccomp>", {"/", "/a", NULL}},
    {"<seccomp policy='%s' profile='p'/>", {"default", NULL}},
};

/* Every value of any attribute in each of them. */
static void
testValues(void)
{
    size_t row;
    size_t other;
    size_t i;

    for (row = 0; row < G_N_ELEMENTS(valueRows); row++) {
        testValue(valueRows[row].format, "", FALSE);
        for (other = 0; other < G_N_ELEMENTS(valueRows); other++) {
            for (i = 0; valueRows[other].values[i]; i++)
                testValue(valueRows[row].format, valueRows[other].values[i],
                          g_strv_contains(valueRows[row].values,
                                          valueRows[other].values[i]));
        }
    }
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
        testValue("<seccomp profile='%s'/>", front, g_ascii_isalnum(c));
        testValue("<seccomp profile='%s'/>", behind,
                  g_ascii_isalnum(c) || c == '_' || c == '-' || c == '.');
    }
}

/* Every choice of parts, in order and the other way round, each once and, where
 * it may be, twice: a bit for each. */
static void
testParts(void)
{
    static const char *const parts[] = {
        "<denied action='log'/>", "<unknown action='log'/>",
        "<arch name='i686'/>",    RULE,
        "<listener path='/l'/>",  "<effective/>",
    };
    unsigned int chosen;
    size_t i;

    for (chosen = 0; chosen < 1U << G_N_ELEMENTS(parts); chosen++) {
        g_autoptr(GString) forth = g_string_new(NULL);
        g_autoptr(GString) back = g_string_new(NULL);

        for (i = 0; i < G_N_ELEMENTS(parts); i++) {
            if (!(chosen & (1U << i)))
                continue;
            g_string_append(forth, parts[i]);
            g_string_prepend(back, parts[i]);
        }
        testValue("<seccomp profile='p'>%s</seccomp>", forth->str, TRUE);
        testValue("<seccomp profile='p'>%s</seccomp>", back->str, TRUE);
    }
}

int
main(int argc, char **argv)
{
    int rc;

    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    if (argc != 2)
        g_error("usage: test-schema-seccomp GRAMMAR");
    grammarLoad(argv[1]);
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
    rc = g_test_run();
    grammarFree();
    return rc;
}
