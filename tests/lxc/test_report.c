/*
 * test_report.c: reports about invented hosts
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the hosts of the table below, one for each directory of
 * tests/data/report. Out: the files domcaps.xml and checks.txt in that
 * directory, and the same host, read from domcaps.xml.
 */

#include <string.h>

#include "cases.h"
#include "domain_caps.h"
#include "domain_caps_parse.h"
#include "error.h"
#include "profile_check.h"

#define ALL_ACTIONS ((1U << VIR_LXC_SECCOMP_ACTIONS) - 1)
#define ALL_FLAGS                                                 \
    (VIR_LXC_SECCOMP_FLAG_LOG | VIR_LXC_SECCOMP_FLAG_SPEC_ALLOW | \
     VIR_LXC_SECCOMP_FLAG_WAIT_KILLABLE_RECV)

#define NAMES(...) ((char *[]){__VA_ARGS__, NULL})

typedef struct {
    const char *name;
    const char *arch;
    const char *libvirtArch;
    virLXCHostInfo info;
} testHost;

static const testHost hosts[] = {
    /* Debian 11: no Landlock, and too old for our tree of mounts. */
    {
        "linux-5.10",
        "x86_64",
        "x86_64",
        {
            .host =
                {
                    .lastCap = 40,
                    .bounding = G_MAXUINT64,
                    .kernel = {5, 10},
                    .rebootContained = true,
                    .cpus = 2,
                    .seccompActions = ALL_ACTIONS,
                    .seccompFlags = VIR_LXC_SECCOMP_FLAG_LOG |
                                    VIR_LXC_SECCOMP_FLAG_SPEC_ALLOW,
                },
            .userNamespaces = true,
            .cgroups = VIR_LXC_CGROUP_VERSION_2,
            .lsms = NAMES("lockdown", "capability", "yama", "apparmor"),
            .profiles = NAMES(NULL),
        },
    },
    /* Everything that we know. */
    {
        "newest",
        "x86_64",
        "x86_64",
        {
            .host =
                {
                    .lastCap = 40,
                    .bounding = G_MAXUINT64,
                    .landlockABI = VIR_LXC_LANDLOCK_ABI_MAX,
                    .landlockErrata = 7,
                    .kernel = {7, 3},
                    .rebootContained = true,
                    .cpus = 8192,
                    .seccompActions = ALL_ACTIONS,
                    .seccompFlags = ALL_FLAGS,
                },
            .userNamespaces = true,
            .cgroups = VIR_LXC_CGROUP_VERSION_2,
            .lsms = NAMES("lockdown", "capability", "landlock", "yama",
                          "apparmor", "bpf"),
            .profiles = NAMES("database", "web-server"),
        },
    },
    /* A daemon that is itself confined, on a machine with both versions of
     * cgroups and whose Landlock lacks the newest rights and fixes. */
    {
        "confined",
        "aarch64",
        "armv7l",
        {
            .host =
                {
                    .lastCap = 40,
                    .bounding = 0x1ULL | 1ULL << 38,
                    .landlockABI = 6,
                    .landlockErrata = 1U << 1,
                    .kernel = {6, 12},
                    .rebootContained = true,
                    .cpus = 4,
                    .seccompActions =
                        ALL_ACTIONS & ~(1U << VIR_LXC_SECCOMP_NOTIFY),
                    .seccompFlags = 0,
                },
            .cgroups = VIR_LXC_CGROUP_VERSION_1 | VIR_LXC_CGROUP_VERSION_2,
            .lsms = NAMES("capability", "landlock"),
            .profiles = NAMES("a"),
        },
    },
    /* What this software has never heard of. */
    {
        "future",
        "riscv64",
        "riscv64",
        {
            .host =
                {
                    .lastCap = 42,
                    .bounding = G_MAXUINT64,
                    .landlockABI = VIR_LXC_LANDLOCK_ABI_MAX + 1,
                    .landlockErrata = G_MAXUINT,
                    .kernel = {9, 0},
                    .rebootContained = true,
                    .cpus = 1,
                    .seccompActions = ALL_ACTIONS,
                    .seccompFlags = ALL_FLAGS,
                },
            .userNamespaces = true,
            .cgroups = VIR_LXC_CGROUP_VERSION_2,
            .lsms = NAMES("capability", "selinux", "114", "landlock"),
            .profiles = NAMES(NULL),
        },
    },
    /* Nothing at all. */
    {
        "nothing",
        NULL,
        "x86_64",
        {
            .host = {.kernel = {5, 12},
                     .rebootContained = true,
                     .landlockDisabled = true,
                     .cpus = 1},
            .profiles = NAMES(NULL),
        },
    },
};

