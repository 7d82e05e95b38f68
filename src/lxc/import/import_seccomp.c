/*
 * import_seccomp.c: seccomp profiles of OCI runtimes, docker and podman
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the JSON of a profile. Out: <seccomp>.
 */

#include <errno.h>

#include "capabilities_plan.h"
#include "i18n.h"
#include "import_private.h"
#include "oci_profile.h"
#include "oci_profile_parts.h"

static virLXCSeccompContext
lxcSeccompContext(const virLXCImport *import, const virLXCHost *host)
{
    virLXCCapabilitiesPlan plan =
        virLXCCapabilitiesPlanMake(&import->def->capabilities, host);

    return (virLXCSeccompContext){
        .native = host->seccompArch,
        .capabilities = plan.bounding,
        .kernel = host->kernel,
    };
}

static bool
lxcListHasValues(const virLXCJSON *rule, const char *name)
{
    const virLXCJSON *filter = virLXCJSONGet(rule, name);

    return filter && filter->children && filter->children->len > 0;
}

/* XML has no conditions on host and domain: those of the profile are evaluated
 * now. */
static int
lxcSeccompMentionConditions(virLXCImport *import, const char *file,
                            const virLXCJSON *rule,
                            const virLXCSeccompContext *context, GError **error)
{
    bool holds = false;

    if (!lxcListHasValues(rule, "includes") &&
        !lxcListHasValues(rule, "excludes"))
        return 0;

    if (virLXCOCIRuleMatches(rule, context, &holds, error) < 0)
        return -1;

    virLXCImportAddJSON(
        import, false, file, rule,
        holds ? _("the rule applies to this host and the capabilities of the "
                  "domain, so it is converted without its condition")
              : _("the rule does not apply to this host and the capabilities "
                  "of the domain, so it is left out"));
    return 0;
}

static int
lxcSeccompMention(virLXCImport *import, const char *file,
                  const virLXCJSON *profile,
                  const virLXCSeccompContext *context, GError **error)
{
    const GPtrArray *rules = NULL;
    size_t i;

    if (virLXCJSONGetList(profile, "syscalls", &rules, error) < 0)
        return -1;

    for (i = 0; rules && i < rules->len; i++) {
        if (lxcSeccompMentionConditions(
                import, file, g_ptr_array_index(rules, i), context, error) < 0)
            return -1;
    }
    return 0;
}

static bool
lxcRulesNotify(const GPtrArray *rules)
{
    size_t i;

    for (i = 0; i < rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(rules, i);

        if (rule->action.kind == VIR_LXC_SECCOMP_NOTIFY)
            return true;
    }
    return false;
}

static int
lxcSeccompSetListener(virLXCImport *import, const virLXCImportSource *source,
                      const virLXCJSON *profile,
                      const virLXCSeccompRuleset *ruleset, GError **error)
{
    virLXCSeccompDef *def = import->def->seccomp;
    bool notifies = lxcRulesNotify(def->rules);

    if (notifies && !ruleset->listenerPath)
        return virLXCJSONSetError(profile, error,
                                  _("action '%1$s' requires '%2$s'"),
                                  "SCMP_ACT_NOTIFY", "listenerPath");

    if (!ruleset->listenerPath)
        return 0;

    if (!notifies) {
        virLXCImportAddJSON(import, false, source->file,
                            virLXCJSONGet(profile, "listenerPath"),
                            _("no rule that applies notifies the agent, so "
                              "there is no <listener>"));
        return 0;
    }

    def->listenerPath = g_strdup(ruleset->listenerPath);
    def->listenerMetadata = g_strdup(ruleset->listenerMetadata);
    return 0;
}

/* The action for calls newer than the profile must not be looser than its
 * default action; ENOSYS is as strict as any other errno. */
static void
lxcSeccompSetActions(virLXCSeccompDef *def, const virLXCSeccompRuleset *ruleset)
{
    bool allows = ruleset->defaultAction.kind == VIR_LXC_SECCOMP_ALLOW;

    def->policy =
        allows ? VIR_LXC_SECCOMP_POLICY_ALLOW : VIR_LXC_SECCOMP_POLICY_DENY;
    def->hasDenied = !allows;
    def->denied = ruleset->defaultAction;
    def->hasUnknown = !allows;
    def->unknown = ruleset->defaultAction.kind > ruleset->unknown.kind
                       ? ruleset->defaultAction
                       : ruleset->unknown;
    def->kernel = ruleset->kernel;
    def->log = ruleset->flags & VIR_LXC_SECCOMP_FLAG_LOG;
}

static void
lxcSeccompMentionFlags(virLXCImport *import, const char *file,
                       const virLXCJSON *profile,
                       const virLXCSeccompRuleset *ruleset)
{
    const virLXCJSON *flags = virLXCJSONGet(profile, "flags");

    if (flags && ruleset->flags & VIR_LXC_SECCOMP_FLAG_SPEC_ALLOW)
        virLXCImportAddJSON(
            import, false, file, flags,
            _("the flag SECCOMP_FILTER_FLAG_SPEC_ALLOW cannot be set; the "
              "kernel may mitigate speculation at some cost of speed"));
    if (ruleset->flags & VIR_LXC_SECCOMP_FLAG_WAIT_KILLABLE_RECV)
        virLXCImportAddJSON(
            import, false, file, flags,
            _("the flag SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV cannot be set; "
              "it does not affect which calls are allowed"));
}

/* The native architecture, the first one, is implied. */
static void
lxcSeccompSetArchs(virLXCSeccompDef *def, const GPtrArray *archs)
{
    size_t i;

    for (i = 1; i < archs->len; i++) {
        virLXCSeccompArchUse use = {.arch = g_ptr_array_index(archs, i)};

        g_array_append_val(def->archs, use);
    }
}

int
virLXCImportSeccompValue(virLXCImport *import, const virLXCImportSource *source,
                         const virLXCJSON *profile, GError **error)
{
    virLXCSeccompContext context = lxcSeccompContext(import, source->host);
    g_autoptr(virLXCSeccompRuleset) ruleset =
        virLXCOCIProfileParseValue(profile, &context, error);
    virLXCSeccompDef *def;

    if (!ruleset ||
        lxcSeccompMention(import, source->file, profile, &context, error) < 0)
        return -1;

    def = import->def->seccomp = virLXCSeccompDefNew();
    lxcSeccompSetActions(def, ruleset);
    lxcSeccompSetArchs(def, ruleset->archs);
    lxcSeccompMentionFlags(import, source->file, profile, ruleset);
    virLXCImportSeccompRules(import, source->file, def, ruleset->rules);
    return lxcSeccompSetListener(import, source, profile, ruleset, error);
}

int
virLXCImportOCISeccomp(virLXCImport *import, const virLXCImportSource *source,
                       GError **error)
{
    g_autoptr(virLXCJSON) root = virLXCImportJSON(source, error);

    return root ? virLXCImportSeccompValue(import, source, root, error) : -1;
}
