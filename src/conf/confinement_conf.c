/*
 * confinement_conf.c: the confinement elements of <features> as one definition
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse and format. In: the <domain> element. Out: a
 * virLXCConfinementDef, and from it the same XML again.
 */

#include "confinement_conf.h"

#include "confinement_module.h"
#include "confinement_place.h"
#include "i18n.h"
#include "xml.h"

static bool
lxcConfinementIsLive(const xmlNode *features)
{
    const xmlNode *root = xmlDocGetRootElement(features->doc);

    return root && virLXCXMLNodeIs(root, "domstatus");
}

/* A module's element, or NULL if the document has none. A second one is an
 * error. */
static int
lxcConfinementFindElement(xmlNode *features, const char *name, xmlNode **node,
                          GError **error)
{
    xmlNode *found = NULL;
    xmlNode *child;

    for (child = xmlFirstElementChild(features); child;
         child = xmlNextElementSibling(child)) {
        if (!virLXCXMLNodeIs(child, name))
            continue;
        if (virLXCXMLCheckNamespace(child, error) < 0)
            return -1;
        if (found)
            return virLXCXMLSetRepeated(child, error);
        found = child;
    }

    *node = found;
    return 0;
}

static int
lxcConfinementParseModule(virLXCConfinementDef *def,
                          const virLXCConfinementModule *module,
                          xmlNode *features, bool live, GError **error)
{
    xmlNode *node = NULL;

    if (lxcConfinementFindElement(features, module->name, &node, error) < 0)
        return -1;
    if (!node)
        return 0;

    def->present = true;
    return module->parse(def, node, live, error);
}

/* landlock_restrict_self(2) requires no_new_privs or CAP_SYS_ADMIN. Containers
 * are confined while they still have the latter, but the reason given there
 * holds for their users, too. */
static int
lxcConfinementCheckContradictions(const virLXCConfinementDef *def,
                                  xmlNode *features, GError **error)
{
    xmlNode *node = NULL;

    if (!def->landlock || def->noNewPrivs != VIR_LXC_SWITCH_OFF)
        return 0;

    if (lxcConfinementFindElement(features, "no-new-privs", &node, error) < 0)
        return -1;

    return virLXCXMLSetContradiction(
        node, error,
        _("<no-new-privs state='off'/> contradicts <landlock>: a set-user-ID "
          "program could gain privileges while running under restrictions it "
          "does not expect, which is why Landlock requires no_new_privs"));
}

virLXCConfinementDef *
virLXCConfinementDefParse(xmlNode *domain, GError **error)
{
    g_autoptr(virLXCConfinementDef) def = g_new0(virLXCConfinementDef, 1);
    size_t nmodules = 0;
    const virLXCConfinementModule *modules =
        virLXCConfinementModules(&nmodules);
    xmlNode *features;
    bool live;
    size_t i;

    if (virLXCConfinementFindFeatures(domain, &features, error) < 0)
        return NULL;

    if (!features)
        return g_steal_pointer(&def);

    if (virLXCXMLCheckNoEntities(features, error) < 0)
        return NULL;

    live = lxcConfinementIsLive(features);
    for (i = 0; i < nmodules; i++) {
        if (lxcConfinementParseModule(def, &modules[i], features, live, error) <
            0)
            return NULL;
    }

    if (lxcConfinementCheckContradictions(def, features, error) < 0)
        return NULL;

    return g_steal_pointer(&def);
}

static int
lxcConfinementCompleteLandlock(virLXCConfinementDef *def, unsigned int hostABI,
                               GError **error)
{
    if (!def->landlock)
        return 0;

    if (virLXCLandlockDefComplete(def->landlock, hostABI, error) < 0)
        return -1;

    if (def->noNewPrivs == VIR_LXC_SWITCH_ABSENT)
        def->noNewPrivs = VIR_LXC_SWITCH_ON;
    return 0;
}

/* Domains without these elements are left as they are: their containers may
 * depend on files that the default restricts. */
static bool
lxcConfinementNeedsKernelFiles(const virLXCConfinementDef *def)
{
    return def->seccomp || def->landlock ||
           def->noNewPrivs != VIR_LXC_SWITCH_ABSENT;
}

int
virLXCConfinementDefComplete(virLXCConfinementDef *def,
                             unsigned int hostLandlockABI, GError **error)
{
    if (!def)
        return 0;

    if (lxcConfinementCompleteLandlock(def, hostLandlockABI, error) < 0)
        return -1;

    /* Last, since they cannot fail. */
    if (def->seccomp)
        virLXCSeccompDefComplete(def->seccomp);
    if (!def->kernelFiles && lxcConfinementNeedsKernelFiles(def))
        def->kernelFiles = virLXCKernelFilesDefNew();
    return 0;
}

/* By its path alone: only the host knows the file. */
static bool
lxcConfinementIsSystemd(const char *init)
{
    static const char *const paths[] = {"/sbin/init", "/lib/systemd/systemd",
                                        "/usr/lib/systemd/systemd", NULL};
    g_autofree char *name = g_path_get_basename(init);

    return g_strv_contains(paths, init) || g_str_equal(name, "systemd");
}

static void
lxcConfinementWarnSystemd(const virLXCConfinementDef *def, const char *init,
                          GPtrArray *warnings)
{
    if (!def->landlock || !def->landlock->hasFS || !init ||
        !lxcConfinementIsSystemd(init))
        return;

    g_ptr_array_add(
        warnings, g_strdup_printf(
                      _("init '%1$s' looks like systemd, which needs to mount "
                        "file systems, but <fs> in <landlock> makes the "
                        "kernel refuse every mount"),
                      init));
}

