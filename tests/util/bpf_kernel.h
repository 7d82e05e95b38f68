/*
 * bpf_kernel.h: programs of seccomp filters in the running kernel
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What tests of the interpreter compare it with. Everything happens in a child
 * that ends.
 */

#pragma once

#include "bpf.h"

/**
 * testBPFKernelError:
 * @program: instructions
 * @length: how many
 *
 * Returns 0 when the kernel takes the program as a filter, else the errno with
 * which it refuses.
 */
int testBPFKernelError(const struct sock_filter *program, size_t length);

/**
 * testBPFKernelCanCall:
 * @audit: AUDIT_ARCH_… of an ABI
 *
 * Returns whether calls of that ABI can be made here.
 */
bool testBPFKernelCanCall(guint32 audit);

/**
 * testBPFKernelErrors:
 * @program: a program that refuses all of @calls with an errno
 * @length: how many instructions it has
 * @calls: calls of ABIs that testBPFKernelCanCall(); pointers do not matter
 * @ncalls: how many
 *
 * Makes the calls under that filter.
 *
 * Returns the errno of each, G_MAXUINT of those that were not made because an
 * earlier one ended the process. The caller frees it.
 */
guint *testBPFKernelErrors(const struct sock_filter *program, size_t length,
                           const testBPFCall *calls, size_t ncalls);

/**
 * testBPFKernelRun:
 * @program: a program that testBPFCheck() has nothing against and that returns
 *     constants only
 * @length: how many instructions it has
 * @calls: as above
 * @ncalls: how many
 *
 * Has the kernel run the program on calls. What it returns is replaced, so that
 * no call is ever executed.
 *
 * Returns what the program returned for each call, SECCOMP_RET_…. The caller
 * frees it.
 */
guint32 *testBPFKernelRun(const struct sock_filter *program, size_t length,
                          const testBPFCall *calls, size_t ncalls);
