/*
 * lsm_probe.c: the active Linux security modules
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: lsm_list_modules(2), securityfs. Out: names.
 */

#include "lsm_probe.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "lsm_table.h"
#include "syscall_table.h"

/* More than any kernel has. */
#define LXC_LSM_MAX 64

static char **
lxcLSMList(void)
{
    long number = virLXCSyscallByName("lsm_list_modules")->number;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    guint64 ids[LXC_LSM_MAX] = {0};
    guint32 size = sizeof(ids);
    long count = syscall(number, ids, &size, 0);
    long i;

    if (count < 0)
        return NULL;

    for (i = 0; i < count; i++)
        g_ptr_array_add(names, virLXCLSMLabel(ids[i]));
    g_ptr_array_add(names, NULL);

    return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

char **
virLXCLSMRead(const char *file)
{
    g_autofree char *text = NULL;

    if (!g_file_get_contents(file, &text, NULL, NULL))
        return NULL;

    return g_strsplit(g_strchomp(text), ",", 0);
}

char **
virLXCLSMProbe(const char *file)
{
    char **names = lxcLSMList();

    return names ? names : virLXCLSMRead(file);
}
