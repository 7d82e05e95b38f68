/*
 * policy_verb.h: what the verbs of virt-lxc-policy are made of
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The members of virLXCPolicyVerb, which policy.h documents. Each is defined in
 * the file of its verb.
 */

#pragma once

#include "policy.h"

extern const GOptionEntry virLXCPolicyCheckOptions[];
int virLXCPolicyCheck(virLXCPolicy *policy, char **arguments,
                      virLXCPolicyStatus *status, GError **error);

extern const GOptionEntry virLXCPolicyCompareOptions[];
int virLXCPolicyCompare(virLXCPolicy *policy, char **arguments,
                        virLXCPolicyStatus *status, GError **error);
int virLXCPolicyGroups(virLXCPolicy *policy, char **arguments,
                       virLXCPolicyStatus *status, GError **error);

extern const GOptionEntry virLXCPolicyImportOptions[];
int virLXCPolicyImport(virLXCPolicy *policy, char **arguments,
                       virLXCPolicyStatus *status, GError **error);

extern const GOptionEntry virLXCPolicyScoreOptions[];
int virLXCPolicyScore(virLXCPolicy *policy, char **arguments,
                      virLXCPolicyStatus *status, GError **error);

extern const GOptionEntry virLXCPolicyShowOptions[];
int virLXCPolicyShow(virLXCPolicy *policy, char **arguments,
                     virLXCPolicyStatus *status, GError **error);
