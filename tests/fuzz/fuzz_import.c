/*
 * fuzz_import.c: no policy of other software breaks its reader, and what is
 * read is valid XML
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: import. In: the kind of a document as one byte, and its text. Out: a
 * crash when something is wrong.
 */

#include <string.h>

#include "cases.h"
#include "fuzz.h"
#include "import.h"

static virLXCImportKind
fuzzKind(const uint8_t *data, size_t size)
{
    return size > 0 ? data[0] % (VIR_LXC_IMPORT_LXC_SECCOMP + 1)
                    : VIR_LXC_IMPORT_DETECT;
}

static void
fuzzCheckFindings(const virLXCImport *import)
{
    unsigned int lost = 0;
    size_t i;

    for (i = 0; i < import->findings->len; i++) {
        const virLXCImportFinding *finding =
            g_ptr_array_index(import->findings, i);
        g_autofree char *text = virLXCImportFindingText(finding);

        g_assert_nonnull(finding->file);
        g_assert_nonnull(finding->name);
        g_assert_cmpint(finding->line, >=, 0);
        g_assert_true(g_utf8_validate(text, -1, NULL));
        g_assert_null(strpbrk(text, "\n\r\033"));
        lost += finding->lost;
    }
    g_assert_cmpuint(lost, ==, import->lost);
}

/* What the parser of domains makes of the XML is the result. */
static void
fuzzCheckXML(const virLXCImport *import)
{
    g_autofree char *wrapped =
        import->isDomain
            ? g_strdup(import->xml)
            : g_strdup_printf("<domain type='lxc'>%s</domain>", import->xml);
    g_autoptr(xmlDoc) doc = testDocFromString(wrapped);
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCConfinementDef) def = NULL;
    g_autofree char *expected = NULL;
    g_autofree char *actual = NULL;

    g_assert_nonnull(doc);
    def = virLXCConfinementDefParse(testDocDomain(doc), &error);
    g_assert_no_error(error);
    expected = virLXCConfinementDefFormat(import->def, 0);
    actual = virLXCConfinementDefFormat(def, 0);
    g_assert_cmpstr(actual, ==, expected);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const virLXCHost host = {
        .lastCap = 40,
        .bounding = G_MAXUINT64,
        .landlockABI = 7,
        .kernel = {6, 12},
        .seccompArch = virLXCSeccompArchByName(size % 2 ? "x86_64" : "aarch64"),
    };
    g_autoptr(virLXCImportFiles) files =
        virLXCImportFilesNew(NULL, "/nonexistent");
    virLXCImportSource source = {
        .kind = fuzzKind(data, size),
        .text = (const char *)data + (size > 0),
        .length = size - (size > 0),
        .file = "fuzz",
        .domain = size % 3 ? "fuzz" : NULL,
        .directory = size % 5 ? "/fuzz" : NULL,
        .featuresOnly = size > 0 && data[0] & 0x80,
        .host = &host,
        .files = files,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCImport) import = NULL;

    /* Files are read without NUL bytes. */
    if (memchr(source.text, '\0', source.length))
        return 0;

    import = virLXCImportRun(&source, &error);
    if (import) {
        g_assert_no_error(error);
        fuzzCheckFindings(import);
        fuzzCheckXML(import);
        return 0;
    }

    g_assert_nonnull(error);
    g_assert_true(error->domain == VIR_LXC_CONFINEMENT_ERROR);
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
    return 0;
}
