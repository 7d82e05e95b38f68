/*
 * test_schema.c: schema, tables, parser and kernel header agree
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse. In: a grammar of <domain> that includes
 * docs/schemas/lxcconfinement.rng, the tables, and each document of
 * tests/data/conf. Out: verdicts. Where RelaxNG cannot say what the
 * parser says, the case has a file schema-exception.txt with the reason.
 */

#include <linux/capability.h>

#include "grammar.h"

#define SCHEMA_CASE_EXCEPTION "schema-exception.txt"

static void
testVerdict(gconstpointer data)
{
    const char *dir = data;
    g_autofree char *text = testCaseRead(dir, "in.xml");
    g_autoptr(xmlDoc) doc = testDocFromString(text);
    g_autofree char *reason = NULL;

    g_assert_nonnull(doc);
    if (!testCaseExists(dir, SCHEMA_CASE_EXCEPTION)) {
        g_assert_cmpint(grammarParserAccepts(doc), ==, grammarAccepts(doc));
        return;
    }

    /* An exception must have its reason, and be one. */
    reason = g_strstrip(testCaseRead(dir, SCHEMA_CASE_EXCEPTION));
    g_assert_cmpstr(reason, !=, "");
    g_assert_cmpint(grammarParserAccepts(doc), !=, grammarAccepts(doc));
}

static void
testTable(void)
{
    size_t nrows = 0;
    const virLXCCapability *rows = virLXCCapabilityTable(&nrows);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    size_t i;

    for (i = 0; i < nrows; i++)
        g_ptr_array_add(names, (gpointer)rows[i].name);

    grammarExpectNames("define[@name='lxcCapabilities']/*/*//element/@name",
                       names);
}

static xmlDoc *
testDocWithEntry(const char *entry)
{
    g_autofree char *block =
        g_strdup_printf("<capabilities>%s</capabilities>", entry);

    return grammarDoc(block);
}

static void
testParserKnowsTable(void)
{
    size_t nrows = 0;
    const virLXCCapability *rows = virLXCCapabilityTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        g_autofree char *entry = g_strdup_printf("<%s/>", rows[i].name);
        g_autoptr(xmlDoc) doc = testDocWithEntry(entry);
        g_autoptr(virLXCConfinementDef) def =
            virLXCConfinementDefParse(testDocDomain(doc), NULL);

        g_assert_nonnull(def);
        g_assert_cmphex(def->capabilities.on, ==,
                        VIR_LXC_CAPABILITY_BIT(rows[i].number));
        g_assert_true(grammarAccepts(doc));
    }
}

static void
testNumbers(void)
{
    int number;

    for (number = -1; number <= 1000; number++) {
        g_autofree char *entry = g_strdup_printf("<cap number='%d'/>", number);
        g_autoptr(xmlDoc) doc = testDocWithEntry(entry);
        gboolean good = number >= 0 && number <= VIR_LXC_CAPABILITY_MAX;

        g_assert_cmpint(grammarParserAccepts(doc), ==, good);
        g_assert_cmpint(grammarAccepts(doc), ==, good);
    }
}

static const struct {
    const char *name;
    unsigned int number;
} headerRows[] = {
    {"chown", CAP_CHOWN},
    {"dac_override", CAP_DAC_OVERRIDE},
    {"dac_read_search", CAP_DAC_READ_SEARCH},
    {"fowner", CAP_FOWNER},
    {"fsetid", CAP_FSETID},
    {"kill", CAP_KILL},
    {"setgid", CAP_SETGID},
    {"setuid", CAP_SETUID},
    {"setpcap", CAP_SETPCAP},
    {"linux_immutable", CAP_LINUX_IMMUTABLE},
    {"net_bind_service", CAP_NET_BIND_SERVICE},
    {"net_broadcast", CAP_NET_BROADCAST},
    {"net_admin", CAP_NET_ADMIN},
    {"net_raw", CAP_NET_RAW},
    {"ipc_lock", CAP_IPC_LOCK},
    {"ipc_owner", CAP_IPC_OWNER},
    {"sys_module", CAP_SYS_MODULE},
    {"sys_rawio", CAP_SYS_RAWIO},
    {"sys_chroot", CAP_SYS_CHROOT},
    {"sys_ptrace", CAP_SYS_PTRACE},
    {"sys_pacct", CAP_SYS_PACCT},
    {"sys_admin", CAP_SYS_ADMIN},
    {"sys_boot", CAP_SYS_BOOT},
    {"sys_nice", CAP_SYS_NICE},
    {"sys_resource", CAP_SYS_RESOURCE},
    {"sys_time", CAP_SYS_TIME},
    {"sys_tty_config", CAP_SYS_TTY_CONFIG},
    {"mknod", CAP_MKNOD},
    {"lease", CAP_LEASE},
    {"audit_write", CAP_AUDIT_WRITE},
    {"audit_control", CAP_AUDIT_CONTROL},
    {"setfcap", CAP_SETFCAP},
    {"mac_override", CAP_MAC_OVERRIDE},
    {"mac_admin", CAP_MAC_ADMIN},
    {"syslog", CAP_SYSLOG},
    {"wake_alarm", CAP_WAKE_ALARM},
    {"block_suspend", CAP_BLOCK_SUSPEND},
    {"audit_read", CAP_AUDIT_READ},
#ifdef CAP_PERFMON
    {"perfmon", CAP_PERFMON},
#endif
#ifdef CAP_BPF
    {"bpf", CAP_BPF},
#endif
#ifdef CAP_CHECKPOINT_RESTORE
    {"checkpoint_restore", CAP_CHECKPOINT_RESTORE},
#endif
};

static void
testHeader(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(headerRows); i++) {
        const virLXCCapability *row =
            virLXCCapabilityByName(headerRows[i].name);

        g_assert_nonnull(row);
        g_assert_cmpuint(row->number, ==, headerRows[i].number);
    }

    /* A newer header: time for a row. */
    g_assert_cmpuint(G_N_ELEMENTS(headerRows), ==, CAP_LAST_CAP + 1);
}

int
main(int argc, char **argv)
{
    grammarInit(&argc, &argv);
    g_test_add_func("/schema/table", testTable);
    g_test_add_func("/schema/parser-knows-table", testParserKnowsTable);
    g_test_add_func("/schema/numbers", testNumbers);
    g_test_add_func("/schema/header", testHeader);
    testCasesAdd("/schema/verdict", "conf", testVerdict);
    return grammarRun();
}
