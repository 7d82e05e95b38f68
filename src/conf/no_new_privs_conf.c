/*
 * no_new_privs_conf.c: <no-new-privs> as a definition
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse and format. In: the <no-new-privs> element. Out: a virLXCSwitch,
 * and from it the same XML again.
 */

#include "no_new_privs_conf.h"

#include "xml.h"

const char *
virLXCSwitchName(virLXCSwitch value)
{
    return virLXCXMLSwitchName(value == VIR_LXC_SWITCH_ON);
}

static int
lxcNoNewPrivsParseState(const xmlNode *node, virLXCSwitch *state,
                        GError **error)
{
    static const char *const attributes[] = {"state", NULL};
    bool on = true;

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLGetSwitch(node, "state", &on, error) < 0)
        return -1;

    *state = on ? VIR_LXC_SWITCH_ON : VIR_LXC_SWITCH_OFF;
    return 0;
}

static int
lxcNoNewPrivsParseEffective(const xmlNode *node, virLXCSwitch *effective,
                            GError **error)
{
    g_autofree char *state = NULL;

    if (*effective != VIR_LXC_SWITCH_ABSENT)
        return virLXCXMLSetRepeated(node, error);

    if (lxcNoNewPrivsParseState(node, effective, error) < 0 ||
        virLXCXMLCheckEmpty(node, error) < 0)
        return -1;

    state = virLXCXMLRequireAttribute(node, "state", error);
    return state ? 0 : -1;
}

static int
lxcNoNewPrivsParseChild(const xmlNode *node, virLXCSwitch *effective, bool live,
                        GError **error)
{
    if (!virLXCXMLNodeIs(node, "effective"))
        return virLXCXMLSetUnexpected(node, error);

    return live ? lxcNoNewPrivsParseEffective(node, effective, error) : 0;
}

int
virLXCNoNewPrivsParse(virLXCSwitch *state, virLXCSwitch *effective,
                      xmlNode *node, bool live, GError **error)
{
    virLXCSwitch parsedState = VIR_LXC_SWITCH_ABSENT;
    virLXCSwitch parsedEffective = VIR_LXC_SWITCH_ABSENT;
    xmlNode *child;

    if (lxcNoNewPrivsParseState(node, &parsedState, error) < 0 ||
        virLXCXMLCheckNoText(node, error) < 0)
        return -1;

    for (child = xmlFirstElementChild(node); child;
         child = xmlNextElementSibling(child)) {
        if (lxcNoNewPrivsParseChild(child, &parsedEffective, live, error) < 0)
            return -1;
    }

    *state = parsedState;
    *effective = parsedEffective;
    return 0;
}

void
virLXCNoNewPrivsFormat(virLXCSwitch state, virLXCSwitch effective, GString *out,
                       unsigned int indent)
{
    if (state == VIR_LXC_SWITCH_ABSENT)
        return;

    g_string_append_printf(out, "%*s<no-new-privs state='%s'", (int)indent, "",
                           virLXCSwitchName(state));
    if (effective == VIR_LXC_SWITCH_ABSENT) {
        g_string_append(out, "/>\n");
        return;
    }

    g_string_append_printf(out, ">\n%*s<effective state='%s'/>\n",
                           (int)indent + 2, "", virLXCSwitchName(effective));
    g_string_append_printf(out, "%*s</no-new-privs>\n", (int)indent, "");
}