static void
lxcConfinementWarnKernelFiles(const virLXCConfinementDef *def, bool hasIdmap,
                              GPtrArray *warnings)
{
    if (def->capabilities.policy != VIR_LXC_CAPABILITIES_POLICY_DENY ||
        def->kernelFiles || hasIdmap)
        return;

    g_ptr_array_add(
        warnings,
        g_strdup(_("<capabilities policy='deny'> does not prevent root in the "
                   "container from writing to files of the host's kernel such "
                   "as /proc/sysrq-trigger; add <kernel-files/> or <idmap>")));
}

/* Whether a rule without conditions, or else a group, lets a call through. */
static bool
lxcConfinementPermits(const virLXCSeccompDef *def, const char *name)
{
    const virLXCSeccompGroup *group = virLXCSeccompDefFindGroup(def, name);
    size_t i;

    for (i = 0; i < def->rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(def->rules, i);

        if (g_str_equal(rule->name, name) && rule->conditions->len == 0)
            return rule->action.kind < VIR_LXC_SECCOMP_ERRNO;
    }
    if (group)
        return group->action.kind < VIR_LXC_SECCOMP_ERRNO;
    return def->policy == VIR_LXC_SECCOMP_POLICY_ALLOW;
}

static const virLXCSeccompNamespace *
lxcConfinementFindUserNamespace(const virLXCSeccompDef *def)
{
    size_t i;

    for (i = 0; def && i < def->namespaces->len; i++) {
        const virLXCSeccompNamespace *use =
            &g_array_index(def->namespaces, virLXCSeccompNamespace, i);

        if (g_str_equal(use->type->name, "user"))
            return use;
    }
    return NULL;
}

/* What an administrator's profile says is not known here. */
static bool
lxcConfinementRefusesUserNamespaces(const virLXCSeccompDef *def)
{
    const virLXCSeccompNamespace *use = lxcConfinementFindUserNamespace(def);

    if (!def)
        return false;
    if (use)
        return use->action.kind >= VIR_LXC_SECCOMP_ERRNO;
    return !lxcConfinementPermits(def, "unshare") &&
           !lxcConfinementPermits(def, "clone") &&
           !lxcConfinementPermits(def, "clone3");
}

static bool
lxcConfinementDrops(const virLXCCapabilitiesDef *def, guint64 capability)
{
    return def->policy == VIR_LXC_CAPABILITIES_POLICY_DENY
               ? !(def->on & capability)
               : (def->off & capability) != 0;
}

/* With sys_admin, a user namespace gives nothing that is not there already. */
static bool
lxcConfinementDropsSysAdmin(const virLXCConfinementDef *def)
{
    const virLXCCapability *row = virLXCCapabilityByName("sys_admin");

    return lxcConfinementDrops(&def->capabilities,
                               VIR_LXC_CAPABILITY_BIT(row->number));
}

bool
virLXCConfinementDefForbidsUserNamespaces(const virLXCConfinementDef *def)
{
    return lxcConfinementDropsSysAdmin(def) &&
           !lxcConfinementFindUserNamespace(def->seccomp);
}

static void
lxcConfinementWarnUserNamespaces(const virLXCConfinementDef *def, bool hasIdmap,
                                 GPtrArray *warnings)
{
    if (!lxcConfinementDropsSysAdmin(def) ||
        (hasIdmap && virLXCConfinementDefForbidsUserNamespaces(def)) ||
        lxcConfinementRefusesUserNamespaces(def->seccomp))
        return;

    g_ptr_array_add(
        warnings,
        g_strdup(_("<capabilities> drops sys_admin, but processes in the "
                   "container can regain all capabilities in a user namespace "
                   "of their own; add <seccomp/>, or <namespace type='user' "
                   "action='errno'/> to <seccomp>")));
}

char **
virLXCConfinementDefWarnings(const virLXCConfinementDef *def, const char *init,
                             bool hasIdmap)
{
    GPtrArray *warnings = g_ptr_array_new();

    if (def) {
        lxcConfinementWarnSystemd(def, init, warnings);
        lxcConfinementWarnKernelFiles(def, hasIdmap, warnings);
        lxcConfinementWarnUserNamespaces(def, hasIdmap, warnings);
    }

    g_ptr_array_add(warnings, NULL);
    return (char **)g_ptr_array_free(warnings, FALSE);
}

static char *
lxcConfinementFormat(const virLXCConfinementDef *def, unsigned int indent,
                     bool status)
{
    GString *out = g_string_new(NULL);
    size_t nmodules = 0;
    const virLXCConfinementModule *modules =
        virLXCConfinementModules(&nmodules);
    size_t i;

    for (i = 0; def && i < nmodules; i++)
        modules[i].format(def, out, indent, status);

    return g_string_free(out, FALSE);
}

char *
virLXCConfinementDefFormat(const virLXCConfinementDef *def, unsigned int indent)
{
    return lxcConfinementFormat(def, indent, false);
}

char *
virLXCConfinementDefFormatStatus(const virLXCConfinementDef *def,
                                 unsigned int indent)
{
    return lxcConfinementFormat(def, indent, true);
}

void
virLXCConfinementDefFree(virLXCConfinementDef *def)
{
    if (!def)
        return;

    virLXCKernelFilesDefFree(def->kernelFiles);
    virLXCLandlockDefFree(def->landlock);
    virLXCSeccompDefFree(def->seccomp);
    g_free(def);
}
