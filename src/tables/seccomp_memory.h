/*
 * seccomp_memory.h: calls that take their arguments from memory
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Their only argument points to all others, where a filter cannot look.
 */

#pragma once

#include "seccomp_table.h"

/**
 * virLXCSeccompArgumentsInMemory:
 * @arch: an ABI
 * @name: name of a call that is not a multiplexer
 *
 * Returns whether the call does so on that ABI, according to the kernel's
 * tables (arch/.../syscall.tbl: old_mmap, old_select and the like).
 */
bool
virLXCSeccompArgumentsInMemory(const virLXCSeccompArch *arch, const char *name);
