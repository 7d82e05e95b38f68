/*
 * test_syscall_numbers.c: the table of system calls, libseccomp and the
 * kernel's headers agree
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: table. In: what libseccomp knows; the kernel headers that are
 * installed; a directory of others, which is in CONFINEMENT_SYSCALL_HEADERS and
 * should hold the newest that there are: scripts/kernel-headers gets them. Out:
 * verdicts.
 */

#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "syscall_table.h"

#define TEST_HEADERS_VARIABLE "CONFINEMENT_SYSCALL_HEADERS"
#define TEST_INSTALLED_HEADERS "/usr/include"

/* The kernel's directory with an architecture's header. */
enum {
    NONE,      /* no package of a kernel that is still alive */
    INSTALLED, /* all packages, Debian 12's on amd64 too */
    FOREIGN,   /* newer ones, which are for all architectures at once */
    GENERIC,   /* as INSTALLED; has calls of other architectures, too */
};

/* An architecture of libseccomp: its name in the table, what it adds to all its
 * numbers, its header. */
static const struct testArch {
    uint32_t token;
    const char *name;
    int base;
    int kind;
    const char *header;
} archs[] = {
    {SCMP_ARCH_X86_64, "x86_64", 0, INSTALLED,
     "x86_64-linux-gnu/asm/unistd_64.h"},
    {SCMP_ARCH_X32, "x86_64", 0x40000000, INSTALLED,
     "x86_64-linux-gnu/asm/unistd_x32.h"},
    {SCMP_ARCH_X86, "i686", 0, INSTALLED, "x86_64-linux-gnu/asm/unistd_32.h"},
    {SCMP_ARCH_AARCH64, "aarch64", 0, GENERIC, "asm-generic/unistd.h"},
    {SCMP_ARCH_AARCH64, "aarch64", 0, FOREIGN,
     "aarch64-linux-gnu/asm/unistd_64.h"},
    {SCMP_ARCH_ARM, "armv7l", 0, FOREIGN,
     "arm-linux-gnueabihf/asm/unistd-eabi.h"},
    {SCMP_ARCH_MIPS, "mips", 4000, FOREIGN, "mips-linux-gnu/asm/unistd_o32.h"},
    {SCMP_ARCH_MIPSEL, "mipsel", 4000, FOREIGN,
     "mipsel-linux-gnu/asm/unistd_o32.h"},
    {SCMP_ARCH_MIPS64, "mips64", 5000, FOREIGN,
     "mips-linux-gnu/asm/unistd_n64.h"},
    {SCMP_ARCH_MIPSEL64, "mips64el", 5000, FOREIGN,
     "mipsel-linux-gnu/asm/unistd_n64.h"},
    {SCMP_ARCH_MIPS64N32, "mips64", 6000, FOREIGN,
     "mips-linux-gnu/asm/unistd_n32.h"},
    {SCMP_ARCH_MIPSEL64N32, "mips64el", 6000, FOREIGN,
     "mipsel-linux-gnu/asm/unistd_n32.h"},
    {SCMP_ARCH_PARISC, "parisc", 0, FOREIGN, "hppa-linux-gnu/asm/unistd_32.h"},
    {SCMP_ARCH_PARISC64, "parisc64", 0, FOREIGN,
     "hppa-linux-gnu/asm/unistd_64.h"},
    {SCMP_ARCH_PPC, "ppc", 0, FOREIGN, "powerpc-linux-gnu/asm/unistd_32.h"},
    {SCMP_ARCH_PPC64, "ppc64", 0, FOREIGN, "powerpc-linux-gnu/asm/unistd_64.h"},
    {SCMP_ARCH_PPC64LE, "ppc64le", 0, FOREIGN,
     "powerpc64le-linux-gnu/asm/unistd_64.h"},
    {SCMP_ARCH_RISCV64, "riscv64", 0, FOREIGN,
     "riscv64-linux-gnu/asm/unistd_64.h"},
    {SCMP_ARCH_S390, "s390", 0, NONE, NULL},
    {SCMP_ARCH_S390X, "s390x", 0, FOREIGN, "s390x-linux-gnu/asm/unistd_64.h"},
};

