/*
 * confinement_conf.c: all confinement elements of <features> as one definition
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse and format. In: the <features> element of a domain. Out: a
 * virLXCConfinementDef, and from it the same XML again. What a module is called
 * and which functions serve it is one row of a table.
 */

#include "confinement_conf.h"

#include "i18n.h"
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

static int
lxcConfinementSetRepeated(const xmlNode *node, GError **error)
{
    virLXCXMLSetError(error,
                      _("repeated element <%1$s> in <%2$s> (line %3$ld)"),
                      (const char *)node->name,
                      (const char *)node->parent->name, xmlGetLineNo(node));
    return -1;
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
            return lxcConfinementSetRepeated(child, error);
        found = child;
    }

    *node = found;
    return 0;
}

static bool
lxcConfinementHasElements(const xmlNode *features)
{
    const xmlNode *child;

    for (child = features->children; child; child = child->next) {
        if (child->type == XML_ENTITY_REF_NODE ||
            (child->type == XML_ELEMENT_NODE &&
             virLXCConfinementIsElement((const char *)child->name)))
            return true;
    }

    return false;
}

/* libvirt merges several <features>; a policy in a second one must not be lost
 * because only the first is read. */
static int
lxcConfinementCheckSiblings(const xmlNode *features, GError **error)
{
    const xmlNode *sibling;

    if (!features->parent)
        return 0;

    for (sibling = features->parent->children; sibling;
         sibling = sibling->next) {
        if (sibling != features &&
            virLXCXMLNodeIs(sibling, (const char *)features->name) &&
            lxcConfinementHasElements(sibling))
            return lxcConfinementSetRepeated(sibling, error);
    }

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

virLXCConfinementDef *
virLXCConfinementDefParse(xmlNode *features, GError **error)
{
    g_autoptr(virLXCConfinementDef) def = g_new0(virLXCConfinementDef, 1);
    bool live;
    size_t i;

    if (!features)
        return g_steal_pointer(&def);

    if (virLXCXMLCheckNoEntities(features, error) < 0 ||
        lxcConfinementCheckSiblings(features, error) < 0)
        return NULL;

    live = lxcConfinementIsLive(features);
    for (i = 0; i < G_N_ELEMENTS(lxcConfinementModules); i++) {
        if (lxcConfinementParseModule(def, &lxcConfinementModules[i], features,
                                      live, error) < 0)
            return NULL;
    }

    return g_steal_pointer(&def);
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
    g_free(def);
}
