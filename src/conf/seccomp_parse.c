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
#include "seccomp_group.h"
#include "seccomp_rule.h"
#include "seccomp_shorthand.h"
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

    return virLXCXMLSetContradiction(
        node, error,
        _("action 'notify' is not allowed in <%1$s>: an agent may need any "
          "call that no <syscall> names in order to respond"),
        (const char *)node->name);
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

    return virLXCXMLSetContradiction(
        node, error,
        _("action 'allow' contradicts <denied>: to allow calls that no rule "
          "matches, use policy='allow'"));
}

/* The table does not know which calls a newer kernel has, and so cannot tell
 * which are newer than that kernel. */
static int
lxcSeccompParseKernel(virLXCSeccompDef *def, const xmlNode *node,
                      GError **error)
{
    g_autofree char *text = virLXCXMLGetAttribute(node, "kernel");
    virLXCKernelVersion kernel = {0};

    if (!text)
        return 0;

    if (!virLXCKernelVersionFromString(text, &kernel) ||
        virLXCKernelVersionCompare(kernel, lxcSeccompOldest) < 0)
        return virLXCXMLSetValueError(
            node, "kernel", error,
            _("a version of Linux, 1.0 or later, as two numbers such as 6.18"));

    if (virLXCKernelVersionCompare(kernel, lxcSeccompNewest) > 0)
        return virLXCXMLSetError(
            node, error,
            _("Linux %1$s in attribute 'kernel' of <unknown> is newer than "
              "%2$u.%3$u, the newest version whose system calls are known"),
            text, lxcSeccompNewest.major, lxcSeccompNewest.minor);

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
    size_t i;

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLCheckEmpty(node, error) < 0 ||
        !(name = virLXCXMLRequireAttribute(node, "name", error)))
        return -1;

    use.arch = virLXCSeccompArchByName(name);
    if (!use.arch)
        return virLXCXMLSetError(
            node, error,
            _("unknown architecture '%1$s' in attribute 'name' of <arch>"),
            name);

    for (i = 0; i < def->archs->len; i++) {
        if (g_array_index(def->archs, virLXCSeccompArchUse, i).arch != use.arch)
            continue;
        return virLXCXMLSetError(
            node, error, _("architecture '%1$s' is listed twice in <seccomp>"),
            name);
    }

    g_array_append_val(def->archs, use);
    return 0;
}

static int
lxcSeccompParseSyscall(void *opaque, const xmlNode *node, GError **error)
{
    virLXCSeccompDef *def = opaque;
    g_autofree char *group = virLXCXMLGetAttribute(node, "group");
    g_autoptr(virLXCSeccompRule) rule = NULL;

    if (group)
        return virLXCSeccompGroupParse(def, node, error);

    rule = virLXCSeccompRuleParse(node, error);
    if (!rule || virLXCSeccompRuleCheckReached(rule, def->reached, error) < 0)
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

    return virLXCXMLSetValueError(node, name, error,
                                  _("an absolute path of at most %1$d bytes"),
                                  VIR_LXC_SECCOMP_LISTENER_MAX);
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

    return virLXCXMLSetValueError(
        node, name, error, _("%1$d hexadecimal digits"), LXC_DIGEST_LENGTH);
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

    return virLXCXMLSetValueError(node, "instructions", error,
                                  _("a decimal number from 1 to %1$d"),
                                  VIR_LXC_SECCOMP_INSTRUCTIONS_MAX);
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

    if (!virLXCSeccompProfileNameIsValid(profile))
        return virLXCXMLSetValueError(
            node, "profile", error,
            _("at most 64 letters, digits, '_', '-' and '.', beginning with a "
              "letter or digit"));

    if (def->policy != VIR_LXC_SECCOMP_POLICY_DEFAULT)
        return virLXCXMLSetContradiction(
            node, error,
            _("attribute 'profile' of <seccomp> contradicts policy '%1$s': a "
              "profile replaces the built-in one of policy 'default'"),
            virLXCSeccompPolicyNames()[def->policy]);

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

/* The first element of that action as text, which the caller frees. */
static char *
lxcSeccompFindNotify(const virLXCSeccompDef *def, int *line)
{
    char *group = NULL;
    size_t i;

    for (i = 0; i < def->rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(def->rules, i);

        if (rule->action.kind != VIR_LXC_SECCOMP_NOTIFY)
            continue;
        *line = rule->line;
        return g_strdup_printf("<syscall name='%s'>", rule->name);
    }

    group = virLXCSeccompGroupNotifies(def, line);
    return group ? group : virLXCSeccompShorthandNotifies(def, line);
}

/* A profile can name a listener, and have rules that need one. */
static int
lxcSeccompCheckListener(const virLXCSeccompDef *def, GError **error)
{
    int line = 0;
    g_autofree char *notifies = lxcSeccompFindNotify(def, &line);

    if (def->profile || !notifies == !def->listenerPath)
        return 0;

    if (notifies)
        return virLXCSetErrorAtLine(
            error, VIR_LXC_CONFINEMENT_ERROR_INVALID, line,
            _("action 'notify' of %1$s needs a <listener>, "
              "which names the agent's socket (line %2$d)"),
            notifies, line);

    return virLXCSetErrorAtLine(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                                def->listenerLine,
                                _("<listener> is never used: no <syscall> has "
                                  "action 'notify' (line %1$d)"),
                                def->listenerLine);
}

virLXCSeccompDef *
virLXCSeccompDefParse(xmlNode *node, bool live, GError **error)
{
    const virLXCXMLElement elements[] = {
        {"denied", lxcSeccompParseDenied},
        {"unknown", lxcSeccompParseUnknown},
        {"arch", lxcSeccompParseArch},
        {"syscall", lxcSeccompParseSyscall},
        {"socket", virLXCSeccompSocketParse},
        {"namespace", virLXCSeccompNamespaceParse},
        {"listener", lxcSeccompParseListener},
        {"effective", live ? lxcSeccompParseEffective : NULL},
        {NULL, NULL},
    };
    g_autoptr(virLXCSeccompDef) def = virLXCSeccompDefNew();

    if (lxcSeccompParseAttributes(def, node, error) < 0 ||
        virLXCXMLCheckNoText(node, error) < 0 ||
        virLXCXMLParseChildren(node, elements, def, error) < 0 ||
        virLXCSeccompShorthandCheck(def, error) < 0 ||
        virLXCSeccompGroupCheck(def, error) < 0 ||
        lxcSeccompCheckListener(def, error) < 0)
        return NULL;

    return g_steal_pointer(&def);
}
