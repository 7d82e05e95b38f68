/*
 * fuzz_policy_check.c: no document breaks virt-lxc-policy check, and what it
 * says would be in effect would start again and be the same
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: any bytes. Out: a crash when something is wrong.
 */

#include <string.h>

#include "fuzz.h"
#include "policy_check.h"

/* One that lacks a few things */
static virLXCPolicyCheckHost
fuzzHost(virLXCHostInfo *info)
{
    static char *none[] = {NULL};

    *info = (virLXCHostInfo){
        .host =
            {
                .lastCap = 40,
                .bounding = G_MAXUINT64 & ~VIR_LXC_CAPABILITY_BIT(24),
                .rebootContained = true,
                .landlockABI = 6,
                .kernel = {6, 12},
                .cpus = 2,
                .seccompArch = virLXCSeccompArchByName("x86_64"),
                .seccompActions = (1U << VIR_LXC_SECCOMP_ACTIONS) - 1,
                .seccompFlags = VIR_LXC_SECCOMP_FLAG_LOG,
            },
        .userNamespaces = true,
        .cgroups = VIR_LXC_CGROUP_VERSION_2,
        .profiles = none,
    };
    return (virLXCPolicyCheckHost){info, true, "/nonexistent"};
}

/* The confinement in effect, or NULL if the domain would not start. Each
 * failure has an error. */
static char *
fuzzCheck(const char *text)
{
    virLXCHostInfo info;
    virLXCPolicyCheckHost host = fuzzHost(&info);
    g_autoptr(GError) error = NULL;
    xmlDoc *doc = virLXCPolicyXMLParse(text, "-", &error);
    g_autoptr(virLXCPolicyDomain) domain =
        doc ? virLXCPolicyDomainNew(doc, "-", &error) : NULL;
    g_autoptr(virLXCPolicyCheckResult) result = NULL;

    if (!domain) {
        g_assert_nonnull(error);
        return NULL;
    }

    result = virLXCPolicyCheckDomain(&host, domain);
    g_assert_true((result->cause == NULL) ==
                  (result->stage == VIR_LXC_POLICY_STARTED));
    return result->cause ? NULL : virLXCConfinementDefFormat(domain->def, 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autofree char *once = fuzzCheck(text);
    g_autofree char *document = NULL;
    g_autofree char *twice = NULL;

    /* Without <idmap> and <inituser>, the sets of capabilities may differ. */
    if (!once || strstr(text, "idmap") || strstr(text, "inituser"))
        return 0;

    document = g_strdup_printf("<features>%s</features>", once);
    twice = fuzzCheck(document);
    g_assert_cmpstr(twice, ==, once);
    return 0;
}