/* Where libseccomp's numbers are; below 0 are names without one. */
static const struct {
    int first;
    int last;
} ranges[] = {
    {-20000, 20000},
    {0xf0000, 0xf0fff},
    {0x40000000, 0x40000fff},
};

/* The number that a row gives a call, or VIR_LXC_SYSCALL_NUMBER_KNOWN. */
static int
testRowNumber(const struct testArch *arch, const char *name)
{
    const virLXCSyscall *row = virLXCSyscallByName(name);

    if (!row || row->number == VIR_LXC_SYSCALL_NUMBER_KNOWN ||
        (row->arch && !g_str_equal(row->arch, arch->name)))
        return VIR_LXC_SYSCALL_NUMBER_KNOWN;

    return arch->base + row->number;
}

/* Whether a name has a number on any of these architectures. libseccomp 2.6 has
 * names that only m68k has. */
static bool
testIsCall(const char *name)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(archs); i++) {
        if (seccomp_syscall_resolve_name_arch(archs[i].token, name) >= 0)
            return true;
    }
    return false;
}

/* The name of a call that libseccomp knows has a row, and no other number
 * there. */
static void
testKnownName(const struct testArch *arch, const char *name)
{
    int number = seccomp_syscall_resolve_name_arch(arch->token, name);
    int ours = testRowNumber(arch, name);

    if ((!virLXCSyscallByName(name) && testIsCall(name)) ||
        (number >= 0 && ours != VIR_LXC_SYSCALL_NUMBER_KNOWN &&
         ours != number)) {
        g_test_message("%s: libseccomp has %s %d, the table %d", arch->name,
                       name, number, ours);
        g_test_fail();
    }
}

/* Returns whether libseccomp has a name for the number. */
static gboolean
testKnownNumber(const struct testArch *arch, int number)
{
    char *name = seccomp_syscall_resolve_num_arch(arch->token, number);

    if (!name)
        return FALSE;

    testKnownName(arch, name);
    free(name);
    return TRUE;
}

static void
testKnown(void)
{
    size_t i, j;

    for (i = 0; i < G_N_ELEMENTS(archs); i++) {
        unsigned int known = 0;

        for (j = 0; j < G_N_ELEMENTS(ranges); j++) {
            int number;

            for (number = ranges[j].first; number <= ranges[j].last; number++)
                known += testKnownNumber(&archs[i], number);
        }
        g_assert_cmpuint(known, >, 450);
    }
}

/* A name that libseccomp knows anywhere resolves everywhere, though perhaps not
 * to a number of the kernel. */
static void
testEachResolves(void)
{
    size_t nrows = 0;
    const virLXCSyscall *rows = virLXCSyscallTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (rows[i].number == VIR_LXC_SYSCALL_NUMBER_KNOWN &&
            seccomp_syscall_resolve_name(rows[i].name) == __NR_SCMP_ERROR) {
            g_test_message("'%s' has no number", rows[i].name);
            g_test_fail();
        }
    }
}

/* libseccomp's number, else the row's. */
static int
testResolve(const struct testArch *arch, const char *name)
{
    int number = seccomp_syscall_resolve_name_arch(arch->token, name);

    return number < 0 ? testRowNumber(arch, name) : number;
}

/* Whether libseccomp has one number for the call itself, and a negative one for
 * it as a part of socketcall(2) or ipc(2), which is the one that it tells. */
static gboolean
testIsMultiplexed(const struct testArch *arch, const char *name, int number)
{
    char *known = seccomp_syscall_resolve_num_arch(arch->token, number);
    gboolean same = g_strcmp0(known, name) == 0;

    free(known);
    return same && seccomp_syscall_resolve_name_arch(arch->token, name) < 0;
}

