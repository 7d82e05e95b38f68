/*
 * virlxcconfinementimport.c: native configurations as domain XML
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "virlxcconfinementimport.h"

#include "host.h"
#include "import.h"

#include "virerror.h"
#include "virlog.h"
#include "virlxcconfinementerror.h"

#define VIR_FROM_THIS VIR_FROM_LXC

VIR_LOG_INIT("hypervisor.virlxcconfinementimport");

/* What findings call the text. */
#define LXC_CONFIGURATION "configuration"


static void
lxcImportReportLost(const virLXCImport *import)
{
    g_autoptr(GString) lost = g_string_new(NULL);
    size_t i;

    for (i = 0; i < import->findings->len; i++) {
        const virLXCImportFinding *finding = g_ptr_array_index(import->findings, i);
        g_autofree char *text = virLXCImportFindingText(finding);

        if (finding->lost)
            g_string_append_printf(lost, "%s%s", lost->len > 0 ? "; " : "", text);
    }

    virReportError(VIR_ERR_CONFIG_UNSUPPORTED,
                   _("the configuration cannot be converted: %1$s"), lost->str);
}


static void
lxcImportLog(const virLXCImport *import)
{
    size_t i;

    for (i = 0; i < import->findings->len; i++) {
        g_autofree char *text =
            virLXCImportFindingText(g_ptr_array_index(import->findings, i));

        VIR_INFO("%s", text);
    }
}


static virLXCImport *
lxcImportRun(const char *config, GError **error)
{
    g_autoptr(virLXCImportFiles) files = virLXCImportFilesNew(NULL, NULL);
    virLXCHost host;
    const virLXCImportSource source = {
        .kind = VIR_LXC_IMPORT_LXC_CONFIG,
        .text = config,
        .length = strlen(config),
        .file = LXC_CONFIGURATION,
        .host = &host,
        .files = files,
    };

    if (virLXCHostProbe(&host, false, error) < 0)
        return NULL;

    return virLXCImportRun(&source, error);
}


char *
virLXCConfinementImport(const char *config)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCImport) import = lxcImportRun(config, &error);

    if (!import) {
        virLXCConfinementReportError(error);
        return NULL;
    }

    lxcImportLog(import);
    if (import->lost > import->ignored) {
        lxcImportReportLost(import);
        return NULL;
    }

    if (!import->isDomain) {
        virReportError(VIR_ERR_CONFIG_UNSUPPORTED, "%s",
                       _("the configuration is not that of a whole domain: 'lxc.rootfs.path' is missing"));
        return NULL;
    }

    return g_steal_pointer(&import->xml);
}


char *
virLXCConfinementImportMention(const char *config, char *xml)
{
    g_autofree char *text = xml;
    g_autofree char *comment = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCImport) import = NULL;

    if (!text)
        return NULL;

    if (!(import = lxcImportRun(config, &error))) {
        virLXCConfinementReportError(error);
        return NULL;
    }

    comment = virLXCImportComment(import);
    return g_strconcat(comment, text, NULL);
}
