/*
 * seccomp_filter.h: a seccomp ruleset as the kernel takes it
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <linux/filter.h>

#include "seccomp_ruleset.h"

/**
 * virLXCSeccompFilter: a BPF program.
 *
 * @instructions: the program
 * @length: how many instructions, at most BPF_MAXINSNS
 * @digest: SHA-256 of them, in hexadecimal
 */
typedef struct {
    struct sock_filter *instructions;
    size_t length;
    char *digest;
} virLXCSeccompFilter;

/**
 * virLXCSeccompFilterCompile:
 * @ruleset: the ruleset
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID when it needs more than
 *     BPF_MAXINSNS instructions
 *
 * Every answer of the filter is that of the ruleset (seccomp_ruleset.h), for
 * every ABI, number and argument. Calls that socketcall(2) and ipc(2) make are
 * decided by the rules of their own names; where these look at arguments, which
 * a filter cannot see there, the most restrictive of their answers counts. So
 * it does for calls that take all arguments from memory (seccomp_memory.h).
 * Number -1, which is not a system call on any ABI and which tracers put into
 * the place of one to be skipped, is allowed on the ABIs whose calls are looked
 * at.
 *
 * Returns a filter that the caller frees, or NULL.
 */
virLXCSeccompFilter *
virLXCSeccompFilterCompile(const virLXCSeccompRuleset *ruleset, GError **error);

/**
 * virLXCSeccompFilterNew:
 * @instructions: a program, which is copied
 * @length: how many instructions
 *
 * Returns a filter that the caller frees.
 */
virLXCSeccompFilter *
virLXCSeccompFilterNew(const struct sock_filter *instructions, size_t length);

/**
 * virLXCSeccompFilterFree:
 * @filter: a filter, or NULL
 */
void virLXCSeccompFilterFree(virLXCSeccompFilter *filter);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCSeccompFilter, virLXCSeccompFilterFree)
