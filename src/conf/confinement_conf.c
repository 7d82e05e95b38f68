/*
 * confinement_conf.c: all confinement elements of <features> as one definition
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse and format. In: the <domain> element. Out: a
 * virLXCConfinementDef, and from it the same XML again. What a module is called
 * and which functions serve it is one row of a table.
 */

#include "confinement_conf.h"

#include "confinement_place.h"
#include "i18n.h"
#include "stability.h"
#include "xml.h"

/* What an absent definition says. */
static const virLXCConfinementDef lxcConfinementNothing;

static int
lxcConfinementParseCapabilities(virLXCConfinementDef *def, xmlNode *node,
                                bool live, GError **error)
{
    return virLXCCapabilitiesDefParse(&def->capabilities, node, live, error);
}

static void
lxcConfinementFormatCapabilities(const virLXCConfinementDef *def, GString *out,
                                 unsigned int indent)
{
    virLXCCapabilitiesDefFormat(&def->capabilities, out, indent);
}

static int
lxcConfinementCheckCapabilities(const virLXCConfinementDef *src,
                                const virLXCConfinementDef *dst, GError **error)
{
    return virLXCCapabilitiesDefCheckABIStability(&src->capabilities,
                                                  &dst->capabilities, error);
}

static int
lxcConfinementParseNoNewPrivs(virLXCConfinementDef *def, xmlNode *node,
                              bool live, GError **error)
{
    return virLXCNoNewPrivsParse(&def->noNewPrivs, &def->noNewPrivsEffective,
                                 node, live, error);
}

static void
lxcConfinementFormatNoNewPrivs(const virLXCConfinementDef *def, GString *out,
                               unsigned int indent)
{
    virLXCNoNewPrivsFormat(def->noNewPrivs, def->noNewPrivsEffective, out,
                           indent);
}

/* Not said is off, but where <landlock> turns it on. */
static virLXCSwitch
lxcConfinementNoNewPrivs(const virLXCConfinementDef *def)
{
    if (def->noNewPrivs != VIR_LXC_SWITCH_ABSENT)
        return def->noNewPrivs;

    return def->landlock ? VIR_LXC_SWITCH_ON : VIR_LXC_SWITCH_OFF;
}

static int
lxcConfinementCheckNoNewPrivs(const virLXCConfinementDef *src,
                              const virLXCConfinementDef *dst, GError **error)
{
    return virLXCStabilityCompare(
        "<no-new-privs>", virLXCSwitchName(lxcConfinementNoNewPrivs(src)),
        virLXCSwitchName(lxcConfinementNoNewPrivs(dst)), error);
}

static int
lxcConfinementParseLandlock(virLXCConfinementDef *def, xmlNode *node, bool live,
                            GError **error)
{
    def->landlock = virLXCLandlockDefParse(node, live, error);
    return def->landlock ? 0 : -1;
}

static void
lxcConfinementFormatLandlock(const virLXCConfinementDef *def, GString *out,
                             unsigned int indent)
{
    if (def->landlock)
        virLXCLandlockDefFormat(def->landlock, out, indent);
}

static int
lxcConfinementCheckLandlock(const virLXCConfinementDef *src,
                            const virLXCConfinementDef *dst, GError **error)
{
    return virLXCLandlockDefCheckABIStability(src->landlock, dst->landlock,
                                              error);
}

static int
lxcConfinementParseSeccomp(virLXCConfinementDef *def, xmlNode *node, bool live,
                           GError **error)
{
    def->seccomp = virLXCSeccompDefParse(node, live, error);
    return def->seccomp ? 0 : -1;
}

static void
lxcConfinementFormatSeccomp(const virLXCConfinementDef *def, GString *out,
                            unsigned int indent)
{
    if (def->seccomp)
        virLXCSeccompDefFormat(def->seccomp, out, indent);
}

static int
lxcConfinementCheckSeccomp(const virLXCConfinementDef *src,
                           const virLXCConfinementDef *dst, GError **error)
{
    return virLXCSeccompDefCheckABIStability(src->seccomp, dst->seccomp, error);
}

typedef struct {
    const char *name;
    int (*parse)(virLXCConfinementDef *def, xmlNode *node, bool live,
                 GError **error);
    void (*format)(const virLXCConfinementDef *def, GString *out,
                   unsigned int indent);
    int (*checkABI)(const virLXCConfinementDef *src,
                    const virLXCConfinementDef *dst, GError **error);
} lxcConfinementModule;

/* In the order in which dumpxml shows them. */
static const lxcConfinementModule lxcConfinementModules[] = {
    {
        .name = "capabilities",
        .parse = lxcConfinementParseCapabilities,
        .format = lxcConfinementFormatCapabilities,
        .checkABI = lxcConfinementCheckCapabilities,
    },
    {
        .name = "no-new-privs",
        .parse = lxcConfinementParseNoNewPrivs,
        .format = lxcConfinementFormatNoNewPrivs,
        .checkABI = lxcConfinementCheckNoNewPrivs,
    },
    {
        .name = "landlock",
        .parse = lxcConfinementParseLandlock,
        .format = lxcConfinementFormatLandlock,
        .checkABI = lxcConfinementCheckLandlock,
    },
    {
        .name = "seccomp",
        .parse = lxcConfinementParseSeccomp,
        .format = lxcConfinementFormatSeccomp,
        .checkABI = lxcConfinementCheckSeccomp,
    },
};

