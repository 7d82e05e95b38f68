/*
 * virlxcexeclogin.h: virt-login-shell as a client of virDomainLxcExec()
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "internal.h"

#include <sys/types.h>

typedef struct {
    uid_t uid;
    gid_t gid;
    const gid_t *groups;    /* supplementary groups */
    int ngroups;
    const char *name;
    const char *home;
    const char *term;       /* TERM, or NULL */
} virLXCExecLoginUser;

/**
 * virLXCExecLogin:
 * @domain: a running domain
 * @shell: absolute path of a shell in the container
 * @argv: its arguments; argv[0] starts with a hyphen
 * @user: a user of the host
 * @status: filled with the exit status; see virLXCExecClientRun()
 *
 * Runs a login shell in a container with the IDs that a user has on the host, and
 * with a terminal if this process has one. The environment consists of PATH, SHELL,
 * USER, LOGNAME, HOME, TERM, and the variables that describe the container.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCExecLogin(virDomainPtr domain,
                    const char *shell,
                    const char **argv,
                    const virLXCExecLoginUser *user,
                    int *status);
