/*
 * host_check.h: what a host lacks
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "host_info.h"

/**
 * virLXCHostCheckResult: the result of a check.
 *
 * @VIR_LXC_HOST_CHECK_PASS: nothing is missing
 * @VIR_LXC_HOST_CHECK_NOTE: something is missing that few domains need
 * @VIR_LXC_HOST_CHECK_WARN: domains that use certain elements do not start, or
 *     are confined less than they could be
 * @VIR_LXC_HOST_CHECK_FAIL: no domain starts
 */
typedef enum {
    VIR_LXC_HOST_CHECK_PASS,
    VIR_LXC_HOST_CHECK_NOTE,
    VIR_LXC_HOST_CHECK_WARN,
    VIR_LXC_HOST_CHECK_FAIL,
} virLXCHostCheckResult;

/**
 * virLXCHostCheck: a check, as virt-host-validate prints it.
 *
 * @what: what is checked: the end of a sentence that begins with "Checking"
 * @result: its result
 * @hint: what is missing, and what to do about it; NULL if nothing is
 */
typedef struct {
    char *what;
    virLXCHostCheckResult result;
    char *hint;
} virLXCHostCheck;

/**
 * virLXCHostChecks:
 * @info: properties of the host
 *
 * Returns the virLXCHostCheck of everything that confinement needs, which the
 * caller unreferences. The array owns them.
 */
GPtrArray *virLXCHostChecks(const virLXCHostInfo *info);

/**
 * virLXCHostCheckFree:
 * @check: a virLXCHostCheck
 */
void virLXCHostCheckFree(gpointer check);
