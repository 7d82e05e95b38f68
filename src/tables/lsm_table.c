/*
 * lsm_table.c: the names of Linux security modules
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "lsm_table.h"

static const virLXCLSM lxcLSMs[] = {
    {"capability", 100}, {"selinux", 101},   {"smack", 102},
    {"tomoyo", 103},     {"apparmor", 104},  {"yama", 105},
    {"loadpin", 106},    {"safesetid", 107}, {"lockdown", 108},
    {"bpf", 109},        {"landlock", 110},  {"ima", 111},
    {"evm", 112},        {"ipe", 113},
};

const virLXCLSM *
virLXCLSMTable(size_t *nrows)
{
    *nrows = G_N_ELEMENTS(lxcLSMs);
    return lxcLSMs;
}

char *
virLXCLSMLabel(guint64 id)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcLSMs); i++) {
        if (lxcLSMs[i].id == id)
            return g_strdup(lxcLSMs[i].name);
    }

    return g_strdup_printf("%" G_GUINT64_FORMAT, id);
}
