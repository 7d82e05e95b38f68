/*
 * xml.c: strict reading of libxml2 elements
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse. In: an element and what it may have. Out: the values of its
 * attributes, or an error that names what is wrong with it.
 */

#include "xml.h"

#include <string.h>

#include "i18n.h"
#include "number.h"

/* A sentence, followed by the line that it refers to. */
static int
    G_GNUC_PRINTF(4, 0) lxcXMLSetErrorV(const xmlNode *node, GError **error,
                                        virLXCConfinementErrorCode code,
                                        const char *format, va_list args)
{
    g_autofree char *message = g_strdup_vprintf(format, args);

    return virLXCSetErrorAtLine(error, code, xmlGetLineNo(node),
                                _("%1$s (line %2$ld)"), message,
                                xmlGetLineNo(node));
}

int
virLXCXMLSetError(const xmlNode *node, GError **error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    lxcXMLSetErrorV(node, error, VIR_LXC_CONFINEMENT_ERROR_XML, format, args);
    va_end(args);
    return -1;
}

int
virLXCXMLSetContradiction(const xmlNode *node, GError **error,
                          const char *format, ...)
{
    va_list args;

    va_start(args, format);
    lxcXMLSetErrorV(node, error, VIR_LXC_CONFINEMENT_ERROR_INVALID, format,
                    args);
    va_end(args);
    return -1;
}

int
virLXCXMLSetValueError(const xmlNode *node, const char *name, GError **error,
                       const char *format, ...)
{
    g_autofree char *value = virLXCXMLGetAttribute(node, name);
    g_autofree char *expected = NULL;
    va_list args;

    va_start(args, format);
    expected = g_strdup_vprintf(format, args);
    va_end(args);

    return virLXCSetErrorAtLine(
        error, VIR_LXC_CONFINEMENT_ERROR_XML, xmlGetLineNo(node),
        _("invalid value '%1$s' for attribute '%2$s' of "
          "<%3$s> (line %4$ld): expected %5$s"),
        value, name, (const char *)node->name, xmlGetLineNo(node), expected);
}

int
virLXCXMLSetRepeated(const xmlNode *node, GError **error)
{
    return virLXCXMLSetError(
        node, error, _("repeated element <%1$s> in <%2$s>"),
        (const char *)node->name, (const char *)node->parent->name);
}

int
virLXCXMLSetUnexpected(const xmlNode *node, GError **error)
{
    return virLXCXMLSetError(
        node, error, _("unexpected element <%1$s> in <%2$s>"),
        (const char *)node->name, (const char *)node->parent->name);
}

bool
virLXCXMLNodeIs(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE &&
           g_str_equal((const char *)node->name, name);
}

static bool
lxcXMLHasNamespace(const xmlNs *ns)
{
    return ns && ns->href && ns->href[0] != '\0';
}

int
virLXCXMLCheckNamespace(const xmlNode *node, GError **error)
{
    if (!lxcXMLHasNamespace(node->ns))
        return 0;

    return virLXCXMLSetError(
        node, error, _("unexpected namespace '%1$s' of element <%2$s>"),
        (const char *)node->ns->href, (const char *)node->name);
}

static int
lxcXMLCheckAttribute(const xmlNode *node, const xmlAttr *attribute,
                     const char *const *allowed, GError **error)
{
    const char *name = (const char *)attribute->name;

    if (lxcXMLHasNamespace(attribute->ns))
        return virLXCXMLSetError(
            node, error,
            _("unexpected namespace '%1$s' of attribute '%2$s' of <%3$s>"),
            (const char *)attribute->ns->href, name, (const char *)node->name);

    if (g_strv_contains(allowed, name))
        return 0;

    return virLXCXMLSetError(node, error,
                             _("unknown attribute '%1$s' of <%2$s>"), name,
                             (const char *)node->name);
}