static const lxcConfinementModule *
lxcConfinementFindModule(const char *name)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcConfinementModules); i++) {
        if (g_str_equal(lxcConfinementModules[i].name, name))
            return &lxcConfinementModules[i];
    }

    return NULL;
}

bool
virLXCConfinementIsElement(const char *name)
{
    return lxcConfinementFindModule(name) != NULL;
}

static bool
lxcConfinementIsLive(const xmlNode *features)
{
    const xmlNode *root = xmlDocGetRootElement(features->doc);

    return root && virLXCXMLNodeIs(root, "domstatus");
}

/* A module's element, or NULL when the document has none; refuses a second. */
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
                          const lxcConfinementModule *module, xmlNode *features,
                          bool live, GError **error)
{
    xmlNode *node = NULL;

    if (lxcConfinementFindElement(features, module->name, &node, error) < 0)
        return -1;
    if (!node)
        return 0;

    def->present = true;
    return module->parse(def, node, live, error);
}

/* landlock_restrict_self(2) says why, and asks for no_new_privs. Containers are
 * confined before they lose CAP_SYS_ADMIN, which would do as well, but what it
 * warns of is as true for their users. */
static int
lxcConfinementCheckContradictions(const virLXCConfinementDef *def,
                                  xmlNode *features, GError **error)
{
    xmlNode *node = NULL;

    if (!def->landlock || def->noNewPrivs != VIR_LXC_SWITCH_OFF)
        return 0;

    if (lxcConfinementFindElement(features, "no-new-privs", &node, error) < 0)
        return -1;

    g_set_error(error, VIR_LXC_CONFINEMENT_ERROR,
                VIR_LXC_CONFINEMENT_ERROR_INVALID,
                _("value '%1$s' for attribute '%2$s' of <%3$s> contradicts "
                  "<%4$s>: a set-user-ID program could gain privileges while "
                  "it runs under restrictions that it does not expect, which "
                  "is why Landlock asks for no_new_privs (line %5$ld)"),
                "off", "state", "no-new-privs", "landlock", xmlGetLineNo(node));
    return -1;
}

virLXCConfinementDef *
virLXCConfinementDefParse(xmlNode *domain, GError **error)
{
    g_autoptr(virLXCConfinementDef) def = g_new0(virLXCConfinementDef, 1);
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
    for (i = 0; i < G_N_ELEMENTS(lxcConfinementModules); i++) {
        if (lxcConfinementParseModule(def, &lxcConfinementModules[i], features,
                                      live, error) < 0)
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

int
virLXCConfinementDefComplete(virLXCConfinementDef *def,
                             unsigned int hostLandlockABI, GError **error)
{
    if (!def)
        return 0;

    if (lxcConfinementCompleteLandlock(def, hostLandlockABI, error) < 0)
        return -1;

    /* Last, since it cannot fail. */
    if (def->seccomp)
        virLXCSeccompDefComplete(def->seccomp);
    return 0;
}

/* By its path alone: what the file is, only the host knows. */
static bool
lxcConfinementIsSystemd(const char *init)
{
    static const char *const paths[] = {"/sbin/init", "/lib/systemd/systemd",
                                        "/usr/lib/systemd/systemd", NULL};
    g_autofree char *name = g_path_get_basename(init);

    return g_strv_contains(paths, init) || g_str_equal(name, "systemd");
}

char **
virLXCConfinementDefWarnings(const virLXCConfinementDef *def, const char *init)
{
    char **warnings = g_new0(char *, 2);

    if (def && def->landlock && def->landlock->hasFS && init &&
        lxcConfinementIsSystemd(init))
        warnings[0] = g_strdup_printf(
            _("init '%1$s' looks like systemd, which needs to mount file "
              "systems, but <%2$s> of <%3$s> makes the kernel refuse every "
              "mount"),
            init, "fs", "landlock");

    return warnings;
}

char *
virLXCConfinementDefFormat(const virLXCConfinementDef *def, unsigned int indent)
{
    GString *out = g_string_new(NULL);
    size_t i;

    for (i = 0; def && i < G_N_ELEMENTS(lxcConfinementModules); i++)
        lxcConfinementModules[i].format(def, out, indent);

    return g_string_free(out, FALSE);
}

int
virLXCConfinementDefCheckABIStability(const virLXCConfinementDef *src,
                                      const virLXCConfinementDef *dst,
                                      GError **error)
{
    const virLXCConfinementDef *a = src ? src : &lxcConfinementNothing;
    const virLXCConfinementDef *b = dst ? dst : &lxcConfinementNothing;
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcConfinementModules); i++) {
        if (lxcConfinementModules[i].checkABI(a, b, error) < 0)
            return -1;
    }

    return 0;
}

void
virLXCConfinementDefFree(virLXCConfinementDef *def)
{
    if (!def)
        return;

    virLXCLandlockDefFree(def->landlock);
    virLXCSeccompDefFree(def->seccomp);
    g_free(def);
}
