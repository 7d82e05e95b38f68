/*
 * seccomp_exec.c: load a filter and execute init
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCPreparedSeccomp and a program. Out: the program runs under the
 * filter, or the controller has received an error.
 */

#include "seccomp_exec.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "i18n.h"
#include "seccomp_helper.h"

/* execve(2) ignores the effective set, so raising a capability here does
 * not change the sets of init. */
static int
lxcSeccompRaiseSysAdmin(GError **error)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {0};
    struct __user_cap_data_struct *set = &sets[CAP_TO_INDEX(CAP_SYS_ADMIN)];

    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
        return 0;

    if (syscall(SYS_capget, &header, sets) == 0) {
        set->effective |= set->permitted & CAP_TO_MASK(CAP_SYS_ADMIN);
        if (syscall(SYS_capset, &header, sets) == 0)
            return 0;
    }

    return virLXCSetSystemError(
        error, errno,
        _("cannot raise CAP_SYS_ADMIN to load the seccomp filter"));
}

/* execve(2) resets handlers too. But a handler that runs before would return
 * through rt_sigreturn(2), which the filter may deny. */
static void
lxcSeccompForgetHandlers(void)
{
    struct sigaction action;
    int i;

    for (i = 1; i < NSIG; i++) {
        if (sigaction(i, NULL, &action) == 0 && action.sa_handler != SIG_DFL &&
            action.sa_handler != SIG_IGN)
            signal(i, SIG_DFL);
    }
}

int
virLXCSeccompExec(const virLXCPreparedSeccomp *seccomp, int handshake,
                  const char *failure, const char *path, char *const argv[],
                  char *const envp[], GError **error)
{
    struct sock_fprog program = {
        .len = (unsigned short)seccomp->filter->length,
        .filter = seccomp->filter->instructions,
    };
    unsigned int flags = seccomp->plan->ruleset->flags;
    virLXCSeccompHelper helper;
    int rc;

    if (seccomp->plan->notifies)
        flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;

    if (lxcSeccompRaiseSysAdmin(error) < 0)
        return -1;

    lxcSeccompForgetHandlers();
    if (virLXCSeccompHelperStart(&helper, handshake, failure, error) < 0)
        return -1;

    rc = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
    if (rc < 0) {
        int errnum = errno;

        virLXCSeccompHelperStop(&helper);
        return virLXCSetSystemError(error, errnum,
                                    _("cannot load the seccomp filter"));
    }

    /* From here on, execve(2) is the only system call allowed. Lazy binding of
     * a symbol would already break this rule. */
    virLXCSeccompHelperHandOver(&helper, seccomp->plan->notifies ? rc : -1);
    syscall(SYS_execve, path, argv, envp);
    virLXCSeccompHelperReport(&helper, errno);
    return -1; /* not reached */
}
