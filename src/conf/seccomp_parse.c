/*
 * seccomp_parse.c: <seccomp> read from XML
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse. In: the <seccomp> element. Out: a virLXCSeccompDef.
 */

#include "seccomp_conf.h"

#include <errno.h>
#include <string.h>

#include "i18n.h"
#include "number.h"
#include "seccomp_action.h"
#include "seccomp_rule.h"
#include "xml.h"

#define LXC_DIGEST_LENGTH 64

/* The oldest kernel that a policy can be written for. */
static const virLXCKernelVersion lxcSeccompOldest = {1, 0};
static const virLXCKernelVersion lxcSeccompNewest = {
    VIR_LXC_SYSCALL_KERNEL_MAJOR,
    VIR_LXC_SYSCALL_KERNEL_MINOR,
};

static int
lxcSeccompCheckNoNotify(const xmlNode *node, virLXCSeccompAction action,
                        GError **error)
{
    if (action.kind != VIR_LXC_SECCOMP_NOTIFY)
        return 0;

    g_set_error(error, VIR_LXC_CONFINEMENT_ERROR,
                VIR_LXC_CONFINEMENT_ERROR_INVALID,
                _("value '%1$s' for attribute '%2$s' of <%3$s> makes no sense: "
                  "an agent can answer only calls that a <%4$s> names, since "
                  "it may need any other in order to answer (line %5$ld)"),
                virLXCSeccompActionTable()[action.kind].name, "action",
                (const char *)node->name, "syscall", xmlGetLineNo(node));
    return -1;
}

static int
lxcSeccompParseDenied(void *opaque, const xmlNode *node, GError **error)
{
    virLXCSeccompDef *def = opaque;
    static const char *const attributes[] = {"action", "errno", NULL};

    if (def->hasDenied)
        return virLXCXMLSetRepeated(node, error);

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLCheckEmpty(node, error) < 0 ||
        virLXCSeccompActionParse(node, EPERM, &def->denied, error) < 0 ||
        lxcSeccompCheckNoNotify(node, def->denied, error) < 0)
        return -1;

    def->hasDenied = true;
    if (def->denied.kind != VIR_LXC_SECCOMP_ALLOW)
        return 0;

    g_set_error(error, VIR_LXC_CONFINEMENT_ERROR,
                VIR_LXC_CONFINEMENT_ERROR_INVALID,
                _("value '%1$s' for attribute '%2$s' of <%3$s> contradicts the "
                  "element: to allow what no rule is about, use policy='%4$s' "
                  "(line %5$ld)"),
                virLXCSeccompActionTable()[def->denied.kind].name, "action",
                (const char *)node->name,
                virLXCSeccompPolicyNames()[VIR_LXC_SECCOMP_POLICY_ALLOW],
                xmlGetLineNo(node));
    return -1;
}

/* Of a kernel that is newer than the table it is not known which calls it has,
 * and so not either which are newer still. */
static int
lxcSeccompParseKernel(virLXCSeccompDef *def, const xmlNode *node,
                      GError **error)
{
    g_autofree char *text = virLXCXMLGetAttribute(node, "kernel");
    virLXCKernelVersion kernel = {0};

    if (!text)
        return 0;

    if (!virLXCKernelVersionFromString(text, &kernel) ||
        virLXCKernelVersionCompare(kernel, lxcSeccompOldest) < 0) {
        virLXCXMLSetError(error,
                          _("invalid value '%1$s' for attribute '%2$s' of "
                            "<%3$s> (line %4$ld): expected a version of Linux "
                            "from 1.0 on, two numbers such as 6.18"),
                          text, "kernel", (const char *)node->name,
                          xmlGetLineNo(node));
        return -1;
    }

    if (virLXCKernelVersionCompare(kernel, lxcSeccompNewest) > 0) {
        virLXCXMLSetError(error,
                          _("Linux %1$s in attribute '%2$s' of <%3$s> is newer "
                            "than %4$u.%5$u, the newest whose system calls are "
                            "known (line %6$ld)"),
                          text, "kernel", (const char *)node->name,
                          lxcSeccompNewest.major, lxcSeccompNewest.minor,
                          xmlGetLineNo(node));
        return -1;
    }

    def->kernel = kernel;
    return 0;
}

static int
lxcSeccompParseUnknown(void *opaque, const xmlNode *node, GError **error)
{
    virLXCSeccompDef *def = opaque;
    static const char *const attributes[] = {"action", "errno", "kernel", NULL};

    if (def->hasUnknown)
        return virLXCXMLSetRepeated(node, error);

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLCheckEmpty(node, error) < 0 ||
        virLXCSeccompActionParse(node, ENOSYS, &def->unknown, error) < 0 ||
        lxcSeccompCheckNoNotify(node, def->unknown, error) < 0 ||
        lxcSeccompParseKernel(def, node, error) < 0)
        return -1;

    def->hasUnknown = true;
    return 0;
}

