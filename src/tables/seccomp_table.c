/*
 * seccomp_table.c: the vocabulary of seccomp except system calls and errnos
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: all of them. In: a name. Out: rows.
 */

#include "seccomp_table.h"

#include <linux/audit.h>
#include <linux/seccomp.h>

/* Values that linux/seccomp.h names are checked here, the others by a test that
 * uses libseccomp. */
static const virLXCSeccompActionRow lxcSeccompActions[] = {
    [VIR_LXC_SECCOMP_ALLOW] = {.name = "allow",
                               .oci = "SCMP_ACT_ALLOW",
                               .kernel = "allow",
                               .value = SECCOMP_RET_ALLOW},
    [VIR_LXC_SECCOMP_LOG] = {.name = "log",
                             .oci = "SCMP_ACT_LOG",
                             .kernel = "log",
                             .value = SECCOMP_RET_LOG},
    [VIR_LXC_SECCOMP_TRACE] = {.name = "trace",
                               .oci = "SCMP_ACT_TRACE",
                               .kernel = "trace",
                               .value = SECCOMP_RET_TRACE,
                               .takesErrno = true},
    [VIR_LXC_SECCOMP_NOTIFY] = {.name = "notify",
                                .oci = "SCMP_ACT_NOTIFY",
                                .kernel = "user_notif",
                                .value = SECCOMP_RET_USER_NOTIF},
    [VIR_LXC_SECCOMP_ERRNO] = {.name = "errno",
                               .oci = "SCMP_ACT_ERRNO",
                               .kernel = "errno",
                               .value = SECCOMP_RET_ERRNO,
                               .takesErrno = true},
    [VIR_LXC_SECCOMP_TRAP] = {.name = "trap",
                              .oci = "SCMP_ACT_TRAP",
                              .kernel = "trap",
                              .value = SECCOMP_RET_TRAP},
    [VIR_LXC_SECCOMP_KILL_THREAD] = {.name = "kill-thread",
                                     .oci = "SCMP_ACT_KILL_THREAD",
                                     .ociOld = "SCMP_ACT_KILL",
                                     .kernel = "kill_thread",
                                     .value = SECCOMP_RET_KILL_THREAD},
    [VIR_LXC_SECCOMP_KILL_PROCESS] = {.name = "kill-process",
                                      .oci = "SCMP_ACT_KILL_PROCESS",
                                      .kernel = "kill_process",
                                      .value = SECCOMP_RET_KILL_PROCESS},
};

G_STATIC_ASSERT(G_N_ELEMENTS(lxcSeccompActions) == VIR_LXC_SECCOMP_ACTIONS);

const virLXCSeccompActionRow *
virLXCSeccompActionTable(void)
{
    return lxcSeccompActions;
}

static const virLXCSeccompOperatorRow lxcSeccompOperators[] = {
    [VIR_LXC_SECCOMP_EQ] = {"eq", "SCMP_CMP_EQ"},
    [VIR_LXC_SECCOMP_NE] = {"ne", "SCMP_CMP_NE"},
    [VIR_LXC_SECCOMP_LT] = {"lt", "SCMP_CMP_LT"},
    [VIR_LXC_SECCOMP_LE] = {"le", "SCMP_CMP_LE"},
    [VIR_LXC_SECCOMP_GT] = {"gt", "SCMP_CMP_GT"},
    [VIR_LXC_SECCOMP_GE] = {"ge", "SCMP_CMP_GE"},
    [VIR_LXC_SECCOMP_MASKED_EQ] = {"masked-eq", "SCMP_CMP_MASKED_EQ"},
};

G_STATIC_ASSERT(G_N_ELEMENTS(lxcSeccompOperators) == VIR_LXC_SECCOMP_OPERATORS);

const virLXCSeccompOperatorRow *
virLXCSeccompOperatorTable(void)
{
    return lxcSeccompOperators;
}

/* The only ABI that is told from another by its numbers; the kernel does not
 * know libseccomp's token for it. */
#define LXC_X32_BIT 0x40000000
#define LXC_X32_TOKEN (EM_X86_64 | __AUDIT_ARCH_LE)

static const virLXCSeccompFlagRow lxcSeccompFlags[] = {
    {"SECCOMP_FILTER_FLAG_TSYNC", 0},
    {"SECCOMP_FILTER_FLAG_LOG", VIR_LXC_SECCOMP_FLAG_LOG},
    {"SECCOMP_FILTER_FLAG_SPEC_ALLOW", VIR_LXC_SECCOMP_FLAG_SPEC_ALLOW},
    {"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
     VIR_LXC_SECCOMP_FLAG_WAIT_KILLABLE_RECV},
};

