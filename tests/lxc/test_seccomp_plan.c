/*
 * test_seccomp_plan.c: <seccomp> on invented hosts
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the documents of tests/data/seccomp-plan, with the profile.json that some
 * name. Out: the ruleset on each host of the table below, or why there is none,
 * compared with plan.txt. Of the driver's profile, which has tests of its own,
 * only the rules that come before it are shown.
 */

#include "cases.h"
#include "plan.h"
#include "seccomp_text.h"

#define ACTIONS ((1U << VIR_LXC_SECCOMP_ACTIONS) - 1)
#define FLAGS                                                     \
    (VIR_LXC_SECCOMP_FLAG_LOG | VIR_LXC_SECCOMP_FLAG_SPEC_ALLOW | \
     VIR_LXC_SECCOMP_FLAG_WAIT_KILLABLE_RECV)

typedef struct {
    const char *name;
    const char *arch;
    unsigned int actions;
    unsigned int flags;
} testHost;

static const testHost hosts[] = {
    {"today", "x86_64", ACTIONS, FLAGS},
    {"before Linux 5.0", "x86_64", ACTIONS & ~(1U << VIR_LXC_SECCOMP_NOTIFY),
     VIR_LXC_SECCOMP_FLAG_LOG | VIR_LXC_SECCOMP_FLAG_SPEC_ALLOW},
    {"without flags", "x86_64", ACTIONS, 0},
    {"without seccomp", "x86_64", 0, 0},
    {"ARM", "aarch64", ACTIONS, FLAGS},
    {"unknown architecture", NULL, ACTIONS, FLAGS},
};

/* One more is shown than those of <seccomp>. */
static void
testHideProfile(const virLXCSeccompDef *def, virLXCSeccompRuleset *ruleset)
{
    guint own = 0;
    guint i;

    for (i = 0; i < ruleset->rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(ruleset->rules, i);

        if (rule->origin == VIR_LXC_SECCOMP_ORIGIN_XML)
            own = i + 1;
    }

    if (def->policy == VIR_LXC_SECCOMP_POLICY_DEFAULT && !def->profile)
        g_ptr_array_set_size(ruleset->rules, MIN(ruleset->rules->len, own + 1));
}

static char *
testPlanText(const testHost *row, const virLXCConfinementDef *def,
             const char *profile)
{
    const virLXCHost host = {
        .lastCap = 40,
        .kernel = {6, 1},
        .seccompArch = row->arch ? virLXCSeccompArchByName(row->arch) : NULL,
        .seccompActions = row->actions,
        .seccompFlags = row->flags,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCPlan) plan =
        virLXCPlanNew(def, &host, profile, true, &error);
    g_autofree char *text = NULL;

    if (!plan)
        return g_strdup_printf(
            "  %s: %s\n",
            g_error_matches(error, VIR_LXC_CONFINEMENT_ERROR,
                            VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED)
                ? "unsupported"
                : "invalid",
            error->message);

    testHideProfile(def->seccomp, plan->seccomp->ruleset);
    text = testSeccompRulesetText(plan->seccomp->ruleset);
    return g_strdup_printf("%s%s", text,
                           plan->seccomp->notifies ? "  notifies\n" : "");
}

static void
testPlan(gconstpointer dir)
{
    g_autofree char *profile = testCaseExists(dir, "profile.json")
                                   ? testCaseRead(dir, "profile.json")
                                   : NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCConfinementDef) def = testDefFromCase(dir);
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *first = NULL;
    size_t i;

    virLXCConfinementDefComplete(def, VIR_LXC_LANDLOCK_ABI_MAX, &error);
    g_assert_no_error(error);

    for (i = 0; i < G_N_ELEMENTS(hosts); i++) {
        g_autofree char *plan = testPlanText(&hosts[i], def, profile);

        g_string_append_printf(out, "%s\n%s", hosts[i].name,
                               g_strcmp0(first, plan) == 0 ? "  as today\n"
                                                           : plan);
        if (i == 0)
            first = g_steal_pointer(&plan);
    }

    testCaseCompare(dir, "plan.txt", out->str);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testCasesAdd("/seccomp-plan", "seccomp-plan", testPlan);
    return g_test_run();
}
