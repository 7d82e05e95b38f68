/*
 * enforce.h: a plan put into effect on the calling process
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <sys/types.h>

#include "prepare.h"

/**
 * virLXCCredentials: the user and groups that init runs as.
 *
 * @uid: user ID, or (uid_t)-1 to keep the caller's
 * @gid: group ID, or (gid_t)-1 to keep the caller's groups
 * @groups: supplementary groups, set when @gid is
 * @ngroups: how many
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
 * @credentials: the user and groups that init runs as
 * @init: the program that is executed next, an absolute path
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM, or as by
 *     virLXCLandlockMakeRuleset()
 *
 * Confines the calling process, which must be single-threaded, hold all
 * capabilities and call execve(2) next: until then it keeps permitted and
 * effective capabilities, from the exec on it has what the plan says
 * (capabilities(7), "Transformation of capabilities during execve()"). On
 * failure the process is in an undefined state between the two and must exit.
 *
 * Returns 0 or -1.
 */
int virLXCPreparedEnforce(const virLXCPrepared *prepared,
                          const virLXCCredentials *credentials,
                          const char *init, GError **error);
