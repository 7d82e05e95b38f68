/*
 * seccomp_probe.c: what the kernel's seccomp can do
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: /proc/sys, seccomp(2). Out: facts of a virLXCHost.
 */

#include "seccomp_probe.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "seccomp_ruleset.h"

#define ACTIONS_FILE "/proc/sys/kernel/seccomp/actions_avail"

/* Linux 5.19; Debian 12's header has it, older ones do not. */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

static const virLXCSeccompArch *
lxcSeccompNative(void)
{
    uint32_t token = seccomp_arch_native();
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);

    for (size_t i = 0; i < nrows; i++) {
        if (rows[i].token == token)
            return &rows[i];
    }
    return NULL;
}

static unsigned int
lxcSeccompActions(void)
{
    const virLXCSeccompActionRow *rows = virLXCSeccompActionTable();
    g_autofree char *text = NULL;
    g_auto(GStrv) words = NULL;
    unsigned int actions = 0;

    if (!g_file_get_contents(ACTIONS_FILE, &text, NULL, NULL))
        return 0;

    words = g_strsplit(g_strchomp(text), " ", 0);
    for (unsigned int i = 0; i < VIR_LXC_SECCOMP_ACTIONS; i++) {
        if (g_strv_contains((const char *const *)words, rows[i].kernel))
            actions |= 1U << i;
    }
    return actions;
}

/* Flags are looked at before the program, and there is none (seccomp(2)). */
static bool
lxcSeccompHasFlag(unsigned long flag)
{
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flag, NULL) < 0 &&
           errno == EFAULT;
}

static unsigned int
lxcSeccompFlags(void)
{
    unsigned int flags = 0;

    if (lxcSeccompHasFlag(SECCOMP_FILTER_FLAG_LOG))
        flags |= VIR_LXC_SECCOMP_FLAG_LOG;
    if (lxcSeccompHasFlag(SECCOMP_FILTER_FLAG_SPEC_ALLOW))
        flags |= VIR_LXC_SECCOMP_FLAG_SPEC_ALLOW;
    /* It is for a listener alone. */
    if (lxcSeccompHasFlag(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV |
                          SECCOMP_FILTER_FLAG_NEW_LISTENER))
        flags |= VIR_LXC_SECCOMP_FLAG_WAIT_KILLABLE_RECV;
    return flags;
}

void
virLXCSeccompProbe(const virLXCSeccompArch **native, unsigned int *actions,
                   unsigned int *flags)
{
    *native = lxcSeccompNative();
    *actions = lxcSeccompActions();
    *flags = lxcSeccompFlags();
}
