/*
 * landlock_allow.h: the attribute 'allow' of <path> and <port>
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For the parser of <landlock> only.
 */

#pragma once

#include <libxml/tree.h>

#include "landlock_table.h"

/**
 * virLXCLandlockAllow: the value of such an attribute.
 *
 * @words: its words, separated by single spaces
 * @rights: bits of the rights that they stand for
 * @exact: those of @rights that were listed by their own names
 */
typedef struct {
    char *words;
    guint64 rights;
    guint64 exact;
} virLXCLandlockAllow;

/**
 * virLXCLandlockAllowParse:
 * @node: an element that must have the attribute
 * @kind: the kind of its rights
 * @protocol: kind NET: the protocol that they are for
 * @allow: filled on success, untouched on failure; the caller clears it
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML when the attribute is missing or
 *     empty, or a word is repeated, unknown, or does not apply to @kind and
 *     @protocol
 *
 * Returns 0 or -1.
 */
int virLXCLandlockAllowParse(const xmlNode *node, virLXCLandlockKind kind,
                             virLXCLandlockProtocol protocol,
                             virLXCLandlockAllow *allow, GError **error);

/**
 * virLXCLandlockAllowClear:
 * @allow: a filled or all-zero structure
 */
void virLXCLandlockAllowClear(virLXCLandlockAllow *allow);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(virLXCLandlockAllow, virLXCLandlockAllowClear)