static const char *const results[] = {
    [VIR_LXC_HOST_CHECK_PASS] = "PASS",
    [VIR_LXC_HOST_CHECK_NOTE] = "NOTE",
    [VIR_LXC_HOST_CHECK_WARN] = "WARN",
    [VIR_LXC_HOST_CHECK_FAIL] = "FAIL",
};

static const testHost *
testHostOf(const char *dir)
{
    g_autofree char *name = g_path_get_basename(dir);
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(hosts); i++) {
        if (g_str_equal(hosts[i].name, name))
            return &hosts[i];
    }
    g_error("%s is not the name of a host", name);
}

static void
testSameNames(char **a, char **b)
{
    g_assert_cmpint(a == NULL, ==, b == NULL);
    if (a && b)
        g_assert_cmpstrv(a, b);
}

/* Everything that a plan depends on. What the document does not have, because
 * nothing can use it, is left out of @expected. */
static void
testSameHost(const virLXCHostInfo *expected, const virLXCHostInfo *found)
{
    const virLXCHost *a = &expected->host;
    const virLXCHost *b = &found->host;
    guint64 known = G_MAXUINT64 >> (VIR_LXC_CAPABILITY_MAX - a->lastCap);

    g_assert_cmpuint(b->lastCap, ==, a->lastCap);
    g_assert_cmphex(b->bounding, ==, a->bounding & known);
    g_assert_cmpint(b->rebootContained, ==, a->rebootContained);
    g_assert_cmpuint(b->landlockABI, ==,
                     MIN(a->landlockABI, VIR_LXC_LANDLOCK_ABI_MAX));
    g_assert_cmpint(b->landlockDisabled, ==, a->landlockDisabled);
    g_assert_cmphex(b->landlockErrata, ==, a->landlockErrata);
    g_assert_cmpint(virLXCKernelVersionCompare(a->kernel, b->kernel), ==, 0);
    g_assert_cmpuint(b->cpus, ==, a->cpus);
    g_assert_true(b->seccompArch == a->seccompArch);
    g_assert_cmphex(b->seccompActions, ==, a->seccompActions);
    g_assert_cmphex(b->seccompFlags, ==, a->seccompFlags);
    g_assert_cmpint(found->userNamespaces, ==, expected->userNamespaces);
    g_assert_cmphex(found->cgroups, ==, expected->cgroups);
    testSameNames(expected->lsms, found->lsms);
    testSameNames(expected->profiles, found->profiles);
}

static virLXCHostInfo *
testParse(const char *xml, GError **error)
{
    g_autoptr(xmlDoc) doc = testDocFromString(xml);

    g_assert_nonnull(doc);
    return virLXCDomainCapsParse(xmlDocGetRootElement(doc), error);
}

/* Host -> document -> host -> document */
static void
testRoundTrip(const virLXCHostInfo *info, const char *xml, const char *arch)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCHostInfo) again = testParse(xml, &error);
    g_autofree char *twice = NULL;

    g_assert_no_error(error);
    testSameHost(info, again);
    twice = virLXCDomainCapsFormat(again, "/usr/libexec/libvirt_lxc", arch);
    g_assert_cmpstr(twice, ==, xml);
}

