/*
 * i18n.c: translates messages
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: all of them. In: a message in English. Out: one in the language that
 * the host program has set with setlocale(3).
 */

#include "i18n.h"

#include <libintl.h>
#include <pthread.h>

static void
lxcConfinementBindCatalogue(void)
{
    bindtextdomain(GETTEXT_PACKAGE, LOCALEDIR);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
}

const char *
virLXCConfinementGettext(const char *msgid)
{
    static pthread_once_t bound = PTHREAD_ONCE_INIT;

    pthread_once(&bound, lxcConfinementBindCatalogue);

    return dgettext(GETTEXT_PACKAGE, msgid);
}
