/*
 * number.c: numbers in text
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: all of them. In: text. Out: a number.
 */

#include "number.h"

#include <string.h>

#define LXC_HEX_DIGITS_MAX 16

static bool
lxcNumberFromHex(const char *text, guint64 *number)
{
    size_t digits = strspn(text, "0123456789abcdefABCDEF");

    if (digits == 0 || digits > LXC_HEX_DIGITS_MAX || text[digits] != '\0')
        return false;

    *number = g_ascii_strtoull(text, NULL, 16);
    return true;
}

static bool
lxcNumberFromDecimal(const char *text, guint64 *number)
{
    guint64 n = 0;
    const char *p;

    if (text[0] == '\0' || (text[0] == '0' && text[1] != '\0'))
        return false;

    for (p = text; *p; p++) {
        if (!g_ascii_isdigit(*p) || !g_uint64_checked_mul(&n, n, 10) ||
            !g_uint64_checked_add(&n, n, g_ascii_digit_value(*p)))
            return false;
    }

    *number = n;
    return true;
}

bool
virLXCNumberFromString(const char *text, unsigned int max, unsigned int *number)
{
    guint64 n = 0;

    if (!lxcNumberFromDecimal(text, &n) || n > max)
        return false;

    *number = n;
    return true;
}

bool
virLXCNumber64FromString(const char *text, guint64 *number)
{
    return g_str_has_prefix(text, "0x")
               ? lxcNumberFromHex(text + strlen("0x"), number)
               : lxcNumberFromDecimal(text, number);
}
