/*
 * bpf.h: programs of seccomp filters without a kernel
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Classic BPF as seccomp(2) takes it: what seccomp_check_filter()
 * (kernel/seccomp.c) and bpf_check_classic() (net/core/filter.c) let pass, and
 * nothing else.
 */

#pragma once

#include <glib.h>
#include <linux/filter.h>
#include <stdbool.h>

/**
 * testBPFCall: what a filter sees of a call, struct seccomp_data.
 *
 * @number: number of the call
 * @audit: AUDIT_ARCH_… of its ABI
 * @pointer: where the call was made
 * @args: its arguments
 */
typedef struct {
    guint32 number;
    guint32 audit;
    guint64 pointer;
    guint64 args[6];
} testBPFCall;

/**
 * testBPFCheck:
 * @program: instructions
 * @length: how many
 *
 * Returns NULL when every kernel accepts the program, else why none does. The
 * caller frees it.
 */
char *testBPFCheck(const struct sock_filter *program, size_t length);

/**
 * testBPFCheckRegisters:
 * @program: instructions that testBPFCheck() has nothing against
 * @length: how many
 *
 * Finds what kernels accept, but no compiler should write: registers that are
 * used before they are set, on any path.
 *
 * Returns NULL or what is wrong. The caller frees it.
 */
char *testBPFCheckRegisters(const struct sock_filter *program, size_t length);

/**
 * testBPFUnreached:
 * @program: instructions that testBPFCheck() has nothing against
 * @length: how many
 *
 * Returns how many of them no path reaches.
 */
size_t testBPFUnreached(const struct sock_filter *program, size_t length);

/**
 * testBPFRun:
 * @program: instructions that testBPFCheck() has nothing against
 * @length: how many
 * @call: what is decided about
 * @bigEndian: byte order of the kernel
 *
 * Returns what the program does, SECCOMP_RET_….
 */
guint32 testBPFRun(const struct sock_filter *program, size_t length,
                   const testBPFCall *call, bool bigEndian);
