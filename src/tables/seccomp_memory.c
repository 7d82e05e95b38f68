/*
 * seccomp_memory.c: calls that take their arguments from memory
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "seccomp_memory.h"

static const struct {
    const char *arch;
    const char *name;
} lxcInMemory[] = {
    {"i686", "mmap"},  {"i686", "select"}, {"ppc", "select"},
    {"s390", "mmap"},  {"s390", "mmap2"},  {"s390", "fadvise64_64"},
    {"s390x", "mmap"},
};

bool
virLXCSeccompArgumentsInMemory(const virLXCSeccompArch *arch, const char *name)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcInMemory); i++) {
        if (g_str_equal(lxcInMemory[i].arch, arch->name) &&
            g_str_equal(lxcInMemory[i].name, name))
            return true;
    }
    return false;
}
