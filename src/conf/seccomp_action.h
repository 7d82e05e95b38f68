/*
 * seccomp_action.h: the attributes 'action' and 'errno'
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For the files of <seccomp> in this directory only.
 */

#pragma once

#include "seccomp_conf.h"

/**
 * virLXCSeccompActionParse:
 * @node: an element that has them
 * @errnum: the errno of a call if 'errno' is omitted
 * @action: filled on success, untouched on failure
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML if 'action' is missing or
 *     invalid, or if 'errno' is invalid or the action does not take one
 *
 * Returns 0 or -1.
 */
int virLXCSeccompActionParse(const struct _xmlNode *node, unsigned int errnum,
                             virLXCSeccompAction *action, GError **error);

/**
 * virLXCSeccompActionFormat:
 * @action: an action
 * @out: both attributes are appended here, each after a space
 */
void virLXCSeccompActionFormat(virLXCSeccompAction action, GString *out);

/**
 * virLXCSeccompActionNumberText:
 * @action: an action
 *
 * Returns its number as the text of 'errno', which the caller frees, or NULL if
 * the action has none.
 */
char *virLXCSeccompActionNumberText(virLXCSeccompAction action);