static int
lxcSeccompParseArch(void *opaque, const xmlNode *node, GError **error)
{
    virLXCSeccompDef *def = opaque;
    static const char *const attributes[] = {"name", NULL};
    g_autofree char *name = NULL;
    virLXCSeccompArchUse use = {.line = (int)xmlGetLineNo(node)};
    guint i;

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLCheckEmpty(node, error) < 0 ||
        !(name = virLXCXMLRequireAttribute(node, "name", error)))
        return -1;

    use.arch = virLXCSeccompArchByName(name);
    if (!use.arch) {
        virLXCXMLSetError(error,
                          _("unknown architecture '%1$s' in attribute '%2$s' "
                            "of <%3$s> (line %4$ld)"),
                          name, "name", (const char *)node->name,
                          xmlGetLineNo(node));
        return -1;
    }

    for (i = 0; i < def->archs->len; i++) {
        if (g_array_index(def->archs, virLXCSeccompArchUse, i).arch != use.arch)
            continue;
        virLXCXMLSetError(
            error,
            _("architecture '%1$s' is listed twice in <%2$s> (line %3$ld)"),
            name, (const char *)node->parent->name, xmlGetLineNo(node));
        return -1;
    }

    g_array_append_val(def->archs, use);
    return 0;
}

static int
lxcSeccompParseSyscall(void *opaque, const xmlNode *node, GError **error)
{
    virLXCSeccompDef *def = opaque;
    g_autoptr(virLXCSeccompRule) rule = virLXCSeccompRuleParse(node, error);

    if (!rule || virLXCSeccompRuleCheckReached(rule, def->rules, error) < 0)
        return -1;

    g_ptr_array_add(def->rules, g_steal_pointer(&rule));
    return 0;
}

static int
lxcSeccompCheckSocket(const xmlNode *node, const char *name, const char *path,
                      GError **error)
{
    if (path[0] == '/' && strlen(path) <= VIR_LXC_SECCOMP_LISTENER_MAX)
        return 0;

    virLXCXMLSetError(error,
                      _("invalid value '%1$s' for attribute '%2$s' of <%3$s> "
                        "(line %4$ld): expected an absolute path of at most "
                        "%5$d bytes"),
                      path, name, (const char *)node->name, xmlGetLineNo(node),
                      VIR_LXC_SECCOMP_LISTENER_MAX);
    return -1;
}

static int
lxcSeccompParseListener(void *opaque, const xmlNode *node, GError **error)
{
    virLXCSeccompDef *def = opaque;
    static const char *const attributes[] = {"path", "metadata", NULL};
    g_autofree char *path = NULL;

    if (def->listenerPath)
        return virLXCXMLSetRepeated(node, error);

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLCheckEmpty(node, error) < 0 ||
        !(path = virLXCXMLRequireAttribute(node, "path", error)) ||
        lxcSeccompCheckSocket(node, "path", path, error) < 0)
        return -1;

    def->listenerPath = g_steal_pointer(&path);
    def->listenerMetadata = virLXCXMLGetAttribute(node, "metadata");
    def->listenerLine = (int)xmlGetLineNo(node);
    return 0;
}

/* As g_checksum_get_string() writes it. */
static int
lxcSeccompCheckDigest(const xmlNode *node, const char *name, const char *digest,
                      GError **error)
{
    if (strlen(digest) == LXC_DIGEST_LENGTH &&
        strspn(digest, "0123456789abcdef") == LXC_DIGEST_LENGTH)
        return 0;

    virLXCXMLSetError(error,
                      _("invalid value '%1$s' for attribute '%2$s' of <%3$s> "
                        "(line %4$ld): expected %5$d hexadecimal digits"),
                      digest, name, (const char *)node->name,
                      xmlGetLineNo(node), LXC_DIGEST_LENGTH);
    return -1;
}

/* No filter is empty. */
static int
lxcSeccompParseInstructions(const xmlNode *node, unsigned int *instructions,
                            GError **error)
{
    g_autofree char *text =
        virLXCXMLRequireAttribute(node, "instructions", error);
    unsigned int n = 0;

    if (!text)
        return -1;

    if (virLXCNumberFromString(text, VIR_LXC_SECCOMP_INSTRUCTIONS_MAX, &n) &&
        n > 0) {
        *instructions = n;
        return 0;
    }

    virLXCXMLSetError(error,
                      _("invalid value '%1$s' for attribute '%2$s' of <%3$s> "
                        "(line %4$ld): expected a decimal number from 1 to "
                        "%5$d"),
                      text, "instructions", (const char *)node->name,
                      xmlGetLineNo(node), VIR_LXC_SECCOMP_INSTRUCTIONS_MAX);
    return -1;
}

