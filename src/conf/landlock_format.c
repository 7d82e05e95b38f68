/*
 * landlock_format.c: <landlock> written as XML
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: format. In: a virLXCLandlockDef. Out: XML that reads back as the same.
 */

#include "landlock_conf.h"

#include "xml.h"

static void
lxcLandlockFormatPath(const virLXCLandlockPath *path, GString *out,
                      unsigned int indent)
{
    g_string_append_printf(out, "%*s<path target='", (int)indent, "");
    virLXCXMLFormatValue(out, path->target);
    g_string_append_printf(out, "' allow='%s'%s/>\n", path->words,
                           path->skipMissing ? " missing='skip'" : "");
}

static void
lxcLandlockFormatPort(const virLXCLandlockPort *port, GString *out,
                      unsigned int indent)
{
    g_string_append_printf(
        out, "%*s<port protocol='%s' number='%u' allow='%s'/>\n", (int)indent,
        "", virLXCLandlockProtocolName(port->protocol), port->number,
        port->words);
}

static void
lxcLandlockFormatFS(const virLXCLandlockDef *def, GString *out,
                    unsigned int indent)
{
    size_t i;

    if (!def->hasFS)
        return;

    if (def->paths->len == 0) {
        g_string_append_printf(out, "%*s<fs/>\n", (int)indent, "");
        return;
    }

    g_string_append_printf(out, "%*s<fs>\n", (int)indent, "");
    for (i = 0; i < def->paths->len; i++)
        lxcLandlockFormatPath(g_ptr_array_index(def->paths, i), out,
                              indent + 2);
    g_string_append_printf(out, "%*s</fs>\n", (int)indent, "");
}

static void
lxcLandlockFormatNet(const virLXCLandlockDef *def, GString *out,
                     unsigned int indent)
{
    size_t i;

    if (!def->hasNet)
        return;

    if (def->ports->len == 0) {
        g_string_append_printf(out, "%*s<net/>\n", (int)indent, "");
        return;
    }

    g_string_append_printf(out, "%*s<net>\n", (int)indent, "");
    for (i = 0; i < def->ports->len; i++)
        lxcLandlockFormatPort(g_ptr_array_index(def->ports, i), out,
                              indent + 2);
    g_string_append_printf(out, "%*s</net>\n", (int)indent, "");
}

static void
lxcLandlockFormatScope(const virLXCLandlockDef *def, GString *out,
                       unsigned int indent)
{
    size_t nrows = 0;
    const virLXCLandlockRight *rows = virLXCLandlockTable(&nrows);
    size_t i;

    if (!def->hasScope)
        return;

    g_string_append_printf(out, "%*s<scope", (int)indent, "");
    for (i = 0; i < nrows; i++) {
        if (rows[i].kind == VIR_LXC_LANDLOCK_SCOPE)
            g_string_append_printf(
                out, " %s='%s'", rows[i].name,
                virLXCXMLSwitchName(def->scope & rows[i].bit));
    }
    g_string_append(out, "/>\n");
}

static void
lxcLandlockFormatEffective(const virLXCLandlockDef *def, GString *out,
                           unsigned int indent)
{
    g_autofree char *lost = NULL;

    if (!def->effective)
        return;

    lost = virLXCLandlockLostNames(def->effective->lost);
    g_string_append_printf(out, "%*s<effective abi='%u'", (int)indent, "",
                           def->effective->abi);
    if (lost)
        g_string_append_printf(out, " lost='%s'", lost);
    g_string_append(out, "/>\n");
}

void
virLXCLandlockDefFormat(const virLXCLandlockDef *def, GString *out,
                        unsigned int indent)
{
    g_string_append_printf(out, "%*s<landlock mode='%s'", (int)indent, "",
                           virLXCLandlockModeNames()[def->mode]);
    if (def->abi)
        g_string_append_printf(out, " abi='%u'", def->abi);
    g_string_append_printf(out, " log='%s'>\n", virLXCXMLSwitchName(def->log));

    lxcLandlockFormatFS(def, out, indent + 2);
    lxcLandlockFormatNet(def, out, indent + 2);
    lxcLandlockFormatScope(def, out, indent + 2);
    lxcLandlockFormatEffective(def, out, indent + 2);

    g_string_append_printf(out, "%*s</landlock>\n", (int)indent, "");
}
