/*
 * test_import.c: policies of other software as domain XML
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the documents of tests/data/import, named after their format, and a file
 * "features" if the result must not be a whole domain. Out: the XML, compared
 * with out.xml; the findings, compared with findings.txt, if there are any; or
 * the error, compared with error.txt.
 */

#include <string.h>

#include "cases.h"
#include "import.h"

static const char *const names[] = {"in.json", "in.conf", "in.seccomp", "in",
                                    NULL};

static virLXCHost
testHost(void)
{
    return (virLXCHost){
        .lastCap = 40,
        .bounding = G_MAXUINT64,
        .rebootContained = true,
        .landlockABI = 7,
        .kernel = {6, 12},
        .cpus = 2,
        .seccompArch = virLXCSeccompArchByName("x86_64"),
    };
}

static virLXCImport *
testImport(const char *dir, GError **error)
{
    g_autoptr(virLXCImportFiles) files =
        virLXCImportFilesNew(dir, "/usr/share/lxc-of-no-one");
    g_autofree char *text = NULL;
    virLXCHost host = testHost();
    virLXCImportSource source = {.host = &host, .files = files};
    size_t i = 0;

    while (!testCaseExists(dir, names[i]))
        g_assert_nonnull(names[++i]);

    text = testCaseRead(dir, names[i]);
    source.text = text;
    source.length = strlen(text);
    source.file = names[i];
    source.domain = "container";
    source.directory = "/bundle";
    source.featuresOnly = testCaseExists(dir, "features");
    return virLXCImportRun(&source, error);
}

/* What is printed is valid, and means what the result says. */
static void
testXML(const virLXCImport *import)
{
    g_autofree char *wrapped =
        import->isDomain
            ? g_strdup(import->xml)
            : g_strdup_printf("<domain type='lxc'>%s</domain>", import->xml);
    g_autoptr(virLXCConfinementDef) def = testDefFromString(wrapped);
    g_autofree char *expected = virLXCConfinementDefFormat(import->def, 0);
    g_autofree char *actual = virLXCConfinementDefFormat(def, 0);

    g_assert_cmpstr(actual, ==, expected);
}

static void
testFindings(const char *dir, const virLXCImport *import)
{
    g_autoptr(GString) out = g_string_new(NULL);
    unsigned int lost = 0;
    size_t i;

    for (i = 0; i < import->findings->len; i++) {
        const virLXCImportFinding *finding =
            g_ptr_array_index(import->findings, i);
        g_autofree char *text = virLXCImportFindingText(finding);

        lost += finding->lost;
        g_string_append_printf(out, "%s: %s\n", finding->lost ? "lost" : "note",
                               text);
    }

    g_assert_cmpuint(lost, ==, import->lost);
    if (out->len > 0 || testCaseExists(dir, "findings.txt"))
        testCaseCompare(dir, "findings.txt", out->str);
}

static void
testDocument(gconstpointer dir)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCImport) import = testImport(dir, &error);

    if (!import) {
        g_assert_nonnull(error);
        g_assert_false(testCaseExists(dir, "out.xml"));
        testCaseCompare(dir, "error.txt", error->message);
        return;
    }

    g_assert_no_error(error);
    g_assert_false(testCaseExists(dir, "error.txt"));
    testXML(import);
    testCaseCompare(dir, "out.xml", import->xml);
    testFindings(dir, import);
}

/* Returns whether a finding is about @key, other than that it is not known. */
static gboolean
testMentions(const virLXCImport *import, const char *key)
{
    size_t i;

    for (i = 0; i < import->findings->len; i++) {
        const virLXCImportFinding *finding =
            g_ptr_array_index(import->findings, i);

        if (g_str_equal(finding->name, key) &&
            !g_str_equal(finding->text, "the key is not known"))
            return TRUE;
    }
    return FALSE;
}

/* The keys that lxc.container.conf(5) documents, as of LXC 5.0: each is
 * converted, mentioned or refused, never ignored. */