static int
lxcSeccompParseEffective(void *opaque, const xmlNode *node, GError **error)
{
    virLXCSeccompDef *def = opaque;
    static const char *const attributes[] = {"digest", "instructions", "policy",
                                             "listener", NULL};
    g_autoptr(virLXCSeccompEffective) effective =
        g_new0(virLXCSeccompEffective, 1);

    if (def->effective)
        return virLXCXMLSetRepeated(node, error);

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLCheckEmpty(node, error) < 0 ||
        !(effective->digest =
              virLXCXMLRequireAttribute(node, "digest", error)) ||
        lxcSeccompCheckDigest(node, "digest", effective->digest, error) < 0 ||
        lxcSeccompParseInstructions(node, &effective->instructions, error) < 0)
        return -1;

    effective->policy = virLXCXMLGetAttribute(node, "policy");
    if (effective->policy &&
        lxcSeccompCheckDigest(node, "policy", effective->policy, error) < 0)
        return -1;

    effective->listener = virLXCXMLGetAttribute(node, "listener");
    if (effective->listener &&
        lxcSeccompCheckSocket(node, "listener", effective->listener, error) < 0)
        return -1;

    def->effective = g_steal_pointer(&effective);
    return 0;
}

static int
lxcSeccompParseProfile(virLXCSeccompDef *def, const xmlNode *node,
                       GError **error)
{
    g_autofree char *profile = virLXCXMLGetAttribute(node, "profile");

    if (!profile)
        return 0;

    if (!virLXCSeccompProfileNameIsValid(profile)) {
        virLXCXMLSetError(error,
                          _("invalid value '%1$s' for attribute '%2$s' of "
                            "<%3$s> (line %4$ld): expected at most 64 letters, "
                            "digits, '_', '-' and '.', the first of them a "
                            "letter or digit"),
                          profile, "profile", (const char *)node->name,
                          xmlGetLineNo(node));
        return -1;
    }

    if (def->policy != VIR_LXC_SECCOMP_POLICY_DEFAULT) {
        g_set_error(
            error, VIR_LXC_CONFINEMENT_ERROR, VIR_LXC_CONFINEMENT_ERROR_INVALID,
            _("attribute '%1$s' of <%2$s> contradicts policy '%3$s': a "
              "profile takes the place of the default one (line "
              "%4$ld)"),
            "profile", (const char *)node->name,
            virLXCSeccompPolicyNames()[def->policy], xmlGetLineNo(node));
        return -1;
    }

    def->profile = g_steal_pointer(&profile);
    return 0;
}

static int
lxcSeccompParseAttributes(virLXCSeccompDef *def, const xmlNode *node,
                          GError **error)
{
    static const char *const attributes[] = {"policy", "profile", "log", NULL};
    unsigned int policy = VIR_LXC_SECCOMP_POLICY_DEFAULT;

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLGetEnum(node, "policy", virLXCSeccompPolicyNames(), &policy,
                         error) < 0)
        return -1;

    def->policy = policy;
    def->line = (int)xmlGetLineNo(node);
    if (lxcSeccompParseProfile(def, node, error) < 0)
        return -1;

    return virLXCXMLGetSwitch(node, "log", &def->log, error);
}

/* A profile can name a listener, and have rules that need one. */
static int
lxcSeccompCheckListener(const virLXCSeccompDef *def, GError **error)
{
    const virLXCSeccompRule *notifies = NULL;
    guint i;

    for (i = 0; !notifies && i < def->rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(def->rules, i);

        if (rule->action.kind == VIR_LXC_SECCOMP_NOTIFY)
            notifies = rule;
    }

    if (def->profile || !notifies == !def->listenerPath)
        return 0;

    if (notifies)
        g_set_error(error, VIR_LXC_CONFINEMENT_ERROR,
                    VIR_LXC_CONFINEMENT_ERROR_INVALID,
                    _("action '%1$s' of <syscall name='%2$s'> needs "
                      "<listener>, which says who answers (line %3$d)"),
                    "notify", notifies->name, notifies->line);
    else
        g_set_error(error, VIR_LXC_CONFINEMENT_ERROR,
                    VIR_LXC_CONFINEMENT_ERROR_INVALID,
                    _("<listener> has nothing to answer: no <syscall> has "
                      "action '%1$s' (line %2$d)"),
                    "notify", def->listenerLine);
    return -1;
}

virLXCSeccompDef *
virLXCSeccompDefParse(xmlNode *node, bool live, GError **error)
{
    const virLXCXMLElement elements[] = {
        {"denied", lxcSeccompParseDenied},
        {"unknown", lxcSeccompParseUnknown},
        {"arch", lxcSeccompParseArch},
        {"syscall", lxcSeccompParseSyscall},
        {"listener", lxcSeccompParseListener},
        {"effective", live ? lxcSeccompParseEffective : NULL},
        {NULL, NULL},
    };
    g_autoptr(virLXCSeccompDef) def = virLXCSeccompDefNew();

    if (lxcSeccompParseAttributes(def, node, error) < 0 ||
        virLXCXMLCheckNoText(node, error) < 0 ||
        virLXCXMLParseChildren(node, elements, def, error) < 0 ||
        lxcSeccompCheckListener(def, error) < 0)
        return NULL;

    return g_steal_pointer(&def);
}
