/*
 * test_plan.c: plans for invented hosts
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the documents of tests/data/plan. Out: what init would be given on each
 * host of the table below, compared with the plan.txt beside the document.
 */

#include "cases.h"
#include "prepare.h"

typedef struct {
    const char *name;
    virLXCHost host;
} testHost;

static const testHost hosts[] = {
    /* All 41 capabilities. */
    {"today",
     {.lastCap = 40, .bounding = G_MAXUINT64, .rebootContained = true}},
    /* Before audit_read, perfmon, bpf and checkpoint_restore. */
    {"old", {.lastCap = 36, .bounding = G_MAXUINT64, .rebootContained = true}},
    /* Before reboot was contained. */
    {"ancient",
     {.lastCap = 36, .bounding = G_MAXUINT64, .rebootContained = false}},
    /* Capabilities that have no name yet. */
    {"future",
     {.lastCap = 42, .bounding = G_MAXUINT64, .rebootContained = true}},
    /* As many as there can be. */
    {"full", {.lastCap = 63, .bounding = G_MAXUINT64, .rebootContained = true}},
    /* A daemon that is itself confined: chown, kill, setuid. */
    {"confined", {.lastCap = 40, .bounding = 0xa1, .rebootContained = true}},
};

static void
testAppendSet(GString *out, const char *label, guint64 set)
{
    size_t i;

    g_string_append_printf(out, "  %s:", label);

    for (i = 0; i <= VIR_LXC_CAPABILITY_MAX; i++) {
        const virLXCCapability *row = virLXCCapabilityByNumber(i);

        if (!(set & VIR_LXC_CAPABILITY_BIT(i)))
            continue;
        if (row)
            g_string_append_printf(out, " %s", row->name);
        else
            g_string_append_printf(out, " %zu", i);
    }
    g_string_append_c(out, '\n');
}

static void
testAppendPlan(GString *out, const testHost *host,
               const virLXCConfinementDef *def)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCPlan) plan =
        virLXCPlanNew(def, &host->host, NULL, true, &error);
    g_auto(GStrv) warnings = NULL;
    size_t i;

    g_assert_no_error(error);
    warnings = virLXCPlanWarnings(plan);

    g_string_append_printf(out, "%s\n", host->name);
    testAppendSet(out, "root", plan->capabilities.bounding);
    testAppendSet(out, "user", plan->capabilities.listed);
    testAppendSet(out, "user bounding", plan->capabilities.boundingUser);
    for (i = 0; warnings[i]; i++)
        g_string_append_printf(out, "  warning: %s\n", warnings[i]);
}

static void
testPlan(gconstpointer dir)
{
    g_autoptr(virLXCConfinementDef) def = testDefFromCase(dir);
    g_autoptr(GString) out = g_string_new(NULL);
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(hosts); i++)
        testAppendPlan(out, &hosts[i], def);

    testCaseCompare(dir, "plan.txt", out->str);
}

/* Landlock: the kernel that was built without it, the one that was booted
 * without it, and every ABI, once with all errata fixed. */
static const virLXCHost landlockHosts[] = {
    {.lastCap = 40, .landlockABI = 0},
    {.lastCap = 40, .landlockABI = 0, .landlockDisabled = true},
};

static void
testAppendRights(GString *out, const char *label, const guint64 *rights)
{
    g_autofree char *names = virLXCLandlockLostNames(rights);

    g_string_append_printf(out, "  %s: %s\n", label, names ? names : "nothing");
}

static void
testAppendLandlockRules(GString *out, const virLXCLandlockPlan *plan)
{
    size_t i;

    for (i = 0; i < plan->paths->len; i++) {
        const virLXCLandlockPlanPath *path = g_ptr_array_index(plan->paths, i);
        g_autofree char *names =
            virLXCLandlockNames(VIR_LXC_LANDLOCK_FS, path->allow);

        g_string_append_printf(out, "  %s: %s\n", path->target, names);
    }
    for (i = 0; i < plan->ports->len; i++) {
        const virLXCLandlockPlanPort *port = g_ptr_array_index(plan->ports, i);
        g_autofree char *names =
            virLXCLandlockNames(VIR_LXC_LANDLOCK_NET, port->allow);

        g_string_append_printf(out, "  %s %u: %s\n",
                               virLXCLandlockProtocolName(port->protocol),
                               port->number, names);
    }
}