/* A definition that is not a call, or not one of this architecture. */
static gboolean
testIsForeign(const struct testArch *arch, const char *name)
{
    if (arch->kind == GENERIC &&
        seccomp_syscall_resolve_name_arch(arch->token, name) < __NR_SCMP_ERROR)
        return TRUE;

    return g_regex_match_simple(
        "^(?:reserved\\d+|unused\\d+|arch_specific_syscall|syscalls)$", name, 0,
        0);
}

static void
testDefinition(const struct testArch *arch, const char *name, int number)
{
    int resolved = testResolve(arch, name);

    if (resolved == number || testIsForeign(arch, name) ||
        testIsMultiplexed(arch, name, number))
        return;

    g_test_message("%s: %s is %d in %s, not %d", arch->name, name, number,
                   arch->header, resolved);
    g_test_fail();
}

/* Every definition of the text, with a number or with the sum of one and the
 * architecture's base. Returns how many there are. */
static unsigned int
testDefinitions(const struct testArch *arch, const char *text)
{
    g_autoptr(GRegex) regex =
        g_regex_new("^#define\\s+__NR_(\\w+)\\s+(\\(\\w+ ?\\+ ?)?(\\d+)\\)?$",
                    G_REGEX_MULTILINE, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    unsigned int n = 0;

    g_regex_match(regex, text, 0, &match);
    for (; g_match_info_matches(match); g_match_info_next(match, NULL), n++) {
        g_autofree char *name = g_match_info_fetch(match, 1);
        g_autofree char *sum = g_match_info_fetch(match, 2);
        g_autofree char *digits = g_match_info_fetch(match, 3);

        testDefinition(arch, name, (sum[0] ? arch->base : 0) + atoi(digits));
    }

    return n;
}

static void
testHeader(const char *dir, const struct testArch *arch)
{
    g_autofree char *path = g_build_filename(dir, arch->header, NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;

    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    if (text)
        g_assert_cmpuint(testDefinitions(arch, text), >, 250);
}

static void
testHeaders(const char *dir, gboolean foreign)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(archs); i++) {
        if (archs[i].kind != NONE && (archs[i].kind != FOREIGN || foreign))
            testHeader(dir, &archs[i]);
    }
}

/* The number that linux/version.h gives a part of the version. */
static unsigned int
testVersionPart(const char *text, const char *part)
{
    g_autofree char *define =
        g_strdup_printf("#define LINUX_VERSION_%s ", part);
    const char *found = strstr(text, define);

    g_assert_nonnull(found);
    return found ? atoi(found + strlen(define)) : 0;
}

/* A kernel that is newer than the table: it may have no new call, but the
 * table ought to say so. */
static void
testVersion(const char *dir)
{
    const virLXCKernelVersion newest = {VIR_LXC_SYSCALL_KERNEL_MAJOR,
                                        VIR_LXC_SYSCALL_KERNEL_MINOR};
    g_autofree char *path = g_build_filename(dir, "linux/version.h", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    virLXCKernelVersion version;

    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    if (!text)
        return;

    version.major = testVersionPart(text, "MAJOR");
    version.minor = testVersionPart(text, "PATCHLEVEL");
    g_test_message("the headers are of Linux %u.%u", version.major,
                   version.minor);
    g_assert_cmpint(virLXCKernelVersionCompare(version, newest), <=, 0);
}

static void
testInstalled(void)
{
    testHeaders(TEST_INSTALLED_HEADERS, FALSE);
}

static void
testNewest(void)
{
    const char *dir = g_getenv(TEST_HEADERS_VARIABLE);

    if (!dir) {
        testSkip(TEST_HEADERS_VARIABLE " names no directory; see "
                                       "scripts/kernel-headers");
        return;
    }

    testHeaders(dir, TRUE);
    testVersion(dir);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/syscall-numbers/known", testKnown);
    g_test_add_func("/syscall-numbers/each-resolves", testEachResolves);
    g_test_add_func("/syscall-numbers/installed", testInstalled);
    g_test_add_func("/syscall-numbers/newest", testNewest);
    return g_test_run();
}
