/*
 * import.c: policies of other software as domain XML
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the text of a policy. Out: XML that the parser of domains accepts, and a
 * list of findings.
 */

#include "import.h"

#include <libxml/parser.h>
#include <string.h>

#include "error.h"
#include "i18n.h"
#include "import_detect.h"
#include "import_private.h"
#include "printable.h"

typedef int (*lxcImportReader)(virLXCImport *import,
                               const virLXCImportSource *source,
                               GError **error);

static const lxcImportReader lxcImportReaders[] = {
    [VIR_LXC_IMPORT_OCI_CONFIG] = virLXCImportOCIConfig,
    [VIR_LXC_IMPORT_OCI_SECCOMP] = virLXCImportOCISeccomp,
    [VIR_LXC_IMPORT_LANDLOCKCONFIG] = virLXCImportLandlockConfig,
    [VIR_LXC_IMPORT_LXC_CONFIG] = virLXCImportLXCConfig,
    [VIR_LXC_IMPORT_LXC_SECCOMP] = virLXCImportLXCSeccomp,
};

const char *const *
virLXCImportKindNames(void)
{
    static const char *const names[] = {
        "oci-config", "oci-seccomp", "landlockconfig",
        "lxc-config", "lxc-seccomp", NULL,
    };

    return names;
}

static void
lxcImportFindingFree(gpointer opaque)
{
    virLXCImportFinding *finding = opaque;

    g_free(finding->file);
    g_free(finding->name);
    g_free(finding->text);
    g_free(finding);
}

static virLXCImport *
lxcImportNew(virLXCImportKind kind)
{
    virLXCImport *import = g_new0(virLXCImport, 1);

    import->kind = kind;
    import->findings = g_ptr_array_new_with_free_func(lxcImportFindingFree);
    import->def = g_new0(virLXCConfinementDef, 1);
    import->def->present = true;
    return import;
}

void
virLXCImportFree(virLXCImport *import)
{
    if (!import)
        return;

    virLXCConfinementDefFree(import->def);
    g_free(import->xml);
    g_ptr_array_unref(import->findings);
    g_free(import);
}

static void
lxcImportAddText(virLXCImport *import, bool lost, const char *file, int line,
                 const char *name, char *text)
{
    virLXCImportFinding *finding = g_new0(virLXCImportFinding, 1);

    finding->lost = lost;
    finding->file = g_strdup(file);
    finding->line = line;
    finding->name = g_strdup(name);
    finding->text = text;
    g_ptr_array_add(import->findings, finding);
    import->lost += lost;
}

void
virLXCImportAdd(virLXCImport *import, bool lost, const char *file, int line,
                const char *name, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    lxcImportAddText(import, lost, file, line, name,
                     g_strdup_vprintf(format, args));
    va_end(args);
}

void
virLXCImportAddJSON(virLXCImport *import, bool lost, const char *file,
                    const virLXCJSON *value, const char *format, ...)
{
    g_autofree char *path = virLXCJSONPath(value);
    va_list args;

    va_start(args, format);
    lxcImportAddText(import, lost, file, value->line, path,
                     g_strdup_vprintf(format, args));
    va_end(args);
}

char *
virLXCImportFindingText(const virLXCImportFinding *finding)
{
    g_autofree char *text =
        finding->line > 0
            ? g_strdup_printf("%s:%d: %s: %s", finding->file, finding->line,
                              finding->name, finding->text)
            : g_strdup_printf("%s: %s: %s", finding->file, finding->name,
                              finding->text);

    return virLXCPrintable(text, "");
}

/* A comment must not contain "--". */
static void
lxcImportAppendComment(GString *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '-' && out->str[out->len - 1] == '-')
            g_string_append_c(out, ' ');
        g_string_append_c(out, *text);
    }
}

char *
virLXCImportComment(const virLXCImport *import)
{
    GString *out = g_string_new("<!--\n");
    size_t i;

    for (i = 0; i < import->findings->len; i++) {
        const virLXCImportFinding *finding =
            g_ptr_array_index(import->findings, i);
        g_autofree char *text = virLXCImportFindingText(finding);

        g_string_append_printf(
            out, "  %s: ", finding->lost ? _("not converted") : _("note"));
        lxcImportAppendComment(out, text);
        g_string_append_c(out, '\n');
    }

    if (i == 0)
        g_string_truncate(out, 0);
    else
        g_string_append(out, "-->\n");
    return g_string_free(out, FALSE);
}

