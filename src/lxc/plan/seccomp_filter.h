/*
 * seccomp_filter.h: compile a seccomp ruleset
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
 * @length: number of instructions, at most BPF_MAXINSNS
 * @digest: SHA-256 digest of @instructions, in hexadecimal
 */
typedef struct {
    struct sock_filter *instructions;
    size_t length;
    char *digest;
} virLXCSeccompFilter;

/**
 * virLXCSeccompFilterCompile:
 * @ruleset: the ruleset
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID if the program would be
 *     longer than BPF_MAXINSNS instructions
 *
 * The filter returns the action of the ruleset (seccomp_ruleset.h) for every
 * ABI, number and argument, with these exceptions. Rules for a call also apply
 * if it is made through socketcall(2) or ipc(2). A filter cannot inspect its
 * arguments there, so the most restrictive action of these rules is used. The
 * same holds for calls that take all their arguments from memory
 * (seccomp_memory.h). Number -1 is allowed for enabled ABIs. It is not a system
 * call: a tracer sets the number to -1 to make the kernel skip the call.
 *
 * Returns a filter, which the caller frees, or NULL.
 */
virLXCSeccompFilter *
virLXCSeccompFilterCompile(const virLXCSeccompRuleset *ruleset, GError **error);

/**
 * virLXCSeccompFilterNew:
 * @instructions: a program, which is copied
 * @length: number of instructions
 *
 * Returns a filter, which the caller frees.
 */
virLXCSeccompFilter *
virLXCSeccompFilterNew(const struct sock_filter *instructions, size_t length);

/**
 * virLXCSeccompFilterFree:
 * @filter: a filter, or NULL
 */
void virLXCSeccompFilterFree(virLXCSeccompFilter *filter);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCSeccompFilter, virLXCSeccompFilterFree)
