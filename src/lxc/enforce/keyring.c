/*
 * keyring.c: the session keyring of a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a process with the session keyring of the daemon. Out: the process has a
 * new, empty session keyring.
 */

#include "keyring.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "error.h"
#include "i18n.h"

int
virLXCKeyringJoinNew(GError **error)
{
    if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0 ||
        errno == ENOSYS)
        return 0;

    return virLXCSetSystemError(error, errno,
                                _("cannot create a session keyring"));
}
