/*
 * locale_leave.c: a locale that needs no file
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "locale_leave.h"

#include <glib.h>
#include <locale.h>

/* LC_MESSAGES must be C itself: for any other name, C.UTF-8 included,
 * gettext(3) looks for a catalogue. */
int
virLXCLocaleLeave(void)
{
    const char *charset = NULL;

    if (!setlocale(LC_ALL, "C") || !setlocale(LC_CTYPE, "C.UTF-8"))
        return -1;

    /* GLib looks at charset.alias once. It must not convert anything. */
    return g_get_charset(&charset) ? 0 : -1;
}