static void
testKeys(void)
{
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "tests", "data",
                                                  "lxc-keys.txt", NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) keys = NULL;
    virLXCHost host = testHost();
    size_t n = 0;
    size_t i;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    keys = g_strsplit(g_strchomp(text), "\n", -1);
    for (i = 0; keys[i]; i++) {
        g_autofree char *line = g_strdup_printf("lxc.net.0.type = veth\n"
                                                "lxc.network.type = veth\n"
                                                "%s = ?\n",
                                                keys[i]);
        virLXCImportSource source = {.kind = VIR_LXC_IMPORT_LXC_CONFIG,
                                     .text = line,
                                     .length = strlen(line),
                                     .file = "config",
                                     .host = &host};
        g_autoptr(GError) error = NULL;
        g_autoptr(virLXCImport) import = NULL;

        if (keys[i][0] == '#')
            continue;
        n++;
        import = virLXCImportRun(&source, &error);
        if (!import) {
            g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                           VIR_LXC_CONFINEMENT_ERROR_INVALID);
            if (!strstr(error->message, keys[i]))
                g_error("%s: %s", keys[i], error->message);
            continue;
        }
        if (!testMentions(import, keys[i]))
            g_error("no finding about %s", keys[i]);
    }
    g_assert_cmpuint(n, >, 90);
}

static void
testLength(void)
{
    g_autofree char *text = g_strnfill(VIR_LXC_IMPORT_TEXT_MAX + 1, '\n');
    virLXCHost host = testHost();
    virLXCImportSource source = {.kind = VIR_LXC_IMPORT_LXC_CONFIG,
                                 .text = text,
                                 .length = VIR_LXC_IMPORT_TEXT_MAX + 1,
                                 .file = "config",
                                 .host = &host};
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCImport) import = NULL;

    g_assert_null(virLXCImportRun(&source, &error));
    g_assert_cmpstr(error->message, ==,
                    "'config' is longer than the limit of 1048576 bytes");
    source.length--;
    import = virLXCImportRun(&source, NULL);
    g_assert_nonnull(import);
}

/* The findings as a comment, which contains what the document does. */
static void
testComment(void)
{
    static const char text[] =
        "lxc.uts.name = web\n"
        "lxc.rootfs.path = /srv/web\n"
        "lxc.cgroup2.memory.max = 1M\n"
        "lxc.mount.entry = tmpfs a--b--- tmpfs size=1m,mode=755\n"
        "lxc.start.auto = 1\n";
    virLXCHost host = testHost();
    virLXCImportSource source = {.kind = VIR_LXC_IMPORT_LXC_CONFIG,
                                 .text = text,
                                 .length = strlen("lxc.uts.name = web\n"),
                                 .file = "config--",
                                 .host = &host};
    g_autoptr(virLXCImport) none = virLXCImportRun(&source, NULL);
    g_autofree char *name = virLXCImportComment(none);
    g_autoptr(virLXCImport) import = NULL;
    g_autofree char *comment = NULL;
    g_autofree char *document = NULL;
    g_autoptr(virLXCConfinementDef) def = NULL;

    /* The name alone is left out, which is mentioned. */
    g_assert_cmpstr(name, ==,
                    "<!--\n"
                    "  note: config- -:1: lxc.uts.name: the key is left out, "
                    "because without 'lxc.rootfs.path' the result is not a "
                    "whole domain\n"
                    "-->\n");

    source.length = strlen(text);
    import = virLXCImportRun(&source, NULL);
    comment = virLXCImportComment(import);
    g_assert_cmpstr(
        comment, ==,
        "<!--\n"
        "  not converted: config- -:4: lxc.mount.entry: '/a- -b- - -' has mode "
        "1777, as "
        "the root directory of every new file system in memory, despite "
        "'mode=755'\n"
        "  note: config- -:5: lxc.start.auto: to start the domain with the "
        "host, use 'virsh autostart'\n"
        "-->\n");
    document = g_strconcat(comment, import->xml, NULL);
    def = testDefFromString(document);
    g_assert_nonnull(def);
}

static void
testCommentOfNothing(void)
{
    virLXCHost host = testHost();
    virLXCImportSource source = {.kind = VIR_LXC_IMPORT_LXC_CONFIG,
                                 .text = "lxc.no_new_privs = 1\n",
                                 .length = strlen("lxc.no_new_privs = 1\n"),
                                 .file = "config",
                                 .host = &host};
    g_autoptr(virLXCImport) import = virLXCImportRun(&source, NULL);
    g_autofree char *comment = virLXCImportComment(import);

    g_assert_cmpstr(comment, ==, "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    testCasesAdd("/import", "import", testDocument);
    g_test_add_func("/import-limits/length", testLength);
    g_test_add_func("/import-keys", testKeys);
    g_test_add_func("/import-comment/notes", testComment);
    g_test_add_func("/import-comment/nothing", testCommentOfNothing);

    return g_test_run();
}