const virLXCSeccompFlagRow *
virLXCSeccompFlagTable(size_t *nrows)
{
    *nrows = G_N_ELEMENTS(lxcSeccompFlags);
    return lxcSeccompFlags;
}

/* Name, OCI name, AUDIT_ARCH, token, number base, big endian, runs under. */
static const virLXCSeccompArch lxcSeccompArchs[] = {
    {"x86_64", "SCMP_ARCH_X86_64", AUDIT_ARCH_X86_64, AUDIT_ARCH_X86_64, 0,
     false, NULL},
    {"i686", "SCMP_ARCH_X86", AUDIT_ARCH_I386, AUDIT_ARCH_I386, 0, false,
     "x86_64"},
    {"x32", "SCMP_ARCH_X32", AUDIT_ARCH_X86_64, LXC_X32_TOKEN, LXC_X32_BIT,
     false, "x86_64"},
    {"aarch64", "SCMP_ARCH_AARCH64", AUDIT_ARCH_AARCH64, AUDIT_ARCH_AARCH64, 0,
     false, NULL},
    {"armv7l", "SCMP_ARCH_ARM", AUDIT_ARCH_ARM, AUDIT_ARCH_ARM, 0, false,
     "aarch64"},
    {"ppc64le", "SCMP_ARCH_PPC64LE", AUDIT_ARCH_PPC64LE, AUDIT_ARCH_PPC64LE, 0,
     false, NULL},
    {"ppc64", "SCMP_ARCH_PPC64", AUDIT_ARCH_PPC64, AUDIT_ARCH_PPC64, 0, true,
     NULL},
    {"ppc", "SCMP_ARCH_PPC", AUDIT_ARCH_PPC, AUDIT_ARCH_PPC, 0, true, "ppc64"},
    {"riscv64", "SCMP_ARCH_RISCV64", AUDIT_ARCH_RISCV64, AUDIT_ARCH_RISCV64, 0,
     false, NULL},
    {"s390x", "SCMP_ARCH_S390X", AUDIT_ARCH_S390X, AUDIT_ARCH_S390X, 0, true,
     NULL},
    {"s390", "SCMP_ARCH_S390", AUDIT_ARCH_S390, AUDIT_ARCH_S390, 0, true,
     "s390x"},
    {"mips64el", "SCMP_ARCH_MIPSEL64", AUDIT_ARCH_MIPSEL64, AUDIT_ARCH_MIPSEL64,
     5000, false, NULL},
    {"mips64eln32", "SCMP_ARCH_MIPSEL64N32", AUDIT_ARCH_MIPSEL64N32,
     AUDIT_ARCH_MIPSEL64N32, 6000, false, "mips64el"},
    {"mipsel", "SCMP_ARCH_MIPSEL", AUDIT_ARCH_MIPSEL, AUDIT_ARCH_MIPSEL, 4000,
     false, "mips64el"},
    {"mips64", "SCMP_ARCH_MIPS64", AUDIT_ARCH_MIPS64, AUDIT_ARCH_MIPS64, 5000,
     true, NULL},
    {"mips64n32", "SCMP_ARCH_MIPS64N32", AUDIT_ARCH_MIPS64N32,
     AUDIT_ARCH_MIPS64N32, 6000, true, "mips64"},
    {"mips", "SCMP_ARCH_MIPS", AUDIT_ARCH_MIPS, AUDIT_ARCH_MIPS, 4000, true,
     "mips64"},
    {"parisc64", "SCMP_ARCH_PARISC64", AUDIT_ARCH_PARISC64, AUDIT_ARCH_PARISC64,
     0, true, NULL},
    {"parisc", "SCMP_ARCH_PARISC", AUDIT_ARCH_PARISC, AUDIT_ARCH_PARISC, 0,
     true, "parisc64"},
};

const virLXCSeccompArch *
virLXCSeccompArchTable(size_t *nrows)
{
    *nrows = G_N_ELEMENTS(lxcSeccompArchs);
    return lxcSeccompArchs;
}

const virLXCSeccompArch *
virLXCSeccompArchByName(const char *name)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcSeccompArchs); i++) {
        if (g_str_equal(lxcSeccompArchs[i].name, name))
            return &lxcSeccompArchs[i];
    }

    return NULL;
}

bool
virLXCSeccompArchRunsOn(const virLXCSeccompArch *arch,
                        const virLXCSeccompArch *native)
{
    return arch == native || g_strcmp0(arch->runsUnder, native->name) == 0;
}
