/*
 * seccomp_number.h: the numbers of system calls
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
 * Asks libseccomp, and for calls newer than it the table of src/conf.
 *
 * Returns the number as a filter sees it (with the bit of x32), or -1 when
 * @arch has no such call of its own.
 */
int virLXCSyscallNumber(const char *name, const virLXCSeccompArch *arch);
