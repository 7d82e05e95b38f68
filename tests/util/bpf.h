/*
 * bpf.h: run seccomp filters without a kernel
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The instructions of classic BPF that real filters consist of: load a word,
 * mask it, compare it with a constant, jump, return a constant. Programs with
 * any other instruction are rejected, among them some that a kernel would
 * accept. The rules are those of seccomp_check_filter() (kernel/seccomp.c) and
 * bpf_check_classic() (net/core/filter.c).
 */

#pragma once

#include <glib.h>
#include <linux/filter.h>
#include <stdbool.h>

/**
 * testBPFCall: what a filter sees of a call (struct seccomp_data)
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
 * Returns NULL when every kernel accepts the program and the functions below
 * can handle it, otherwise what is wrong with it. The caller frees it.
 */
char *testBPFCheck(const struct sock_filter *program, size_t length);

/**
 * testBPFCheckAccumulator:
 * @program: instructions that have passed testBPFCheck()
 * @length: how many
 *
 * Finds what kernels accept but no compiler should emit: a use of the
 * accumulator before it is loaded, on any path.
 *
 * Returns NULL or what is wrong. The caller frees it.
 */
char *testBPFCheckAccumulator(const struct sock_filter *program, size_t length);

/**
 * testBPFUnreached:
 * @program: instructions that have passed testBPFCheck()
 * @length: how many
 *
 * Returns how many of them cannot be reached.
 */
size_t testBPFUnreached(const struct sock_filter *program, size_t length);

/**
 * testBPFRun:
 * @program: instructions that have passed testBPFCheck()
 * @length: how many
 * @call: the system call to filter
 * @bigEndian: byte order of the kernel
 *
 * Returns what the program does, SECCOMP_RET_….
 */
guint32 testBPFRun(const struct sock_filter *program, size_t length,
                   const testBPFCall *call, bool bigEndian);
