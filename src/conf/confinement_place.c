/*
 * confinement_place.c: where in a domain's XML confinement elements may be
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse. In: the <domain> element. Out: the <features> element that has
 * all confinement there is.
 */

#include "confinement_place.h"

#include "confinement_conf.h"
#include "i18n.h"
#include "xml.h"

/* In a namespace it is somebody else's; not so in <features>. */
static bool
lxcPlaceIsOurs(const xmlNode *node)
{
    return node->type == XML_ELEMENT_NODE && !node->ns &&
           virLXCConfinementIsElement((const char *)node->name);
}

static int
lxcPlaceSetError(const xmlNode *node, GError **error)
{
    virLXCXMLSetError(error,
                      _("element <%1$s> belongs in <%2$s>, not in <%3$s> "
                        "(line %4$ld)"),
                      (const char *)node->name, "features",
                      (const char *)node->parent->name, xmlGetLineNo(node));
    return -1;
}

static int
lxcPlaceCheckNone(const xmlNode *node, GError **error)
{
    const xmlNode *child;

    if (node->type != XML_ELEMENT_NODE || virLXCXMLNodeIs(node, "metadata"))
        return 0;

    if (lxcPlaceIsOurs(node))
        return lxcPlaceSetError(node, error);

    for (child = node->children; child; child = child->next) {
        if (lxcPlaceIsOurs(child))
            return lxcPlaceSetError(child, error);
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

int
virLXCConfinementFindFeatures(xmlNode *domain, xmlNode **features,
                              GError **error)
{
    xmlNode *child;

    *features = NULL;
    for (child = domain->children; child; child = child->next) {
        if (!virLXCXMLNodeIs(child, "features")) {
            if (lxcPlaceCheckNone(child, error) < 0)
                return -1;
        } else if (!*features) {
            *features = child;
        } else if (lxcPlaceCheckSecond(child, error) < 0) {
            return -1;
        }
    }

    return 0;
}
