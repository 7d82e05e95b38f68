/*
 * printable.h: text for a terminal
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

/**
 * virLXCPrintable:
 * @text: text from a document, in any encoding
 * @keep: ASCII characters that are kept although they cannot be printed, such
 *     as "\n"
 *
 * A document must not be able to send control sequences to a terminal.
 *
 * Returns @text in UTF-8, with '?' in place of each character that cannot be
 * printed, which the caller frees.
 */
char *virLXCPrintable(const char *text, const char *keep);
