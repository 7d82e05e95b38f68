/*
 * capabilities_conf.c: <capabilities> as a definition
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse and format. In: the <capabilities> element. Out: a
 * virLXCCapabilitiesDef, and from it the same XML again.
 */

#include "capabilities_conf.h"

#include "error.h"
#include "i18n.h"
#include "number.h"
#include "xml.h"

const char *const *
virLXCCapabilitiesPolicyNames(void)
{
    static const char *const names[] = {
        [VIR_LXC_CAPABILITIES_POLICY_DEFAULT] = "default",
        [VIR_LXC_CAPABILITIES_POLICY_ALLOW] = "allow",
        [VIR_LXC_CAPABILITIES_POLICY_DENY] = "deny",
        NULL,
    };

    return names;
}

static int
lxcCapabilityParseNamed(const xmlNode *node, unsigned int *number,
                        GError **error)
{
    static const char *const attributes[] = {"state", NULL};
    const char *name = (const char *)node->name;
    const virLXCCapability *row = virLXCCapabilityByName(name);

    if (!row)
        return virLXCXMLSetError(
            node, error, _("unknown capability '%1$s' in <capabilities>"),
            name);

    *number = row->number;
    return virLXCXMLCheckAttributes(node, attributes, error);
}

/* Management applications take each element of a running domain that has the
 * attribute 'state' for the name of a capability. It is shown with 'value'
 * there, which means the same. */
static int
lxcCapabilityParseNumbered(const xmlNode *node, unsigned int *number, bool *on,
                           GError **error)
{
    static const char *const attributes[] = {"number", "state", "value", NULL};

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0)
        return -1;

    if (xmlHasProp(node, BAD_CAST "state") &&
        xmlHasProp(node, BAD_CAST "value"))
        return virLXCXMLSetError(
            node, error,
            _("<cap> has both attributes 'state' and 'value', which mean the "
              "same"));

    if (virLXCXMLGetSwitch(node, "value", on, error) < 0)
        return -1;

    return virLXCXMLRequireNumber(node, "number", VIR_LXC_CAPABILITY_MAX,
                                  number, error);
}

static int
lxcCapabilitiesAdd(virLXCCapabilitiesDef *def, const xmlNode *node,
                   unsigned int number, bool on, GError **error)
{
    guint64 bit = VIR_LXC_CAPABILITY_BIT(number);
    g_autofree char *label = NULL;

    if (!((def->on | def->off) & bit)) {
        *(on ? &def->on : &def->off) |= bit;
        return 0;
    }

    label = virLXCCapabilityLabel(number);
    return virLXCXMLSetError(
        node, error, _("capability '%1$s' is listed twice in <capabilities>"),
        label);
}

static int
lxcCapabilitiesParseEntry(virLXCCapabilitiesDef *def, const xmlNode *node,
                          GError **error)
{
    unsigned int number = 0;
    bool on = true;
    int rc;

    if (virLXCXMLNodeIs(node, "cap"))
        rc = lxcCapabilityParseNumbered(node, &number, &on, error);
    else
        rc = lxcCapabilityParseNamed(node, &number, error);

    if (rc < 0 || virLXCXMLCheckEmpty(node, error) < 0 ||
        virLXCXMLGetSwitch(node, "state", &on, error) < 0)
        return -1;

    return lxcCapabilitiesAdd(def, node, number, on, error);
}

/* Adds the capabilities of a list to a set. Returns the first label that is not
 * known, which the caller frees, or NULL. */
static char *
lxcCapabilitiesReadList(const char *text, guint64 *set)
{
    g_auto(GStrv) labels = g_strsplit(text, " ", 0);
    size_t i;

    for (i = 0; labels[i]; i++) {
        const virLXCCapability *row = virLXCCapabilityByName(labels[i]);
        unsigned int number = row ? row->number : 0;

        if (labels[i][0] == '\0')
            continue;
        if (!row &&
            !virLXCNumberFromString(labels[i], VIR_LXC_CAPABILITY_MAX, &number))
            return g_strdup(labels[i]);
        *set |= VIR_LXC_CAPABILITY_BIT(number);
    }

    return NULL;
}

static int
lxcCapabilitiesParseEffective(virLXCCapabilitiesDef *def, const xmlNode *node,
                              GError **error)
{
    static const char *const attributes[] = {"capabilities", NULL};
    g_autofree char *text = NULL;
    g_autofree char *unknown = NULL;

    if (def->hasEffective)
        return virLXCXMLSetRepeated(node, error);

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLCheckEmpty(node, error) < 0)
        return -1;

    text = virLXCXMLRequireAttribute(node, "capabilities", error);
    if (!text)
        return -1;

    def->hasEffective = true;
    if (!(unknown = lxcCapabilitiesReadList(text, &def->effective)))
        return 0;

    return virLXCXMLSetError(node, error,
                             _("unknown capability '%1$s' in attribute "
                               "'capabilities' of <effective>"),
                             unknown);
}

/* What a status has instead of <effective>. */
static int
lxcCapabilitiesParseRecord(virLXCCapabilitiesDef *def, const xmlNode *node,
                           GError **error)
{
    g_autofree char *text = virLXCXMLGetAttribute(node, "effective");
    g_autofree char *unknown = NULL;

    if (!text)
        return 0;

    def->hasEffective = true;
    if (!(unknown = lxcCapabilitiesReadList(text, &def->effective)))
        return 0;

    return virLXCXMLSetError(node, error,
                             _("unknown capability '%1$s' in attribute "
                               "'effective' of <capabilities>"),
                             unknown);
}

