/*
 * policy_score.c: how exposed the host is to a domain
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "error.h"
#include "i18n.h"
#include "policy_json.h"
#include "policy_plan.h"
#include "policy_table.h"
#include "policy_verb.h"
#include "score.h"

#define POLICY_SCORE_MAX 10

static char *lxcPolicyHostFile;
static double lxcPolicyThreshold = POLICY_SCORE_MAX;

const GOptionEntry virLXCPolicyScoreOptions[] = {
    VIR_LXC_POLICY_HOST_OPTION(lxcPolicyHostFile),
    {"threshold", 't', 0, G_OPTION_ARG_DOUBLE, &lxcPolicyThreshold,
     N_("the answer is no if the score is above this; default: 10"), "SCORE"},
    G_OPTION_ENTRY_NULL,
};

static char *
lxcPolicyPoints(unsigned int hundredths)
{
    return g_strdup_printf("%u.%02u", hundredths / 100, hundredths % 100);
}

static void
lxcPolicyScoreText(const virLXCScore *score, GString *out)
{
    g_autoptr(virLXCPolicyTable) table = virLXCPolicyTableNew(4);
    g_autofree char *points = lxcPolicyPoints(score->hundredths);
    guint fine = 0;
    guint i;

    for (i = 0; i < score->checks->len; i++) {
        const virLXCScoreCheck *check =
            &g_array_index(score->checks, virLXCScoreCheck, i);
        g_autofree char *share = lxcPolicyPoints(check->share);
        const char *cells[] = {share, check->row->name, check->remedy,
                               _(check->row->meaning)};

        if (check->exposure > 0)
            virLXCPolicyTableAdd(table, cells);
        else
            fine++;
    }

    virLXCPolicyTablePrint(table, out);
    g_string_append_printf(out,
                           _("\nExposure: %1$s of %2$d, %3$s. %4$u of %5$u "
                             "checks find nothing.\n"),
                           points, POLICY_SCORE_MAX,
                           virLXCScoreLevel(score->hundredths), fine,
                           score->checks->len);
}

static void
lxcPolicyScoreJSONCheck(virLXCPolicyJSON *json, const virLXCScoreCheck *check)
{
    virLXCPolicyJSONBeginObject(json, NULL);
    virLXCPolicyJSONString(json, "name", check->row->name);
    virLXCPolicyJSONNumber(json, "weight", check->row->weight);
    virLXCPolicyJSONBool(json, "applies",
                         check->exposure != VIR_LXC_SCORE_NOT_APPLICABLE);
    virLXCPolicyJSONNumber(json, "exposure", MAX(check->exposure, 0));
    virLXCPolicyJSONNumber(json, "hundredths", check->share);
    virLXCPolicyJSONString(json, "meaning", check->row->meaning);
    virLXCPolicyJSONString(json, "remedy", check->remedy);
    virLXCPolicyJSONEnd(json);
}

static void
lxcPolicyScoreJSON(const virLXCScore *score, GString *out)
{
    g_autoptr(virLXCPolicyJSON) json = virLXCPolicyJSONNew();
    guint i;

    virLXCPolicyJSONNumber(json, "hundredths", score->hundredths);
    virLXCPolicyJSONString(json, "level", virLXCScoreLevel(score->hundredths));
    virLXCPolicyJSONBeginArray(json, "checks");
    for (i = 0; i < score->checks->len; i++)
        lxcPolicyScoreJSONCheck(
            json, &g_array_index(score->checks, virLXCScoreCheck, i));
    virLXCPolicyJSONEnd(json);
    virLXCPolicyJSONFinish(json, out);
}

/* 1.15 * 100 is less than 115. */
static bool
lxcPolicyIsAbove(unsigned int hundredths)
{
    return hundredths / 100.0 > lxcPolicyThreshold;
}

int
virLXCPolicyScore(virLXCPolicy *policy, char **arguments,
                  virLXCPolicyStatus *status, GError **error)
{
    g_autoptr(virLXCPolicyDomain) domain = NULL;
    g_autoptr(virLXCPlan) plan = NULL;
    g_autoptr(virLXCScore) score = NULL;
    virLXCScoreSubject subject = {0};
    virLXCHost host;

    if (!(lxcPolicyThreshold >= 0 && lxcPolicyThreshold <= POLICY_SCORE_MAX))
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                              _("the threshold must be between 0 and %1$d"),
                              POLICY_SCORE_MAX);

    policy->takesHost = lxcPolicyHostFile != NULL;
    if (!(domain = virLXCPolicyDomainRead(policy, arguments[0], error)) ||
        virLXCPolicyHostProbe(&host, domain, lxcPolicyHostFile, error) < 0 ||
        !(plan = virLXCPolicyPlanNewOn(domain, &host, error)))
        return -1;

    subject.def = domain->def;
    subject.plan = plan;
    subject.landlockABI = host.landlockABI;
    subject.isDomain = !domain->features;
    subject.hasIdmap = domain->hasIdmap;
    subject.mapsHostRoot = domain->mapsHostRoot;
    subject.hasNetwork =
        domain->hasNetwork && !g_hash_table_contains(domain->shares, "net");
    score = virLXCScoreNew(&subject);
    if (policy->json)
        lxcPolicyScoreJSON(score, policy->out);
    else
        lxcPolicyScoreText(score, policy->out);

    *status = lxcPolicyIsAbove(score->hundredths) ? VIR_LXC_POLICY_NO
                                                  : VIR_LXC_POLICY_YES;
    return 0;
}