int
virLXCImportSetError(GError **error, const char *file, int line, size_t column,
                     const char *format, ...)
{
    g_autofree char *what = NULL;
    g_autofree char *text = NULL;
    g_autofree char *printable = NULL;
    va_list args;

    va_start(args, format);
    what = g_strdup_vprintf(format, args);
    va_end(args);

    if (column > 0)
        text = g_strdup_printf(_("'%1$s' (line %2$d, column %3$zu): %4$s"),
                               file, line, column, what);
    else
        text = g_strdup_printf(_("'%1$s' (line %2$d): %3$s"), file, line, what);
    printable = virLXCPrintable(text, "");
    return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID, "%s",
                          printable);
}

virLXCJSON *
virLXCImportJSON(const virLXCImportSource *source, GError **error)
{
    g_autofree char *title = g_strdup_printf("'%s'", source->file);

    return virLXCJSONParse(source->text, source->length, title, error);
}

bool
virLXCImportKernelFile(virLXCImport *import, const char *target,
                       virLXCKernelFileAccess access)
{
    virLXCKernelFilesDef *def = import->def->kernelFiles;
    virLXCKernelFilesPath *path = NULL;

    if (!virLXCKernelFilePathIsValid(target) ||
        virLXCKernelFilePathIsReserved(target))
        return false;

    if (!def)
        def = import->def->kernelFiles = virLXCKernelFilesDefNew();

    path = g_hash_table_lookup(def->byTarget, target);
    if (path) {
        path->access = MIN(path->access, access);
        return true;
    }

    path = g_new0(virLXCKernelFilesPath, 1);
    path->target = g_strdup(target);
    path->access = access;
    g_ptr_array_add(def->paths, path);
    g_hash_table_insert(def->byTarget, path->target, path);
    return true;
}

/* Returns the definition that the parser of domains makes of @xml. */
static virLXCConfinementDef *
lxcImportParse(const char *xml, GError **error)
{
    xmlDoc *doc = xmlReadMemory(xml, (int)strlen(xml), "import.xml", NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR |
                                    XML_PARSE_NOWARNING | XML_PARSE_HUGE);
    virLXCConfinementDef *def = NULL;

    if (doc) {
        def = virLXCConfinementDefParse(xmlDocGetRootElement(doc), error);
        xmlFreeDoc(doc);
        return def;
    }

    virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                   _("the document has characters that XML cannot contain"));
    return NULL;
}

/* What is printed must be accepted by the parser, and mean what was meant. */
static virLXCConfinementDef *
lxcImportCheck(const virLXCImport *import, const char *xml, GError **error)
{
    g_autoptr(virLXCConfinementDef) parsed = lxcImportParse(xml, error);
    g_autofree char *meant = NULL;
    g_autofree char *printed = NULL;

    if (!parsed)
        return NULL;

    meant = virLXCConfinementDefFormat(import->def, 0);
    printed = virLXCConfinementDefFormat(parsed, 0);
    if (g_str_equal(meant, printed))
        return g_steal_pointer(&parsed);

    virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                   _("the XML has another meaning than the document"));
    return NULL;
}

static int
lxcImportFinish(virLXCImport *import, const virLXCImportSource *source,
                GError **error)
{
    g_autofree char *elements = virLXCConfinementDefFormat(import->def, 2);
    g_autofree char *features =
        g_strdup_printf("<features>\n%s%s</features>\n",
                        import->privnet ? "  <privnet/>\n" : "", elements);
    g_autofree char *domain =
        g_strdup_printf("<domain type='lxc'>\n%s</domain>\n", features);
    g_autoptr(GError) cause = NULL;
    virLXCConfinementDef *parsed =
        lxcImportCheck(import, import->xml ? import->xml : domain, &cause);

    if (!parsed)
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                              _("'%1$s' cannot be expressed as domain XML: "
                                "%2$s"),
                              source->file, cause->message);

    virLXCConfinementDefFree(import->def);
    import->def = parsed;
    import->isDomain = import->xml;
    if (!import->xml)
        import->xml = g_steal_pointer(&features);
    return 0;
}

virLXCImport *
virLXCImportRun(const virLXCImportSource *source, GError **error)
{
    g_autoptr(virLXCImport) import = NULL;
    virLXCImportKind kind = source->kind;

    if (source->length > VIR_LXC_IMPORT_TEXT_MAX) {
        virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                       _("'%1$s' is longer than the limit of %2$zu bytes"),
                       source->file, VIR_LXC_IMPORT_TEXT_MAX);
        return NULL;
    }

    if (!source->host->seccompArch) {
        virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
                       _("seccomp filters do not support the architecture of "
                         "this host, so '%1$s' cannot be converted"),
                       source->file);
        return NULL;
    }

    if (kind == VIR_LXC_IMPORT_DETECT &&
        virLXCImportDetect(source, &kind, error) < 0)
        return NULL;

    import = lxcImportNew(kind);
    if (lxcImportReaders[kind](import, source, error) < 0 ||
        lxcImportFinish(import, source, error) < 0)
        return NULL;

    return g_steal_pointer(&import);
}
