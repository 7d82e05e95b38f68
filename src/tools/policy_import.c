/*
 * policy_import.c: convert a policy of other software to domain XML
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "error.h"
#include "host.h"
#include "i18n.h"
#include "import.h"
#include "policy_input.h"
#include "policy_json.h"
#include "policy_verb.h"

static char *lxcImportFrom;
static gboolean lxcImportFeatures;
static gboolean lxcImportLossy;

const GOptionEntry virLXCPolicyImportOptions[] = {
    {"from", 0, 0, G_OPTION_ARG_STRING, &lxcImportFrom,
     N_("format of the file: oci-config, oci-seccomp, landlockconfig, "
        "lxc-config or lxc-seccomp"),
     N_("KIND")},
    {"features", 0, 0, G_OPTION_ARG_NONE, &lxcImportFeatures,
     N_("print only <features>, even if the file describes a whole domain"),
     NULL},
    {"lossy", 0, 0, G_OPTION_ARG_NONE, &lxcImportLossy,
     N_("print the result even if something has no equivalent"), NULL},
    G_OPTION_ENTRY_NULL,
};

static int
lxcPolicyImportKind(virLXCImportKind *kind, GError **error)
{
    const char *const *names = virLXCImportKindNames();
    g_autofree char *all = NULL;
    size_t i;

    *kind = VIR_LXC_IMPORT_DETECT;
    if (!lxcImportFrom)
        return 0;

    for (i = 0; names[i]; i++) {
        if (g_str_equal(names[i], lxcImportFrom)) {
            *kind = VIR_LXC_IMPORT_OCI_CONFIG + i;
            return 0;
        }
    }

    all = g_strjoinv(", ", (char **)names);
    return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                          _("unknown format '%1$s', expected one of: %2$s"),
                          lxcImportFrom, all);
}

/* LXC stores the configuration of a container as NAME/config, and a bundle of
 * an OCI runtime has a config.json. */
static char *
lxcPolicyImportName(const char *path)
{
    g_autofree char *full = g_canonicalize_filename(path, NULL);
    g_autofree char *directory = g_path_get_dirname(full);
    g_autofree char *file = g_path_get_basename(full);
    char *suffix = strrchr(file, '.');

    if (g_str_equal(path, "-"))
        return NULL;
    if (g_str_equal(file, "config") || g_str_equal(file, "config.json"))
        return g_path_get_basename(directory);
    if (suffix && suffix > file)
        *suffix = '\0';
    return g_steal_pointer(&file);
}

static virLXCImport *
lxcPolicyImportRun(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    g_autofree char *parent = g_path_get_dirname(path);
    g_autofree char *directory = g_canonicalize_filename(parent, NULL);
    g_autofree char *name = lxcPolicyImportName(path);
    bool isInput = g_str_equal(path, "-");
    g_autoptr(virLXCImportFiles) files =
        virLXCImportFilesNew(isInput ? NULL : directory, NULL);
    virLXCHost host;
    virLXCImportSource source = {
        .file = isInput ? _("standard input") : path,
        .domain = name,
        .directory = isInput ? NULL : directory,
        .featuresOnly = lxcImportFeatures,
        .host = &host,
        .files = files,
    };

    if (lxcPolicyImportKind(&source.kind, error) < 0 ||
        virLXCHostProbe(&host, false, error) < 0)
        return NULL;

    text = virLXCPolicyFileRead(path, VIR_LXC_IMPORT_TEXT_MAX, error);
    if (!text)
        return NULL;

    source.text = text;
    source.length = strlen(text);
    return virLXCImportRun(&source, error);
}

static void
lxcPolicyImportFindings(const virLXCImport *import)
{
    size_t i;

    for (i = 0; i < import->findings->len; i++) {
        const virLXCImportFinding *finding =
            g_ptr_array_index(import->findings, i);
        g_autofree char *text = virLXCImportFindingText(finding);

        if (finding->lost)
            g_printerr(_("not converted: %1$s\n"), text);
        else
            g_printerr(_("note: %1$s\n"), text);
    }

    if (import->lost > 0 && !lxcImportLossy)
        g_printerr(_("The result is not complete, so it is not printed "
                     "without --lossy.\n"));
}

static void
lxcPolicyImportJSON(const virLXCImport *import, const char *xml, GString *out)
{
    g_autoptr(virLXCPolicyJSON) json = virLXCPolicyJSONNew();
    size_t i;

    virLXCPolicyJSONString(
        json, "format",
        virLXCImportKindNames()[import->kind - VIR_LXC_IMPORT_OCI_CONFIG]);
    virLXCPolicyJSONBool(json, "complete", import->lost == 0);
    virLXCPolicyJSONString(json, "xml", xml);
    virLXCPolicyJSONBeginArray(json, "findings");
    for (i = 0; i < import->findings->len; i++) {
        const virLXCImportFinding *finding =
            g_ptr_array_index(import->findings, i);

        virLXCPolicyJSONBeginObject(json, NULL);
        virLXCPolicyJSONBool(json, "lost", finding->lost);
        virLXCPolicyJSONString(json, "file", finding->file);
        virLXCPolicyJSONNumber(json, "line", finding->line);
        virLXCPolicyJSONString(json, "name", finding->name);
        virLXCPolicyJSONString(json, "text", finding->text);
        virLXCPolicyJSONEnd(json);
    }
    virLXCPolicyJSONEnd(json);
    virLXCPolicyJSONFinish(json, out);
}

int
virLXCPolicyImport(virLXCPolicy *policy, char **arguments,
                   virLXCPolicyStatus *status, GError **error)
{
    g_autoptr(virLXCImport) import = lxcPolicyImportRun(arguments[0], error);
    bool isPrinted;

    if (!import)
        return -1;

    isPrinted = import->lost == 0 || lxcImportLossy;
    if (policy->json) {
        lxcPolicyImportJSON(import, isPrinted ? import->xml : NULL,
                            policy->out);
    } else {
        lxcPolicyImportFindings(import);
        if (isPrinted)
            g_string_append(policy->out, import->xml);
    }

    *status = isPrinted ? VIR_LXC_POLICY_YES : VIR_LXC_POLICY_NO;
    return 0;
}
