/*
 * no_new_privs_conf.h: <no-new-privs> as a definition
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <stdbool.h>

#include "error.h"

struct _xmlNode;

/**
 * virLXCSwitch: a setting that is on, off or omitted.
 */
typedef enum {
    VIR_LXC_SWITCH_ABSENT,
    VIR_LXC_SWITCH_ON,
    VIR_LXC_SWITCH_OFF,
} virLXCSwitch;

/**
 * virLXCNoNewPrivsParse:
 * @state: filled on success, untouched on failure
 * @effective: likewise, with what is in effect; absent unless @live
 * @node: the <no-new-privs> element
 * @live: as for virLXCCapabilitiesDefParse()
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML, naming element, value and line
 *
 * Returns 0 or -1.
 */
int virLXCNoNewPrivsParse(virLXCSwitch *state, virLXCSwitch *effective,
                          struct _xmlNode *node, bool live, GError **error);

/**
 * virLXCNoNewPrivsFormat:
 * @state: the requested state; nothing is appended if it is omitted
 * @effective: what is in effect in a running domain, or absent
 * @out: text is appended here
 * @indent: spaces before the element
 */
void virLXCNoNewPrivsFormat(virLXCSwitch state, virLXCSwitch effective,
                            GString *out, unsigned int indent);

/**
 * virLXCSwitchName:
 * @value: a switch
 *
 * Returns "on" or "off"; an omitted setting counts as off. Static, never to be
 * freed.
 */
const char *virLXCSwitchName(virLXCSwitch value);
