/*
 * kernel_version.c: the version of a kernel
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: all of them. In: text, versions. Out: a version, an order.
 */

#include "kernel_version.h"

#include "number.h"

/* What KERNEL_VERSION() of the kernel can hold. */
#define LXC_KERNEL_NUMBER_MAX 255

static int
lxcNumberCompare(unsigned int a, unsigned int b)
{
    return (a > b) - (a < b);
}

int
virLXCKernelVersionCompare(virLXCKernelVersion a, virLXCKernelVersion b)
{
    if (a.major != b.major)
        return lxcNumberCompare(a.major, b.major);
    return lxcNumberCompare(a.minor, b.minor);
}

bool
virLXCKernelVersionFromString(const char *text, virLXCKernelVersion *version)
{
    g_auto(GStrv) numbers = g_strsplit(text, ".", 0);
    virLXCKernelVersion found;

    if (g_strv_length(numbers) != 2 ||
        !virLXCNumberFromString(numbers[0], LXC_KERNEL_NUMBER_MAX,
                                &found.major) ||
        !virLXCNumberFromString(numbers[1], LXC_KERNEL_NUMBER_MAX,
                                &found.minor))
        return false;

    *version = found;
    return true;
}
