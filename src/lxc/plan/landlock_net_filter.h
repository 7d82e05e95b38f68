/*
 * landlock_net_filter.h: system calls that bypass <net> of <landlock>
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "landlock_plan.h"
#include "seccomp_ruleset.h"

/**
 * virLXCLandlockNetFilterFor:
 * @handled: bits of the restricted rights of kind NET
 * @native: architecture of the host, or NULL if it is not known
 *
 * Returns whether the filter must contain the rules of
 * virLXCLandlockNetAddRules(): whenever TCP is restricted, except on s390x and
 * s390. Programs there create all sockets through socketcall(2), where a filter
 * cannot inspect arguments, so that they could not use sockets at all.
 */
virLXCLandlockNetFilter
virLXCLandlockNetFilterFor(guint64 handled, const virLXCSeccompArch *native);

/**
 * virLXCLandlockNetAddRules:
 * @rules: array of virLXCSeccompRule
 *
 * Inserts rules before all others that deny ways of using TCP that Landlock
 * does not check: sockets of the protocols MPTCP and SMC, which also connect to
 * and are reached by plain TCP (landlock-lsm/linux issue 54), and connecting
 * with MSG_FASTOPEN (issue 41). io_uring, which offers the same operations but
 * is not subject to filters, gets ENOSYS. No released kernel checks any of them
 * in Landlock, so the rules do not depend on the ABI.
 */
void virLXCLandlockNetAddRules(GPtrArray *rules);
