/*
 * policy_check.c: tell whether a domain would start, and how confined
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a domain, and this host or the domain capabilities of another one. Out:
 * the error that defining or starting it would report, or its live XML.
 */

#include "policy_check.h"

#include "i18n.h"
#include "policy_json.h"
#include "policy_plan.h"
#include "policy_verb.h"
#include "printable.h"

static char *lxcPolicyHostFile;
static char *lxcPolicyProfiles;

const GOptionEntry virLXCPolicyCheckOptions[] = {
    {"host", 'H', 0, G_OPTION_ARG_FILENAME, &lxcPolicyHostFile,
     N_("check for the host with these domain capabilities; default: this "
        "host"),
     "FILE"},
    {"profiles", 0, 0, G_OPTION_ARG_FILENAME, &lxcPolicyProfiles,
     N_("directory with the administrator's seccomp profiles"), "DIRECTORY"},
    G_OPTION_ENTRY_NULL,
};

static const char *const lxcPolicyStages[] = {
    [VIR_LXC_POLICY_DEFINE] = "define",
    [VIR_LXC_POLICY_START] = "start",
    [VIR_LXC_POLICY_STARTED] = NULL,
};

/* As libvirt's client prints it: virLXCConfinementReportError() */
static char *
lxcPolicyErrorText(const GError *error)
{
    switch ((virLXCConfinementErrorCode)error->code) {
    case VIR_LXC_CONFINEMENT_ERROR_XML:
        return g_strdup_printf(_("XML error: %1$s"), error->message);
    case VIR_LXC_CONFINEMENT_ERROR_INVALID:
    case VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED:
    case VIR_LXC_CONFINEMENT_ERROR_NOT_EXECUTABLE:
        return g_strdup_printf(_("unsupported configuration: %1$s"),
                               error->message);
    case VIR_LXC_CONFINEMENT_ERROR_SYSTEM:
        break;
    }
    return g_strdup(error->message);
}

static void
lxcPolicyCheckList(const GPtrArray *texts, const char *title, GString *out)
{
    size_t i;

    for (i = 0; i < texts->len; i++) {
        g_autofree char *line =
            virLXCPrintable(g_ptr_array_index(texts, i), "");

        g_string_append_printf(out, "%s: %s\n", title, line);
    }
}

/* What is from the document cannot begin lines. */
static void
lxcPolicyCheckText(const virLXCPolicyCheckResult *result,
                   const virLXCPolicyDomain *domain, GString *out)
{
    g_autofree char *name =
        virLXCPrintable(domain->name ? domain->name : "<features>", "");
    g_autofree char *error =
        result->cause ? lxcPolicyErrorText(result->cause) : NULL;
    g_autofree char *cause = error ? virLXCPrintable(error, "") : NULL;
    g_autofree char *xml = NULL;

    if (result->stage == VIR_LXC_POLICY_DEFINE)
        g_string_append_printf(out, _("%1$s: cannot be defined: %2$s\n"), name,
                               cause);
    else if (result->stage == VIR_LXC_POLICY_START)
        g_string_append_printf(out, _("%1$s: would not start: %2$s\n"), name,
                               cause);
    else
        g_string_append_printf(out, _("%1$s: would start\n"), name);

    lxcPolicyCheckList(result->warnings, _("warning"), out);
    lxcPolicyCheckList(result->unchecked, _("not checked"), out);
    if (result->stage != VIR_LXC_POLICY_STARTED)
        return;

    xml = virLXCConfinementDefFormat(domain->def, 2);
    g_string_append_printf(out, "<features>\n%s</features>\n", xml);
}

static void
lxcPolicyAddWords(virLXCPolicyJSON *json, const char *key, const char *words)
{
    g_auto(GStrv) list = g_strsplit(words ? words : "", " ", -1);

    virLXCPolicyJSONStrings(json, key,
                            *list && **list ? (const char *const *)list : NULL);
}

static void
lxcPolicyAddCapabilities(virLXCPolicyJSON *json, guint64 set)
{
    unsigned int i;

    virLXCPolicyJSONBeginArray(json, "capabilities");
    for (i = 0; i <= VIR_LXC_CAPABILITY_MAX; i++) {
        g_autofree char *label = virLXCCapabilityLabel(i);

        if (set & VIR_LXC_CAPABILITY_BIT(i))
            virLXCPolicyJSONString(json, NULL, label);
    }
    virLXCPolicyJSONEnd(json);
}

static void
lxcPolicyAddLandlock(virLXCPolicyJSON *json, const virLXCLandlockDef *def)
{
    g_autofree char *lost = NULL;

    if (!def)
        return;

    lost = virLXCLandlockLostNames(def->effective->lost);
    virLXCPolicyJSONBeginObject(json, "landlock");
    virLXCPolicyJSONNumber(json, "abi", def->effective->abi);
    lxcPolicyAddWords(json, "lost", lost);
    virLXCPolicyJSONEnd(json);
}

