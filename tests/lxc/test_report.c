/*
 * test_report.c: reports about invented hosts
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the hosts of the table below, one for each directory of
 * tests/data/report. Out: the files domcaps.xml and checks.txt in that
 * directory.
 */

#include <string.h>

#include "cases.h"
#include "domain_caps.h"
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
            .host = {.kernel = {5, 12}, .landlockDisabled = true},
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
    g_test_add_func("/report/hosts", testHosts);

    return g_test_run();
}
