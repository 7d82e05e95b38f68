/*
 * i18n.h: marks and translates messages
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

/**
 * virLXCConfinementGettext:
 * @msgid: a message in English
 *
 * Looks @msgid up in the catalogue of this project; the first call binds the
 * catalogue's directory, so that it works inside any host program.
 *
 * Returns the translation, or @msgid. Never to be freed.
 */
const char *virLXCConfinementGettext(const char *msgid) G_GNUC_FORMAT(1);

/**
 * virLXCConfinementLeaveLocale:
 *
 * Makes the process use the C locale in UTF-8, for good, and loads what this
 * needs. Call it before the process can see a container's files: from then on
 * neither strerror(3) nor gettext(3) opens a message catalogue, and no text is
 * converted, for which the C library would load a gconv module
 * (setlocale(3), iconv(1)).
 *
 * Returns 0, or -1 when the host does not have the locale.
 */
int virLXCConfinementLeaveLocale(void);

#define _(msgid) virLXCConfinementGettext(msgid)
#define N_(msgid) msgid
