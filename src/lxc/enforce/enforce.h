/*
 * enforce.h: enforce a plan on the calling process
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <sys/types.h>

#include "prepare.h"

/**
 * virLXCCredentials: user and groups of init.
 *
 * @uid: user ID, or (uid_t)-1 to keep the caller's
 * @gid: group ID, or (gid_t)-1 to keep the caller's groups
 * @groups: supplementary groups, which are set if @gid is
 * @ngroups: number of @groups
 */
typedef struct {
    uid_t uid;
    gid_t gid;
    const gid_t *groups;
    size_t ngroups;
} virLXCCredentials;

/**
 * virLXCPreparedEnforce:
 * @prepared: a prepared plan
 * @credentials: user and groups of init
 * @init: absolute path of the program that is executed next
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM, or as documented for
 *     virLXCLandlockMakeRuleset()
 *
 * Confines the calling process, which must be single-threaded, hold all
 * capabilities and call execve(2) next. Until then, it keeps its permitted and
 * effective capabilities. execve(2) reduces them to those of the plan
 * (capabilities(7), "Transformation of capabilities during execve()"). On
 * failure, the process is partially confined and must exit.
 *
 * Returns 0 or -1.
 */
int virLXCPreparedEnforce(const virLXCPrepared *prepared,
                          const virLXCCredentials *credentials,
                          const char *init, GError **error);
