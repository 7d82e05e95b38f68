/*
 * number.h: numbers in text
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each number has exactly one spelling: signs, spaces and leading zeros, which
 * GLib and C accept, are rejected.
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * virLXCNumberFromString:
 * @text: a decimal number
 * @max: the highest number to accept
 * @number: filled on success, untouched on failure
 *
 * Returns whether @text is a number from 0 to @max.
 */
bool virLXCNumberFromString(const char *text, unsigned int max,
                            unsigned int *number);

/**
 * virLXCNumber64FromString:
 * @text: a decimal number, or "0x" and 1 to 16 hexadecimal digits, which may
 *     have leading zeros
 * @number: filled on success, untouched on failure
 *
 * Returns whether @text is a number that fits into 64 bits.
 */
bool virLXCNumber64FromString(const char *text, guint64 *number);