/* A document type could add attributes that are not visible in the element. */
static int
lxcXMLCheckUndeclared(const xmlNode *node, GError **error)
{
    const xmlElement *declaration =
        xmlGetDtdElementDesc(node->doc->intSubset, node->name);

    if (!declaration || !declaration->attributes)
        return 0;

    return virLXCXMLSetError(node, error,
                             _("unexpected declaration of attributes of <%1$s> "
                               "in the document type"),
                             (const char *)node->name);
}

int
virLXCXMLCheckAttributes(const xmlNode *node, const char *const *allowed,
                         GError **error)
{
    const xmlAttr *attribute;

    if (lxcXMLCheckUndeclared(node, error) < 0)
        return -1;

    for (attribute = node->properties; attribute; attribute = attribute->next) {
        if (lxcXMLCheckAttribute(node, attribute, allowed, error) < 0)
            return -1;
    }

    return 0;
}

static int
lxcXMLCheckNotEntity(const xmlNode *node, GError **error)
{
    if (node->type != XML_ENTITY_REF_NODE)
        return 0;

    return virLXCXMLSetError(
        node->parent, error,
        _("unexpected entity reference '&%1$s;' in <%2$s>"),
        (const char *)node->name, (const char *)node->parent->name);
}

int
virLXCXMLCheckNoEntities(const xmlNode *node, GError **error)
{
    const xmlNode *child;

    for (child = node->children; child; child = child->next) {
        if (lxcXMLCheckNotEntity(child, error) < 0)
            return -1;
    }

    return 0;
}

/* What is neither text nor an element: a comment or a processing instruction.
 */
static int
lxcXMLCheckNotText(const xmlNode *node, GError **error)
{
    g_autofree char *text = NULL;

    if ((node->type != XML_TEXT_NODE && node->type != XML_CDATA_SECTION_NODE) ||
        xmlIsBlankNode(node))
        return 0;

    text = g_strstrip(g_strdup((const char *)node->content));
    return virLXCXMLSetError(node->parent, error,
                             _("unexpected text '%1$s' in <%2$s>"), text,
                             (const char *)node->parent->name);
}

int
virLXCXMLCheckNoText(const xmlNode *node, GError **error)
{
    const xmlNode *child;

    for (child = node->children; child; child = child->next) {
        if (lxcXMLCheckNotEntity(child, error) < 0 ||
            lxcXMLCheckNotText(child, error) < 0)
            return -1;
        if (child->type == XML_ELEMENT_NODE &&
            virLXCXMLCheckNamespace(child, error) < 0)
            return -1;
    }

    return 0;
}

int
virLXCXMLCheckEmpty(const xmlNode *node, GError **error)
{
    const xmlNode *child;

    if (virLXCXMLCheckNoText(node, error) < 0)
        return -1;

    for (child = node->children; child; child = child->next) {
        if (child->type != XML_ELEMENT_NODE)
            continue;
        return virLXCXMLSetUnexpected(child, error);
    }

    return 0;
}

int
virLXCXMLParseChildren(const xmlNode *node, const virLXCXMLElement *elements,
                       void *def, GError **error)
{
    xmlNode *child;

    for (child = xmlFirstElementChild((xmlNode *)node); child;
         child = xmlNextElementSibling(child)) {
        const virLXCXMLElement *element = elements;

        while (element->name && !virLXCXMLNodeIs(child, element->name))
            element++;
        if (!element->name)
            return virLXCXMLSetUnexpected(child, error);
        if (element->parse && element->parse(def, child, error) < 0)
            return -1;
    }

    return 0;
}

char *
virLXCXMLGetAttribute(const xmlNode *node, const char *name)
{
    const xmlAttr *attribute;

    for (attribute = node->properties; attribute; attribute = attribute->next) {
        xmlChar *value = NULL;
        char *copy = NULL;

        if (lxcXMLHasNamespace(attribute->ns) ||
            strcmp((const char *)attribute->name, name) != 0)
            continue;

        /* NULL for an empty value. */
        value = xmlNodeListGetString(node->doc, attribute->children, 1);
        copy = g_strdup(value ? (const char *)value : "");
        xmlFree(value);
        return copy;
    }

    return NULL;
}