static void
testAppendLandlock(GString *out, const virLXCHost *host,
                   const virLXCConfinementDef *def)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCPlan) plan = virLXCPlanNew(def, host, NULL, true, &error);
    g_auto(GStrv) warnings = NULL;
    size_t i;

    g_string_append_printf(out, "ABI %u%s%s\n", host->landlockABI,
                           host->landlockDisabled ? ", disabled at boot" : "",
                           host->landlockErrata ? ", errata fixed" : "");
    if (!plan) {
        g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                       VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED);
        g_string_append_printf(out, "  error: %s\n", error->message);
        return;
    }

    g_assert_true(plan->noNewPrivs);
    testAppendRights(out, "handled", plan->landlock->handled);
    testAppendRights(out, "lost", plan->landlock->lost);
    testAppendLandlockRules(out, plan->landlock);
    if (plan->seccomp)
        g_string_append(out, "  with a filter\n");
    warnings = virLXCPlanWarnings(plan);
    for (i = 0; warnings[i]; i++)
        g_string_append_printf(out, "  warning: %s\n", warnings[i]);
}

/* Where no filter can complete <net>: a kernel without filters, and an
 * architecture on which it is not possible. */
static void
testAppendLandlockWithoutFilter(GString *out, const virLXCConfinementDef *def)
{
    virLXCHost host = {
        .lastCap = 40,
        .landlockABI = VIR_LXC_LANDLOCK_ABI_MAX,
        .landlockErrata = G_MAXUINT,
        .seccompArch = virLXCSeccompArchByName("x86_64"),
    };

    g_string_append(out, "without seccomp, ");
    testAppendLandlock(out, &host, def);
    host.seccompArch = virLXCSeccompArchByName("s390x");
    host.seccompActions = G_MAXUINT;
    g_string_append(out, "s390x, ");
    testAppendLandlock(out, &host, def);
}

static void
testLandlock(gconstpointer dir)
{
    g_autoptr(virLXCConfinementDef) def = testDefFromCase(dir);
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    size_t i;
    unsigned int abi;

    virLXCConfinementDefComplete(def, VIR_LXC_LANDLOCK_ABI_MAX, &error);
    g_assert_no_error(error);

    for (i = 0; i < G_N_ELEMENTS(landlockHosts); i++)
        testAppendLandlock(out, &landlockHosts[i], def);
    testAppendLandlockWithoutFilter(out, def);
    for (abi = 1; abi <= VIR_LXC_LANDLOCK_ABI_MAX + 1; abi++) {
        virLXCHost host = {
            .lastCap = 40,
            .landlockABI = abi,
            .seccompArch = virLXCSeccompArchByName("x86_64"),
            .seccompActions = G_MAXUINT,
        };

        testAppendLandlock(out, &host, def);
        host.landlockErrata = G_MAXUINT;
        testAppendLandlock(out, &host, def);
    }

    testCaseCompare(dir, "plan.txt", out->str);
}

/* For root and for another user, on a host with two CPUs. */
static void
testAppendKernelFiles(GString *out, const virLXCConfinementDef *def,
                      bool isRoot)
{
    const virLXCHost host = {.lastCap = 40, .bounding = G_MAXUINT64, .cpus = 2};
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCPlan) plan =
        virLXCPlanNew(def, &host, NULL, isRoot, &error);
    const GPtrArray *files = NULL;
    size_t i;

    g_assert_no_error(error);
    g_string_append_printf(out, "%s\n", isRoot ? "root" : "user");
    if (!plan->kernelFiles) {
        g_string_append(out, "  nothing\n");
        return;
    }

    files = plan->kernelFiles->files;
    for (i = 0; i < files->len; i++) {
        const virLXCKernelFile *file = g_ptr_array_index(files, i);

        g_string_append_printf(out, "  %s %s\n",
                               virLXCKernelFileAccessNames()[file->access],
                               file->path);
    }
    g_string_append_printf(out, "  locked: %s\n",
                           plan->kernelFiles->locked ? "yes" : "no");
}

static void
testKernelFiles(gconstpointer dir)
{
    g_autoptr(virLXCConfinementDef) def = testDefFromCase(dir);
    g_autoptr(GString) out = g_string_new(NULL);

    testAppendKernelFiles(out, def, true);
    testAppendKernelFiles(out, def, false);
    testCaseCompare(dir, "plan.txt", out->str);
}

