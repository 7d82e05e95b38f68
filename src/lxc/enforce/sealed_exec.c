/*
 * sealed_exec.c: run a program from a sealed copy of itself
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a process whose executable is a file of the host. Out: the same program
 * runs from a memfd, and its executable no longer refers to that file.
 */

#include "sealed_exec.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "descriptor.h"
#include "error.h"
#include "i18n.h"

#define LXC_SELF "/proc/self/exe"
#define LXC_SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

/* linux/memfd.h since Linux 6.3 */
#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

gboolean
virLXCSealedExecIsSealed(void)
{
    VIR_LXC_AUTOCLOSE fd = open(LXC_SELF, O_RDONLY | O_CLOEXEC);
    int seals = fd < 0 ? -1 : fcntl(fd, F_GET_SEALS);

    return seals >= 0 && (seals & LXC_SEALS) == LXC_SEALS;
}

/* Kernels before 6.3 reject MFD_EXEC as an unknown flag. Newer kernels can be
 * configured to require it (vm.memfd_noexec in sysctl/vm.rst). */
static int
lxcSealedCreate(const char *name)
{
    unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    int fd = memfd_create(name, flags | MFD_EXEC);

    return fd < 0 && errno == EINVAL ? memfd_create(name, flags) : fd;
}

static int
lxcSealedCopy(int from, int to)
{
    struct stat st;
    off_t left;

    if (fstat(from, &st) < 0)
        return -1;

    for (left = st.st_size; left > 0;) {
        ssize_t n = sendfile(to, from, NULL, left);

        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = EIO;
        if (n <= 0)
            return -1;
        left -= n;
    }

    return fcntl(to, F_ADD_SEALS, LXC_SEALS);
}

int
virLXCSealedExec(char *const *argv, GError **error)
{
    VIR_LXC_AUTOCLOSE self = -1;
    VIR_LXC_AUTOCLOSE copy = -1;
    char name[16] = "";

    if (virLXCSealedExecIsSealed()) {
        /* execveat(2) has named the process after the descriptor. */
        g_autofree char *base = g_path_get_basename(argv[0]);

        prctl(PR_SET_NAME, base, 0, 0, 0);
        return 0;
    }

    prctl(PR_GET_NAME, name, 0, 0, 0);
    self = open(LXC_SELF, O_RDONLY | O_CLOEXEC);
    copy = self < 0 ? -1 : lxcSealedCreate(name);
    if (copy < 0 || lxcSealedCopy(self, copy) < 0)
        return virLXCSetSystemError(
            error, errno, _("cannot make a sealed copy of '%1$s'"), argv[0]);

    syscall(SYS_execveat, copy, "", argv, environ, AT_EMPTY_PATH);
    return virLXCSetSystemError(
        error, errno, _("cannot execute a sealed copy of '%1$s'"), argv[0]);
}
