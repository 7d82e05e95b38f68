/*
 * lxc_descriptors.c: the limit of file descriptors of the daemon
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "lxc_descriptors.h"

#include <errno.h>
#include <sys/resource.h>

#include "internal.h"
#include "virerror.h"
#include "virfile.h"

#define VIR_FROM_THIS VIR_FROM_LXC

#define LXC_DESCRIPTORS_RESERVED 128


/* Stores the number of open descriptors, without the one that counts them in
 * @used. */
static int
lxcDescriptorsCount(unsigned long long max,
                    unsigned long long *used)
{
    g_autoptr(DIR) dir = NULL;
    struct dirent *entry;
    unsigned long long count = 0;
    int rc;

    if (virDirOpenQuiet(&dir, "/proc/self/fd") < 0) {
        *used = max;
        return errno == EMFILE ? 0 : -1;
    }

    while ((rc = virDirRead(dir, &entry, NULL)) > 0)
        count++;

    *used = count - 1;
    return rc;
}


int
virLXCDescriptorsCheck(void)
{
    struct rlimit limit;
    unsigned long long used;
    unsigned long long reserved;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 ||
        lxcDescriptorsCount(limit.rlim_cur, &used) < 0) {
        virReportSystemError(errno, "%s",
                             _("Cannot determine how many file descriptors are left"));
        return -1;
    }

    reserved = MIN(limit.rlim_cur / 4, LXC_DESCRIPTORS_RESERVED);
    if (used < limit.rlim_cur - reserved)
        return 0;

    virReportError(VIR_ERR_OPERATION_FAILED,
                   _("no further domain can be started: the daemon uses %1$llu of "
                     "at most %2$llu file descriptors (LimitNOFILE) and reserves "
                     "%3$llu for running domains"),
                   used, (unsigned long long) limit.rlim_cur, reserved);
    return -1;
}