static void
testReport(gconstpointer dir)
{
    const testHost *host = testHostOf(dir);
    virLXCHostInfo info = host->info;
    g_autoptr(GPtrArray) checks = NULL;
    g_autoptr(GString) lines = g_string_new(NULL);
    g_autofree char *xml = NULL;
    size_t i;

    if (host->arch)
        info.host.seccompArch = virLXCSeccompArchByName(host->arch);

    xml = virLXCDomainCapsFormat(&info, "/usr/libexec/libvirt_lxc",
                                 host->libvirtArch);
    testCaseCompare(dir, "domcaps.xml", xml);
    testRoundTrip(&info, xml, host->libvirtArch);

    checks = virLXCHostChecks(&info);
    for (i = 0; i < checks->len; i++) {
        const virLXCHostCheck *check = g_ptr_array_index(checks, i);

        g_string_append_printf(lines, "%s %s\n", results[check->result],
                               check->what);
        if (check->hint)
            g_string_append_printf(lines, "     %s\n", check->hint);
    }
    testCaseCompare(dir, "checks.txt", lines->str);
}

/* A name is also the name of a file: nothing in it may break the document. */
static void
testEscape(void)
{
    const virLXCHostInfo info = {.profiles = NAMES(NULL)};
    g_autofree char *xml = virLXCDomainCapsFormat(&info, "/a<b>&'\"", "x86_64");

    g_assert_nonnull(strstr(xml, "<path>/a&lt;b&gt;&amp;&apos;&quot;</path>"));
}

static void
testExpectProfile(const virLXCHost *host, const char *text, const GError *cause,
                  const char *hint)
{
    virLXCHostCheck *check = virLXCProfileCheckNew(host, "p", text, cause);

    g_assert_cmpstr(check->what, ==, "if seccomp profile 'p' is valid");
    g_assert_cmpint(check->result, ==,
                    hint ? VIR_LXC_HOST_CHECK_WARN : VIR_LXC_HOST_CHECK_PASS);
    g_assert_cmpstr(check->hint, ==, hint);
    virLXCHostCheckFree(check);
}

static void
testProfile(void)
{
    const virLXCHost none = {.lastCap = 40};
    const virLXCHost host = {
        .lastCap = 40,
        .kernel = {6, 1},
        .seccompArch = virLXCSeccompArchByName("x86_64"),
    };
    g_autoptr(GError) cause =
        g_error_new_literal(VIR_LXC_CONFINEMENT_ERROR,
                            VIR_LXC_CONFINEMENT_ERROR_SYSTEM, "unreadable");

    testExpectProfile(&host, "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}", NULL,
                      NULL);
    testExpectProfile(&host, "{\"defaultAction\": \"SCMP_ACT_FLY\"}", NULL,
                      "seccomp profile 'p', 'defaultAction' (line 1): unknown "
                      "action 'SCMP_ACT_FLY'");
    testExpectProfile(&host, NULL, cause, "unreadable");
    testExpectProfile(&none, "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}", NULL,
                      "seccomp filters are not supported on this architecture");
}

static const struct {
    const char *from;
    const char *to;
    const char *error;
} faults[] = {
    {"<domain>lxc<", "<domain>kvm<",
     "the domain capabilities are those for domains of type 'kvm', not 'lxc' "
     "(line 3)"},
    {"<domain>lxc</domain>", "",
     "<domainCapabilities> does not have a <domain>: these are not the domain "
     "capabilities of an LXC host with confinement (line 1)"},
    {"domainCapabilities>", "capabilities>",
     "element <capabilities> is not <domainCapabilities> (line 1)"},
    {"<kernel supported='yes'>", "<kernel>",
     "missing attribute 'supported' of <kernel> (line 5)"},
    {"<kernel supported='yes'>", "<kernel supported='maybe'>",
     "invalid value 'maybe' for attribute 'supported' of <kernel> (line 5): "
     "expected one of 'no', 'yes'"},
    {"kernel", "colonel",
     "<domainCapabilities> does not have a <kernel>: these are not the domain "
     "capabilities of an LXC host with confinement (line 1)"},
    {"<idmap supported='yes'>",
     "<idmap supported='no'/><idmap supported='yes'>",
     "repeated element <idmap> in <domainCapabilities> (line 17)"},
    {"<enum name='cpus'>", "<enum name='gpus'>",
     "<kernel> does not have an <enum name='cpus'> (line 5)"},
    {"<value>8192<", "<value>8193<",
     "invalid value '8193' in <enum name='cpus'> of <kernel> (line 9)"},
    {"<value>8192<", "<value>1</value><value>2<",
     "invalid value '1' in <enum name='cpus'> of <kernel> (line 9)"},
    {"<value>7.3<", "<value>7<",
     "invalid value '7' in <enum name='version'> of <kernel> (line 6)"},
    {"<value>40<", "<value>64<",
     "invalid value '64' in <enum name='lastCapability'> of <kernel> "
     "(line 12)"},
    {"<value>yama<", "<value>a b<",
     "invalid value 'a b' in <enum name='module'> of <lsm>"},
    {"<value>web-server<", "<value>../x<",
     "invalid value '../x' in <enum name='profile'> of <seccomp>"},
    {"<value>x86_64<", "<value>aarch64<",
     "invalid value 'aarch64 i686 x32' in <enum name='arch'> of <seccomp>"},
};