static void
testEffectiveKernelFiles(void)
{
    const virLXCHost host = {.lastCap = 40, .bounding = G_MAXUINT64};
    g_autoptr(virLXCConfinementDef) def =
        testDefFromElements("<capabilities policy='deny'/><kernel-files/>");
    g_autoptr(virLXCPlan) deny = virLXCPlanNew(def, &host, NULL, true, NULL);
    g_autoptr(virLXCPrepared) locked = virLXCPlanPrepare(deny, NULL, NULL);
    g_autoptr(virLXCPlan) allow = NULL;
    g_autoptr(virLXCPrepared) unlocked = NULL;

    def->capabilities.policy = VIR_LXC_CAPABILITIES_POLICY_ALLOW;
    allow = virLXCPlanNew(def, &host, NULL, true, NULL);
    unlocked = virLXCPlanPrepare(allow, NULL, NULL);

    virLXCPreparedSetEffective(locked, true, def);
    g_assert_true(def->kernelFiles->effective->locked);
    virLXCPreparedSetEffective(unlocked, true, def);
    g_assert_false(def->kernelFiles->effective->locked);
}

static void
testEffective(void)
{
    const virLXCHost host = {
        .lastCap = 40, .bounding = G_MAXUINT64, .rebootContained = true};
    virLXCConfinementDef def = {
        .capabilities =
            {
                .policy = VIR_LXC_CAPABILITIES_POLICY_ALLOW,
                .on = VIR_LXC_CAPABILITY_BIT(5),
            },
    };
    g_autoptr(virLXCPlan) plan = virLXCPlanNew(&def, &host, NULL, true, NULL);
    g_autoptr(virLXCPrepared) prepared = virLXCPlanPrepare(plan, NULL, NULL);

    virLXCPreparedSetEffective(prepared, true, &def);
    g_assert_true(def.capabilities.hasEffective);
    g_assert_cmphex(def.capabilities.effective, ==, 0x1ffffffffff);

    virLXCPreparedSetEffective(prepared, false, &def);
    g_assert_cmphex(def.capabilities.effective, ==, VIR_LXC_CAPABILITY_BIT(5));
}

static void
testJoining(void)
{
    const virLXCHost host = {
        .lastCap = 40, .bounding = G_MAXUINT64, .rebootContained = true};
    const virLXCConfinementDef def = {
        .capabilities =
            {
                .policy = VIR_LXC_CAPABILITIES_POLICY_DEFAULT,
                .on = VIR_LXC_CAPABILITY_BIT(5),
            },
    };
    g_autoptr(virLXCPlan) root = virLXCPlanNew(&def, &host, NULL, true, NULL);
    g_autoptr(virLXCPlan) user = virLXCPlanNew(&def, &host, NULL, false, NULL);
    g_autoptr(virLXCPlan) rootJoining = virLXCPlanNewJoining(root, true);
    g_autoptr(virLXCPlan) userJoining = virLXCPlanNewJoining(user, false);
    guint64 bounding = root->capabilities.bounding;

    g_assert_cmphex(rootJoining->capabilities.bounding, ==, bounding);
    g_assert_cmphex(rootJoining->capabilities.boundingUser, ==, bounding);
    g_assert_cmphex(rootJoining->capabilities.listed, ==, 0);

    g_assert_cmphex(userJoining->capabilities.bounding, ==, 1 << 5);
    g_assert_cmphex(userJoining->capabilities.boundingUser, ==, 1 << 5);
    g_assert_cmphex(userJoining->capabilities.listed, ==, 0);

    /* The plan of init is what it was. */
    g_assert_cmphex(root->capabilities.listed, ==, 1 << 5);
    g_assert_cmphex(root->capabilities.boundingUser, ==, 1 << 5);
}

static void
testNothing(void)
{
    const virLXCHost host = {
        .lastCap = 40, .bounding = G_MAXUINT64, .rebootContained = true};
    const virLXCConfinementDef def = {0};
    g_autoptr(virLXCPlan) absent = virLXCPlanNew(NULL, &host, NULL, true, NULL);
    g_autoptr(virLXCPlan) empty = virLXCPlanNew(&def, &host, NULL, true, NULL);

    g_assert_cmpmem(absent, sizeof(*absent), empty, sizeof(*empty));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();

    testCasesAdd("/plan", "plan", testPlan);
    testCasesAdd("/landlock", "landlock-plan", testLandlock);
    testCasesAdd("/kernel-files", "kernel-files-plan", testKernelFiles);
    g_test_add_func("/kernel-files/effective", testEffectiveKernelFiles);
    g_test_add_func("/plan/effective", testEffective);
    g_test_add_func("/plan/joining", testJoining);
    g_test_add_func("/plan/nothing", testNothing);

    return g_test_run();
}
