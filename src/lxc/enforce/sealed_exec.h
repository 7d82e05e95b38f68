/*
 * sealed_exec.h: a program that runs from a sealed copy of itself
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A process that enters a container shows the container its executable as
 * /proc/self/exe: a script with the interpreter /proc/self/exe opens it, can
 * change its mode, and can write to it once nobody executes it (CVE-2019-5736
 * in runc). The executable of such a process must not be the host's file.
 */

#pragma once

#include <glib.h>

/**
 * virLXCSealedExec:
 * @argv: the arguments of main(), NULL-terminated
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Replaces the calling program with a copy of itself in memory that nobody can
 * write to (memfd_create(2), F_SEAL_WRITE in fcntl(2)), with the same arguments
 * and environment. To be called first thing in main(), before there are
 * threads. In the copy it does nothing.
 *
 * Returns 0 in the copy, or -1 on failure.
 */
int virLXCSealedExec(char *const *argv, GError **error);

/**
 * virLXCSealedExecIsSealed:
 *
 * Returns whether the executable of the calling process cannot be written to
 * by anybody.
 */
gboolean virLXCSealedExecIsSealed(void);
