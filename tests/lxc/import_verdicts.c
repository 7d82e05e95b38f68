/*
 * import_verdicts.c: what a converted seccomp profile does with system calls
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Usage: import-verdicts KIND FILE
 *
 * In: a profile, and on standard input a line "ABI CALL ARG0 ... ARG5" for each
 * call. Out: for each of them, the action of the filter and its number, or
 * "absent" if the ABI does not have the call. Used by test_import_verdicts.py.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpf.h"
#include "import.h"
#include "seccomp_filter.h"
#include "seccomp_number.h"
#include "seccomp_resolve.h"

static virLXCHost
hostMake(void)
{
    return (virLXCHost){
        .lastCap = 40,
        .bounding = G_MAXUINT64,
        .rebootContained = true,
        .kernel = {6, 12},
        .seccompArch = virLXCSeccompArchByName("x86_64"),
    };
}

static virLXCSeccompFilter *
filterMake(const char *kind, const char *path)
{
    const char *const *names = virLXCImportKindNames();
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    gsize length = 0;
    virLXCHost host = hostMake();
    virLXCImportSource source = {.file = path, .host = &host};
    g_autoptr(virLXCImport) import = NULL;
    g_autoptr(virLXCSeccompRuleset) ruleset = NULL;
    const virLXCSeccompContext context = {
        .native = host.seccompArch,
        .capabilities = G_MAXUINT64,
        .kernel = host.kernel,
    };
    virLXCSeccompFilter *filter = NULL;
    size_t i;

    for (i = 0; !g_str_equal(names[i], kind); i++)
        g_assert_nonnull(names[i + 1]);
    source.kind = VIR_LXC_IMPORT_OCI_CONFIG + i;
    g_file_get_contents(path, &text, &length, &error);
    source.text = text;
    source.length = length;
    if (text)
        import = virLXCImportRun(&source, &error);
    if (import)
        ruleset =
            virLXCSeccompResolve(import->def->seccomp, &context, NULL, &error);
    if (ruleset)
        filter = virLXCSeccompFilterCompile(ruleset, &error);
    if (!filter) {
        g_printerr("%s: %s\n", path, error->message);
        exit(1);
    }
    return filter;
}

static void
verdictPrint(guint32 value)
{
    const virLXCSeccompActionRow *rows = virLXCSeccompActionTable();
    size_t i;

    for (i = 0; i < VIR_LXC_SECCOMP_ACTIONS; i++) {
        if (rows[i].value == (value & 0xffff0000))
            printf("%s %u\n", rows[i].name, value & 0xffff);
    }
}

int
main(int argc, char **argv)
{
    g_autoptr(virLXCSeccompFilter) filter = NULL;
    char abi[32];
    char name[64];
    unsigned long long args[6];

    if (argc != 3)
        return 2;

    filter = filterMake(argv[1], argv[2]);
    while (scanf("%31s %63s %llu %llu %llu %llu %llu %llu", abi, name, &args[0],
                 &args[1], &args[2], &args[3], &args[4], &args[5]) == 8) {
        const virLXCSeccompArch *arch = virLXCSeccompArchByName(abi);
        int number = virLXCSyscallNumber(name, arch);
        testBPFCall call = {.number = (guint32)number, .audit = arch->audit};
        size_t i;

        for (i = 0; i < G_N_ELEMENTS(args); i++)
            call.args[i] = args[i];
        if (number < 0)
            printf("absent 0\n");
        else
            verdictPrint(testBPFRun(filter->instructions, filter->length, &call,
                                    arch->bigEndian));
    }
    return 0;
}
