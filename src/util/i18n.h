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

#define _(msgid) virLXCConfinementGettext(msgid)
#define N_(msgid) msgid
