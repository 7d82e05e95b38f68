/*
 * seccomp_reference.h: what a seccomp ruleset means
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The ruleset applied to one call, word by word as seccomp_ruleset.h and
 * seccomp_filter.h have it. Shares nothing with the compiler but the tables of
 * names and numbers.
 */

#pragma once

#include "bpf.h"
#include "seccomp_ruleset.h"

/**
 * testSeccompReturn:
 * @action: an action
 *
 * Returns what a filter returns for it, SECCOMP_RET_….
 */
guint32 testSeccompReturn(const virLXCSeccompAction *action);

/**
 * testSeccompReturnName:
 * @verdict: what a filter has returned
 *
 * Returns it in words, such as "errno EPERM", which the caller frees.
 */
char *testSeccompReturnName(guint32 verdict);

/**
 * testSeccompReference:
 * @ruleset: the ruleset
 * @call: a call; its pointer does not matter
 *
 * Returns what the ruleset says, SECCOMP_RET_….
 */
guint32 testSeccompReference(const virLXCSeccompRuleset *ruleset,
                             const testBPFCall *call);

/**
 * testSeccompCallName:
 * @arch: an ABI
 * @number: a number, as a filter sees it
 *
 * Returns the name of the call that has this number there, or NULL. Static.
 */
const char *testSeccompCallName(const virLXCSeccompArch *arch, guint32 number);

/**
 * testSeccompSubCall:
 * @multiplexer: name of a call
 * @i: a number from 0 to 19
 * @number: filled with the number of the call, as its first argument
 *
 * Returns the name of the @i-th call that @multiplexer makes, or NULL when
 * there is none: when it is neither socketcall nor ipc, or @i is too high.
 */
const char *
testSeccompSubCall(const char *multiplexer, size_t i, guint32 *number);
