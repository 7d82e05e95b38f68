/*
 * test_seccomp_tables.c: our tables of seccomp are those of libseccomp
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: all of them. In: seccomp.h and the names that it gives to values. Out:
 * verdicts. src/conf has the values without libseccomp.
 */

#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cases.h"
#include "namespace_table.h"
#include "seccomp_table.h"
#include "socket_family_table.h"

/* The name before the compiler replaces it, and what it stands for. */
/* clang-format off */
#define ROW(name) {#name, name}
/* clang-format on */

static const struct {
    const char *oci;
    guint32 token;
} archRows[] = {
    ROW(SCMP_ARCH_X86),         ROW(SCMP_ARCH_X86_64),
    ROW(SCMP_ARCH_X32),         ROW(SCMP_ARCH_ARM),
    ROW(SCMP_ARCH_AARCH64),     ROW(SCMP_ARCH_MIPS),
    ROW(SCMP_ARCH_MIPS64),      ROW(SCMP_ARCH_MIPS64N32),
    ROW(SCMP_ARCH_MIPSEL),      ROW(SCMP_ARCH_MIPSEL64),
    ROW(SCMP_ARCH_MIPSEL64N32), ROW(SCMP_ARCH_PPC),
    ROW(SCMP_ARCH_PPC64),       ROW(SCMP_ARCH_PPC64LE),
    ROW(SCMP_ARCH_S390),        ROW(SCMP_ARCH_S390X),
    ROW(SCMP_ARCH_PARISC),      ROW(SCMP_ARCH_PARISC64),
    ROW(SCMP_ARCH_RISCV64),
};

static const virLXCSeccompArch *
testArchByOCI(const char *oci)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (g_str_equal(rows[i].oci, oci))
            return &rows[i];
    }

    return NULL;
}

static void
testArchs(void)
{
    size_t nrows = 0;
    size_t i;

    virLXCSeccompArchTable(&nrows);
    g_assert_cmpuint(nrows, ==, G_N_ELEMENTS(archRows));
    for (i = 0; i < G_N_ELEMENTS(archRows); i++) {
        const virLXCSeccompArch *arch = testArchByOCI(archRows[i].oci);

        g_assert_nonnull(arch);
        g_assert_cmphex(arch->token, ==, archRows[i].token);
        /* The library's token is the kernel's, except for x32. */
        g_assert_cmpint(arch->audit == arch->token, ==,
                        !g_str_equal(arch->name, "x32"));
    }
}

/* All of the C library's header, without the other names for them. */
static const struct {
    const char *constant;
    guint32 number;
} familyRows[] = {
    ROW(AF_UNSPEC),     ROW(AF_UNIX),      ROW(AF_INET),     ROW(AF_AX25),
    ROW(AF_IPX),        ROW(AF_APPLETALK), ROW(AF_NETROM),   ROW(AF_BRIDGE),
    ROW(AF_ATMPVC),     ROW(AF_X25),       ROW(AF_INET6),    ROW(AF_ROSE),
    ROW(AF_DECnet),     ROW(AF_NETBEUI),   ROW(AF_SECURITY), ROW(AF_KEY),
    ROW(AF_NETLINK),    ROW(AF_PACKET),    ROW(AF_ASH),      ROW(AF_ECONET),
    ROW(AF_ATMSVC),     ROW(AF_RDS),       ROW(AF_SNA),      ROW(AF_IRDA),
    ROW(AF_PPPOX),      ROW(AF_WANPIPE),   ROW(AF_LLC),      ROW(AF_IB),
    ROW(AF_MPLS),       ROW(AF_CAN),       ROW(AF_TIPC),     ROW(AF_BLUETOOTH),
    ROW(AF_IUCV),       ROW(AF_RXRPC),     ROW(AF_ISDN),     ROW(AF_PHONET),
    ROW(AF_IEEE802154), ROW(AF_CAIF),      ROW(AF_ALG),      ROW(AF_NFC),
    ROW(AF_VSOCK),      ROW(AF_KCM),       ROW(AF_QIPCRTR),  ROW(AF_SMC),
    ROW(AF_XDP),        ROW(AF_MCTP),
};

static void
testFamilies(void)
{
    size_t nrows = 0;
    const virLXCSocketFamily *rows = virLXCSocketFamilyTable(&nrows);
    size_t i;

    g_assert_cmpuint(nrows, ==, G_N_ELEMENTS(familyRows));
    g_assert_cmpuint(nrows, >=, AF_MAX);
    for (i = 0; i < nrows; i++) {
        g_autofree char *name =
            g_ascii_strdown(familyRows[i].constant + strlen("AF_"), -1);

        g_assert_cmpstr(rows[i].name, ==, name);
        g_assert_cmpuint(rows[i].number, ==, familyRows[i].number);
        g_assert_cmpuint(rows[i].number, ==, i);
        g_assert_true(virLXCSocketFamilyByName(name) == &rows[i]);
    }
    g_assert_null(virLXCSocketFamilyByName("AF_ALG"));
}

/* By the kernel's own names: each type has a file in /proc, and no other file
 * there is a type. */
