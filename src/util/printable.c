/*
 * printable.c: text for a terminal
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "printable.h"

#include <stdbool.h>
#include <string.h>

char *
virLXCPrintable(const char *text, const char *keep)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new(NULL);
    const char *p;

    for (p = valid; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        bool isKept = g_unichar_isprint(c) || strchr(keep, *p);

        g_string_append_unichar(out, isKept ? c : '?');
    }

    return g_string_free(out, FALSE);
}
