/*
 * profile_check.h: whether the administrator's profiles are valid
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "host_check.h"

/**
 * virLXCProfileCheckNew:
 * @host: the host
 * @name: name of a seccomp profile
 * @text: its text, or NULL if it cannot be read
 * @cause: why it cannot be read, or NULL
 *
 * Returns the check of the profile, which the caller frees with
 * virLXCHostCheckFree(). Its hint is the error that domains with this profile
 * get.
 */
virLXCHostCheck *virLXCProfileCheckNew(const virLXCHost *host, const char *name,
                                       const char *text, const GError *cause);
