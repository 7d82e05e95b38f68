/*
 * seccomp_probe.c: probe seccomp
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: /proc/sys, seccomp(2). Out: members of a virLXCHost.
 */

#include "seccomp_probe.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ACTIONS_FILE "/proc/sys/kernel/seccomp/actions_avail"

static const virLXCSeccompArch *
lxcSeccompNative(void)
{
    uint32_t token = seccomp_arch_native();
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
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
    size_t i;

    if (!g_file_get_contents(ACTIONS_FILE, &text, NULL, NULL))
        return 0;

    words = g_strsplit(g_strchomp(text), " ", 0);
    for (i = 0; i < VIR_LXC_SECCOMP_ACTIONS; i++) {
        if (g_strv_contains((const char *const *)words, rows[i].kernel))
            actions |= 1U << i;
    }
    return actions;
}

/* The kernel checks the flags first: EFAULT means that only the program, which
 * is NULL, is wrong (seccomp(2)). */
static bool
lxcSeccompHasFlag(unsigned long flag)
{
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flag, NULL) < 0 &&
           errno == EFAULT;
}

static unsigned int
lxcSeccompFlags(void)
{
    size_t nrows = 0;
    const virLXCSeccompFlagRow *rows = virLXCSeccompFlagTable(&nrows);
    unsigned int flags = 0;
    size_t i;

    for (i = 0; i < nrows; i++) {
        /* This flag is valid only together with NEW_LISTENER. */
        unsigned int listener =
            rows[i].flag == VIR_LXC_SECCOMP_FLAG_WAIT_KILLABLE_RECV
                ? SECCOMP_FILTER_FLAG_NEW_LISTENER
                : 0;

        if (lxcSeccompHasFlag(rows[i].flag | listener))
            flags |= rows[i].flag;
    }
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