char *
virLXCXMLRequireAttribute(const xmlNode *node, const char *name, GError **error)
{
    char *value = virLXCXMLGetAttribute(node, name);

    if (!value)
        virLXCXMLSetError(node, error, _("missing attribute '%1$s' of <%2$s>"),
                          name, (const char *)node->name);

    return value;
}

char **
virLXCXMLGetWords(const xmlNode *node, const char *name)
{
    g_autofree char *text = virLXCXMLGetAttribute(node, name);
    g_auto(GStrv) pieces = text ? g_strsplit_set(text, " \t\n\r", 0) : NULL;
    GPtrArray *words = NULL;
    size_t i;

    if (!pieces)
        return NULL;

    words = g_ptr_array_new();
    for (i = 0; pieces[i]; i++) {
        if (pieces[i][0] != '\0')
            g_ptr_array_add(words, g_strdup(pieces[i]));
    }
    g_ptr_array_add(words, NULL);

    return (char **)g_ptr_array_free(words, FALSE);
}

const char *
virLXCXMLSwitchName(bool value)
{
    return value ? "on" : "off";
}

int
virLXCXMLGetSwitch(const xmlNode *node, const char *name, bool *value,
                   GError **error)
{
    g_autofree char *text = virLXCXMLGetAttribute(node, name);

    if (!text)
        return 0;

    if (g_str_equal(text, virLXCXMLSwitchName(true))) {
        *value = true;
        return 0;
    }
    if (g_str_equal(text, virLXCXMLSwitchName(false))) {
        *value = false;
        return 0;
    }

    return virLXCXMLSetValueError(node, name, error, _("'on' or 'off'"));
}

int
virLXCXMLGetEnum(const xmlNode *node, const char *name,
                 const char *const *values, unsigned int *value, GError **error)
{
    g_autofree char *text = virLXCXMLGetAttribute(node, name);
    g_autofree char *expected = NULL;
    size_t i;

    if (!text)
        return 0;

    for (i = 0; values[i]; i++) {
        if (g_str_equal(text, values[i])) {
            *value = i;
            return 0;
        }
    }

    expected = g_strjoinv("', '", (char **)values);
    return virLXCXMLSetValueError(node, name, error, _("one of '%1$s'"),
                                  expected);
}

int
virLXCXMLRequireEnum(const xmlNode *node, const char *name,
                     const char *const *values, unsigned int *value,
                     GError **error)
{
    g_autofree char *text = virLXCXMLRequireAttribute(node, name, error);

    return text ? virLXCXMLGetEnum(node, name, values, value, error) : -1;
}

int
virLXCXMLRequireNumber(const xmlNode *node, const char *name, unsigned int max,
                       unsigned int *number, GError **error)
{
    g_autofree char *text = virLXCXMLRequireAttribute(node, name, error);

    if (!text)
        return -1;

    if (virLXCNumberFromString(text, max, number))
        return 0;

    return virLXCXMLSetValueError(node, name, error,
                                  _("a decimal number from 0 to %1$u"), max);
}

/* U+0080 to U+009F, which terminals obey */
static bool
lxcXMLIsControl(const char *p)
{
    return (guchar)p[0] == 0xc2 && (guchar)p[1] >= 0x80 && (guchar)p[1] < 0xa0;
}

void
virLXCXMLFormatValue(GString *out, const char *value)
{
    static const char special[] = "&<>'\"\t\n\r";
    static const char *const written[] = {"&amp;",  "&lt;", "&gt;",  "&apos;",
                                          "&quot;", "&#9;", "&#10;", "&#13;"};
    const char *p;

    for (p = value; *p; p++) {
        const char *found = strchr(special, *p);

        if (found)
            g_string_append(out, written[found - special]);
        else if (lxcXMLIsControl(p))
            g_string_append_printf(out, "&#%u;", (guchar) * ++p);
        else
            g_string_append_c(out, *p);
    }
}
