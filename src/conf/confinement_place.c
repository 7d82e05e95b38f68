/*
 * confinement_place.c: where confinement elements may appear in a domain's XML
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse. In: the <domain> element. Out: the <features> element that
 * contains all confinement.
 */

#include "confinement_place.h"

#include "confinement_module.h"
#include "i18n.h"
#include "xml.h"

static bool
lxcPlaceIs(const xmlNode *node, const char *name)
{
    return virLXCXMLNodeIs(node, name) && !node->ns;
}

/* An element in a namespace is not ours, except in <features>. */
static bool
lxcPlaceIsOurs(const xmlNode *node)
{
    return node->type == XML_ELEMENT_NODE && !node->ns &&
           virLXCConfinementIsElement((const char *)node->name);
}

static int
lxcPlaceSetError(const xmlNode *node, GError **error)
{
    return virLXCXMLSetError(
        node, error, _("element <%1$s> belongs in <features>, not in <%2$s>"),
        (const char *)node->name, (const char *)node->parent->name);
}

/* At any depth; libxml2 limits it. */
static int
lxcPlaceCheckBelow(const xmlNode *node, GError **error)
{
    const xmlNode *child;

    for (child = node->children; child; child = child->next) {
        if (lxcPlaceIsOurs(child))
            return lxcPlaceSetError(child, error);
        if (child->type == XML_ELEMENT_NODE &&
            lxcPlaceCheckBelow(child, error) < 0)
            return -1;
    }

    return 0;
}

/* Our elements are checked by their parsers; others must not contain any of
 * ours. */
static int
lxcPlaceCheckFeatures(const xmlNode *features, GError **error)
{
    const xmlNode *child;

    for (child = features->children; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE && !lxcPlaceIsOurs(child) &&
            lxcPlaceCheckBelow(child, error) < 0)
            return -1;
    }

    return 0;
}

/* libvirt merges several <features>; a policy in a second one must not be lost
 * because only the first is read. */
static int
lxcPlaceCheckSecond(const xmlNode *features, GError **error)
{
    const xmlNode *child;

    for (child = features->children; child; child = child->next) {
        if (child->type == XML_ENTITY_REF_NODE ||
            (child->type == XML_ELEMENT_NODE &&
             virLXCConfinementIsElement((const char *)child->name)))
            return virLXCXMLSetRepeated(features, error);
    }

    return 0;
}

static int
lxcPlaceAddFeatures(xmlNode *node, xmlNode **features, GError **error)
{
    /* libvirt ignores a <features> in a namespace, with all of its content. */
    if (virLXCXMLCheckNamespace(node, error) < 0 ||
        lxcPlaceCheckFeatures(node, error) < 0)
        return -1;

    if (*features)
        return lxcPlaceCheckSecond(node, error);

    *features = node;
    return 0;
}

int
virLXCConfinementFindFeatures(xmlNode *domain, xmlNode **features,
                              GError **error)
{
    xmlNode *child;

    *features = NULL;
    if (virLXCXMLCheckNamespace(domain, error) < 0 ||
        virLXCXMLCheckNoEntities(domain, error) < 0)
        return -1;

    for (child = xmlFirstElementChild(domain); child;
         child = xmlNextElementSibling(child)) {
        int rc = 0;

        if (virLXCXMLNodeIs(child, "features"))
            rc = lxcPlaceAddFeatures(child, features, error);
        else if (lxcPlaceIsOurs(child))
            rc = lxcPlaceSetError(child, error);
        else if (!lxcPlaceIs(child, "metadata"))
            rc = lxcPlaceCheckBelow(child, error);
        if (rc < 0)
            return -1;
    }

    return 0;
}
