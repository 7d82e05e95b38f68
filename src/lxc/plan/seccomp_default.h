/*
 * seccomp_default.h: the built-in seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Calls are grouped by purpose and condition. The profile is modelled on the
 * default profile of podman in the package golang-github-containers-common.
 * docs/lxc-seccomp-default.rst lists and justifies all differences, and a test
 * compares both profiles.
 */

#pragma once

#include "seccomp_ruleset.h"

/**
 * virLXCSeccompDefaultAddRules:
 * @ruleset: the ruleset to which rules are appended
 * @context: properties of the host and the domain
 *
 * Appends the rules that apply to @context. All other calls are denied
 * deliberately: the profile covers every call up to the kernel version for
 * which the table of system calls is complete.
 */
void virLXCSeccompDefaultAddRules(virLXCSeccompRuleset *ruleset,
                                  const virLXCSeccompContext *context);
