/*
 * seccomp_shorthand_plan.h: <socket> and <namespace> as rules
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "seccomp_ruleset.h"

/**
 * virLXCSeccompAddShorthand:
 * @def: the definition
 * @native: architecture of the host
 * @profile: virLXCSeccompRule, the rules that are tried after those of @def
 * @fallback: what a call gets that no rule decides
 * @rules: rules are appended to its own, which come first
 *
 * Appends the rules that <socket> and <namespace> of @def stand for. Where
 * several of them are about one call, the most restrictive action counts; what
 * none of them names is left to @profile and @fallback, so that an element that
 * permits something permits nothing that comes with it. Calls that do the same
 * where a filter cannot look, clone3(2) and io_uring_setup(2), get ENOSYS
 * unless
 * @rules name them.
 */
void virLXCSeccompAddShorthand(const virLXCSeccompDef *def,
                               const virLXCSeccompArch *native,
                               const GPtrArray *profile,
                               const virLXCSeccompAction *fallback,
                               GPtrArray *rules);
