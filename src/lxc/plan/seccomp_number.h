/*
 * seccomp_number.h: look up the numbers of system calls
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "seccomp_table.h"

/**
 * virLXCSyscallNumber:
 * @name: name of a call
 * @arch: an ABI
 *
 * Looks up the call in libseccomp and, if it is newer than the library, in
 * virLXCSyscallTable().
 *
 * Returns the number as a filter sees it, including the x32 bit, or -1 if @arch
 * does not have the call or has it only through a multiplexer.
 */
int virLXCSyscallNumber(const char *name, const virLXCSeccompArch *arch);
