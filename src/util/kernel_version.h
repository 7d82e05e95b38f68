/*
 * kernel_version.h: the version of a kernel
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * virLXCKernelVersion: a release of Linux, such as 6.18. Since 3.0, releases
 * that differ only after these two numbers have the same system calls. All
 * releases of 2.6 count as one, although theirs differ.
 */
typedef struct {
    unsigned int major;
    unsigned int minor;
} virLXCKernelVersion;

/**
 * virLXCKernelVersionCompare:
 * @a: a version
 * @b: a version
 *
 * Returns a number less than, equal to or greater than 0 when @a is older than,
 * the same as or newer than @b.
 */
int virLXCKernelVersionCompare(virLXCKernelVersion a, virLXCKernelVersion b);

/**
 * virLXCKernelVersionFromString:
 * @text: two decimal numbers up to 255 with a period between them
 * @version: filled on success, untouched on failure
 *
 * Each version has exactly one spelling: spaces, signs, leading zeros, a third
 * number and trailing text are rejected.
 *
 * Returns whether @text is a version.
 */
bool
virLXCKernelVersionFromString(const char *text, virLXCKernelVersion *version);
