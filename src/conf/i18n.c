/*
 * i18n.c: translates messages
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: all of them. In: a message in English. Out: one in the language that
 * the host program has chosen with setlocale(3).
 */

#include "i18n.h"

#include <libintl.h>

const char *
virLXCConfinementGettext(const char *msgid)
{
    static gsize bound;

    if (g_once_init_enter(&bound)) {
        bindtextdomain(GETTEXT_PACKAGE, LOCALEDIR);
        bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
        g_once_init_leave(&bound, 1);
    }

    return dgettext(GETTEXT_PACKAGE, msgid);
}
