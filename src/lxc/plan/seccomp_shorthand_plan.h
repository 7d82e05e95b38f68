/*
 * seccomp_shorthand_plan.h: convert <socket> and <namespace> to rules
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "seccomp_ruleset.h"

/**
 * virLXCSeccompAddShorthand:
 * @def: the definition
 * @native: architecture of the host
 * @profile: array of virLXCSeccompRule: the rules that are tried after those of
 *     @def
 * @fallback: action for calls to which no rule applies
 * @rules: array of virLXCSeccompRule, to which rules are appended
 *
 * Appends rules for the <socket> and <namespace> elements of @def. If several
 * elements apply to the same call, the most restrictive action is used.
 * Families and types that are not listed are left to @profile and @fallback. An
 * element that allows one type therefore does not allow others in the same
 * call. clone3(2) and io_uring_setup(2) have the same effects, but a filter
 * cannot inspect their arguments: they get ENOSYS unless @rules has a rule for
 * them.
 */
void virLXCSeccompAddShorthand(const virLXCSeccompDef *def,
                               const virLXCSeccompArch *native,
                               const GPtrArray *profile,
                               const virLXCSeccompAction *fallback,
                               GPtrArray *rules);