static int
lxcCapabilitiesParseChild(virLXCCapabilitiesDef *def, const xmlNode *node,
                          bool live, GError **error)
{
    if (!virLXCXMLNodeIs(node, "effective"))
        return lxcCapabilitiesParseEntry(def, node, error);

    return live ? lxcCapabilitiesParseEffective(def, node, error) : 0;
}

int
virLXCCapabilitiesDefParse(virLXCCapabilitiesDef *def, xmlNode *node, bool live,
                           GError **error)
{
    static const char *const attributes[] = {"policy", NULL};
    static const char *const status[] = {"policy", "effective", NULL};
    virLXCCapabilitiesDef parsed = {0};
    unsigned int policy = VIR_LXC_CAPABILITIES_POLICY_DEFAULT;
    xmlNode *child;

    if (virLXCXMLCheckAttributes(node, live ? status : attributes, error) < 0 ||
        virLXCXMLCheckNoText(node, error) < 0 ||
        virLXCXMLGetEnum(node, "policy", virLXCCapabilitiesPolicyNames(),
                         &policy, error) < 0 ||
        (live && lxcCapabilitiesParseRecord(&parsed, node, error) < 0))
        return -1;
    parsed.policy = policy;

    for (child = xmlFirstElementChild(node); child;
         child = xmlNextElementSibling(child)) {
        if (lxcCapabilitiesParseChild(&parsed, child, live, error) < 0)
            return -1;
    }

    *def = parsed;
    return 0;
}

/* Numbers in the order of dumpxml: the table's, then those without a name. */
static size_t
lxcCapabilitiesOrder(unsigned int order[VIR_LXC_CAPABILITY_MAX + 1])
{
    size_t nrows = 0;
    const virLXCCapability *rows = virLXCCapabilityTable(&nrows);
    size_t n = 0;
    unsigned int number;

    while (n < nrows) {
        order[n] = rows[n].number;
        n++;
    }

    for (number = 0; number <= VIR_LXC_CAPABILITY_MAX; number++) {
        if (!virLXCCapabilityByNumber(number))
            order[n++] = number;
    }

    return n;
}

/* "on", "off", or NULL for a capability that is not listed. */
static const char *
lxcCapabilityState(const virLXCCapabilitiesDef *def, unsigned int number)
{
    guint64 bit = VIR_LXC_CAPABILITY_BIT(number);

    if (def->on & bit)
        return virLXCXMLSwitchName(true);

    return (def->off & bit) ? virLXCXMLSwitchName(false) : NULL;
}

static void
lxcCapabilitiesFormatEntries(const virLXCCapabilitiesDef *def, GString *out,
                             unsigned int indent)
{
    unsigned int order[VIR_LXC_CAPABILITY_MAX + 1];
    size_t n = lxcCapabilitiesOrder(order);
    size_t i;

    for (i = 0; i < n; i++) {
        const char *state = lxcCapabilityState(def, order[i]);
        const virLXCCapability *row = virLXCCapabilityByNumber(order[i]);

        if (!state)
            continue;
        if (row)
            g_string_append_printf(out, "%*s<%s state='%s'/>\n", (int)indent,
                                   "", row->name, state);
        else
            g_string_append_printf(
                out, "%*s<cap number='%u' %s='%s'/>\n", (int)indent, "",
                order[i], def->hasEffective ? "value" : "state", state);
    }
}

static char *
lxcCapabilitiesFormatList(guint64 set)
{
    unsigned int order[VIR_LXC_CAPABILITY_MAX + 1];
    size_t n = lxcCapabilitiesOrder(order);
    GString *list = g_string_new(NULL);
    size_t i;

    for (i = 0; i < n; i++) {
        g_autofree char *label = virLXCCapabilityLabel(order[i]);

        if (set & VIR_LXC_CAPABILITY_BIT(order[i]))
            g_string_append_printf(list, "%s%s", list->len > 0 ? " " : "",
                                   label);
    }

    return g_string_free(list, FALSE);
}

void
virLXCCapabilitiesDefFormat(const virLXCCapabilitiesDef *def, GString *out,
                            unsigned int indent, bool status)
{
    bool listed = def->on | def->off;
    bool element = def->hasEffective && !status;
    g_autofree char *effective = lxcCapabilitiesFormatList(def->effective);

    if (def->policy == VIR_LXC_CAPABILITIES_POLICY_DEFAULT && !listed)
        return;

    g_string_append_printf(out, "%*s<capabilities policy='%s'", (int)indent, "",
                           virLXCCapabilitiesPolicyNames()[def->policy]);
    if (def->hasEffective && status)
        g_string_append_printf(out, " effective='%s'", effective);
    if (!listed && !element) {
        g_string_append(out, "/>\n");
        return;
    }

    g_string_append(out, ">\n");
    lxcCapabilitiesFormatEntries(def, out, indent + 2);
    if (element)
        g_string_append_printf(out, "%*s<effective capabilities='%s'/>\n",
                               (int)indent + 2, "", effective);
    g_string_append_printf(out, "%*s</capabilities>\n", (int)indent, "");
}