static void
lxcPolicyAddSeccomp(virLXCPolicyJSON *json, const virLXCSeccompDef *def)
{
    if (!def)
        return;

    virLXCPolicyJSONBeginObject(json, "seccomp");
    virLXCPolicyJSONString(json, "digest", def->effective->digest);
    virLXCPolicyJSONNumber(json, "instructions", def->effective->instructions);
    virLXCPolicyJSONString(json, "listener", def->effective->listener);
    virLXCPolicyJSONEnd(json);
}

static void
lxcPolicyAddKernelFiles(virLXCPolicyJSON *json, const virLXCKernelFilesDef *def)
{
    if (!def)
        return;

    virLXCPolicyJSONBeginObject(json, "kernelFiles");
    virLXCPolicyJSONBool(json, "locked", def->effective->locked);
    virLXCPolicyJSONEnd(json);
}

static void
lxcPolicyAddEffective(virLXCPolicyJSON *json, const virLXCConfinementDef *def)
{
    g_autofree char *xml = virLXCConfinementDefFormat(def, 0);

    virLXCPolicyJSONBeginObject(json, "effective");
    lxcPolicyAddCapabilities(json, def->capabilities.effective);
    virLXCPolicyJSONBool(json, "noNewPrivs",
                         def->noNewPrivsEffective == VIR_LXC_SWITCH_ON);
    lxcPolicyAddLandlock(json, def->landlock);
    lxcPolicyAddSeccomp(json, def->seccomp);
    lxcPolicyAddKernelFiles(json, def->kernelFiles);
    virLXCPolicyJSONString(json, "xml", xml);
    virLXCPolicyJSONEnd(json);
}

static void
lxcPolicyAddTexts(virLXCPolicyJSON *json, const char *key,
                  const GPtrArray *texts)
{
    size_t i;

    virLXCPolicyJSONBeginArray(json, key);
    for (i = 0; i < texts->len; i++)
        virLXCPolicyJSONString(json, NULL, g_ptr_array_index(texts, i));
    virLXCPolicyJSONEnd(json);
}

static void
lxcPolicyCheckJSON(const virLXCPolicyCheckResult *result,
                   const virLXCPolicyDomain *domain, GString *out)
{
    g_autoptr(virLXCPolicyJSON) json = virLXCPolicyJSONNew();
    g_autofree char *cause =
        result->cause ? lxcPolicyErrorText(result->cause) : NULL;
    int line = result->cause ? virLXCErrorGetLine(result->cause) : 0;

    virLXCPolicyJSONString(json, "domain", domain->name);
    virLXCPolicyJSONBool(json, "starts",
                         result->stage == VIR_LXC_POLICY_STARTED);
    virLXCPolicyJSONString(json, "fails", lxcPolicyStages[result->stage]);
    virLXCPolicyJSONString(json, "error", cause);
    if (line > 0)
        virLXCPolicyJSONNumber(json, "line", line);
    lxcPolicyAddTexts(json, "warnings", result->warnings);
    lxcPolicyAddTexts(json, "unchecked", result->unchecked);
    if (result->stage == VIR_LXC_POLICY_STARTED)
        lxcPolicyAddEffective(json, domain->def);
    virLXCPolicyJSONFinish(json, out);
}

int
virLXCPolicyCheck(virLXCPolicy *policy, char **arguments,
                  virLXCPolicyStatus *status, GError **error)
{
    const char *profiles = lxcPolicyProfiles ? lxcPolicyProfiles
                                             : VIR_LXC_POLICY_PROFILE_DIRECTORY;
    g_autoptr(virLXCHostInfo) info =
        lxcPolicyHostFile ? virLXCPolicyHostRead(lxcPolicyHostFile, error)
                          : virLXCHostInfoProbe(profiles, error);
    virLXCPolicyCheckHost host = {info, lxcPolicyHostFile != NULL, profiles};
    g_autoptr(virLXCPolicyDomain) domain = NULL;
    g_autoptr(virLXCPolicyCheckResult) result = NULL;
    xmlDoc *doc = NULL;

    policy->next = true;
    policy->takesHost = host.isOther;
    if (!info || !(doc = virLXCPolicyXMLRead(policy, arguments[0], error)) ||
        !(domain = virLXCPolicyDomainNew(doc, arguments[0], error)))
        return -1;

    result = virLXCPolicyCheckDomain(&host, domain);
    *status = result->stage == VIR_LXC_POLICY_STARTED ? VIR_LXC_POLICY_YES
                                                      : VIR_LXC_POLICY_NO;
    if (policy->json)
        lxcPolicyCheckJSON(result, domain, policy->out);
    else
        lxcPolicyCheckText(result, domain, policy->out);
    return 0;
}
