/*
 * seccomp_default.h: the driver's own seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One row a call and condition, grouped under what the calls are for. Its
 * model is the container industry's default profile, as the package
 * golang-github-containers-common has it; docs/lxc-seccomp-default.rst lists
 * and justifies every difference, and a test holds both against each other.
 */

#pragma once

#include "seccomp_ruleset.h"

/**
 * virLXCSeccompDefaultAddRules:
 * @ruleset: rules are appended to its own
 * @context: facts of the host and the domain
 *
 * Appends the rules that hold under @context. Everything else is refused
 * knowingly: the profile knows all calls up to the kernel that the table of
 * calls is complete for.
 */
void virLXCSeccompDefaultAddRules(virLXCSeccompRuleset *ruleset,
                                  const virLXCSeccompContext *context);
