/*
 * sealed_exec.h: run a program from a sealed copy of itself
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The executable of a process that enters a container is accessible to the
 * container as /proc/self/exe. For example, a script whose interpreter is
 * /proc/self/exe can open it, change its mode, and write to it as soon as it is
 * no longer being executed (CVE-2019-5736 in runc). The executable of such a
 * process must not be a file of the host.
 */

#pragma once

#include <glib.h>

/**
 * virLXCSealedExec:
 * @argv: the arguments of main(), NULL-terminated
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Executes a copy of the calling program from a memfd that is sealed against
 * writing (memfd_create(2), F_SEAL_WRITE in fcntl(2)), with the same arguments
 * and environment. Must be called first in main(), before threads are created.
 * In the copy, this is a no-op, except that it restores the name of the
 * process.
 *
 * Returns 0 in the copy, or -1 on failure.
 */
int virLXCSealedExec(char *const *argv, GError **error);

/**
 * virLXCSealedExecIsSealed:
 *
 * Returns whether the executable of the calling process is sealed against
 * writing.
 */
gboolean virLXCSealedExecIsSealed(void);
