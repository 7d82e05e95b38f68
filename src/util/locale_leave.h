/*
 * locale_leave.h: a locale that needs no file
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/**
 * virLXCLocaleLeave:
 *
 * Makes the process use the C locale in UTF-8, for good, and loads what this
 * needs. Call it before the process can see a container's files: from then on
 * neither strerror(3) nor gettext(3) opens a message catalogue, and no text is
 * converted, for which the C library would load a gconv module
 * (setlocale(3), iconv(1)).
 *
 * Returns 0, or -1 when the host does not have the locale.
 */
int virLXCLocaleLeave(void);