static char *
testReplace(const char *text, const char *from, const char *to)
{
    g_auto(GStrv) parts = g_strsplit(text, from, -1);

    g_assert_nonnull(parts[1]);
    return g_strjoinv(to, parts);
}

static void
testFaults(void)
{
    g_autofree char *dir = g_test_build_filename(G_TEST_DIST, "tests", "data",
                                                 "report", "newest", NULL);
    g_autofree char *xml = testCaseRead(dir, "domcaps.xml");
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autofree char *text = testReplace(xml, faults[i].from, faults[i].to);
        g_autoptr(GError) error = NULL;
        g_autoptr(virLXCHostInfo) info = testParse(text, &error);

        g_assert_null(info);
        g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                       VIR_LXC_CONFINEMENT_ERROR_XML);
        if (!g_str_has_prefix(error->message, faults[i].error))
            g_assert_cmpstr(error->message, ==, faults[i].error);
    }
}

/* Newer hosts may have more: it is ignored. */
static void
testNewer(void)
{
    g_autofree char *dir = g_test_build_filename(G_TEST_DIST, "tests", "data",
                                                 "report", "newest", NULL);
    g_autofree char *xml = testCaseRead(dir, "domcaps.xml");
    g_autofree char *more =
        testReplace(xml, "<features>", "<cpu supported='yes'/><features><x/>");
    g_autofree char *newer = testReplace(
        more, "<value>chown</value>", "<value>chown</value><value>fly</value>");
    g_autoptr(virLXCHostInfo) before = testParse(xml, NULL);
    g_autoptr(virLXCHostInfo) after = testParse(newer, NULL);

    g_assert_nonnull(before);
    g_assert_nonnull(after);
    testSameHost(before, after);
}

static void
testOldKernel(void)
{
    g_autofree char *dir = g_test_build_filename(G_TEST_DIST, "tests", "data",
                                                 "report", "newest", NULL);
    g_autofree char *xml = testCaseRead(dir, "domcaps.xml");
    g_autofree char *with = testReplace(xml, "<value>7.3<", "<value>3.4<");
    g_autofree char *without = testReplace(xml, "<value>7.3<", "<value>3.3<");
    g_autoptr(virLXCHostInfo) contained = testParse(with, NULL);
    g_autoptr(virLXCHostInfo) exposed = testParse(without, NULL);

    g_assert_true(contained->host.rebootContained);
    g_assert_false(exposed->host.rebootContained);
}

/* Every host has its directory. */
static void
testHosts(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(hosts); i++) {
        g_autofree char *dir = g_test_build_filename(
            G_TEST_DIST, "tests", "data", "report", hosts[i].name, NULL);

        g_assert_true(g_file_test(dir, G_FILE_TEST_IS_DIR));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();

    testCasesAdd("/report", "report", testReport);
    g_test_add_func("/report/escape", testEscape);
    g_test_add_func("/report/profile", testProfile);
    g_test_add_func("/report/faults", testFaults);
    g_test_add_func("/report/newer", testNewer);
    g_test_add_func("/report/old-kernel", testOldKernel);
    g_test_add_func("/report/hosts", testHosts);

    return g_test_run();
}