static void
testNamespaces(void)
{
    g_autoptr(GDir) dir = g_dir_open("/proc/self/ns", 0, NULL);
    size_t nrows = 0;
    const virLXCNamespace *rows = virLXCNamespaceTable(&nrows);
    guint32 all = 0;
    const char *name;
    size_t i;
    size_t call;

    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir))) {
        if (!g_str_has_suffix(name, "_for_children"))
            g_assert_nonnull(virLXCNamespaceByName(name));
    }
    for (i = 0; i < nrows; i++) {
        g_autofree char *path =
            g_build_filename("/proc/self/ns", rows[i].name, NULL);

        g_assert_cmpint(access(path, F_OK), ==, 0);
        for (call = 0; call < VIR_LXC_NAMESPACE_CALLS; call++)
            all |= rows[i].flags[call];
    }
    /* CLONE_NEWTIME and UNSHARE_EMPTY_MNTNS are newer than some headers. */
    g_assert_cmphex(all, ==,
                    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                        CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |
                        CLONE_NEWNET | 0x80 | 0x100000);
}

/* The last argument of a macro that takes a number is 0. */
static const struct {
    const char *oci;
    const char *ociOld;
    guint32 value;
} actionRows[] = {
    [VIR_LXC_SECCOMP_ALLOW] = {"SCMP_ACT_ALLOW", NULL, SCMP_ACT_ALLOW},
    [VIR_LXC_SECCOMP_LOG] = {"SCMP_ACT_LOG", NULL, SCMP_ACT_LOG},
    [VIR_LXC_SECCOMP_TRACE] = {"SCMP_ACT_TRACE", NULL, SCMP_ACT_TRACE(0)},
    [VIR_LXC_SECCOMP_NOTIFY] = {"SCMP_ACT_NOTIFY", NULL, SCMP_ACT_NOTIFY},
    [VIR_LXC_SECCOMP_ERRNO] = {"SCMP_ACT_ERRNO", NULL, SCMP_ACT_ERRNO(0)},
    [VIR_LXC_SECCOMP_TRAP] = {"SCMP_ACT_TRAP", NULL, SCMP_ACT_TRAP},
    [VIR_LXC_SECCOMP_KILL_THREAD] = {"SCMP_ACT_KILL_THREAD", "SCMP_ACT_KILL",
                                     SCMP_ACT_KILL_THREAD},
    [VIR_LXC_SECCOMP_KILL_PROCESS] = {"SCMP_ACT_KILL_PROCESS", NULL,
                                      SCMP_ACT_KILL_PROCESS},
};

static void
testActions(void)
{
    const virLXCSeccompActionRow *rows = virLXCSeccompActionTable();
    size_t i;

    g_assert_cmpuint(G_N_ELEMENTS(actionRows), ==, VIR_LXC_SECCOMP_ACTIONS);
    for (i = 0; i < VIR_LXC_SECCOMP_ACTIONS; i++) {
        g_assert_cmpstr(rows[i].oci, ==, actionRows[i].oci);
        g_assert_cmpstr(rows[i].ociOld, ==, actionRows[i].ociOld);
        g_assert_cmphex(rows[i].value, ==, actionRows[i].value);
    }
}

/* The kernel's own names, of those actions that this kernel has. */
static void
testKernelNames(void)
{
    const virLXCSeccompActionRow *rows = virLXCSeccompActionTable();
    g_autofree char *text = NULL;
    g_auto(GStrv) names = NULL;
    size_t i;
    size_t j;

    if (!g_file_get_contents("/proc/sys/kernel/seccomp/actions_avail", &text,
                             NULL, NULL)) {
        testSkip("this kernel does not say which seccomp actions it has");
        return;
    }

    names = g_strsplit(g_strstrip(text), " ", 0);
    g_assert_cmpuint(g_strv_length(names), >, 0);
    for (i = 0; names[i]; i++) {
        for (j = 0; j < VIR_LXC_SECCOMP_ACTIONS; j++) {
            if (g_str_equal(rows[j].kernel, names[i]))
                break;
        }
        if (j == VIR_LXC_SECCOMP_ACTIONS)
            g_error("the table lacks the kernel's action '%s'", names[i]);
    }
}

/* Flags are the kernel's own, under the names that its header has. */
static const struct {
    const char *oci;
    unsigned int flag;
} flagRows[] = {
    ROW(SECCOMP_FILTER_FLAG_LOG),
    ROW(SECCOMP_FILTER_FLAG_SPEC_ALLOW),
    ROW(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV),
};

static void
testFlags(void)
{
    size_t nrows = 0;
    const virLXCSeccompFlagRow *rows = virLXCSeccompFlagTable(&nrows);
    size_t found = 0;
    size_t i;
    size_t j;

    for (i = 0; i < nrows; i++) {
        for (j = 0; j < G_N_ELEMENTS(flagRows); j++) {
            if (!g_str_equal(rows[i].oci, flagRows[j].oci))
                continue;
            g_assert_cmphex(rows[i].flag, ==, flagRows[j].flag);
            found++;
        }
    }
    g_assert_cmpuint(found, ==, G_N_ELEMENTS(flagRows));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/seccomp/tables/archs", testArchs);
    g_test_add_func("/seccomp/tables/families", testFamilies);
    g_test_add_func("/seccomp/tables/namespaces", testNamespaces);
    g_test_add_func("/seccomp/tables/actions", testActions);
    g_test_add_func("/seccomp/tables/flags", testFlags);
    g_test_add_func("/seccomp/tables/kernel-names", testKernelNames);
    return g_test_run();
}
