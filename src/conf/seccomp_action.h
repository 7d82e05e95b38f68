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
 * @errnum: what a call fails with where 'errno' is absent
 * @action: filled on success, untouched on failure
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML when 'action' is absent or none,
 *     or when 'errno' is none or beside an action that takes none
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
 * Returns its number as 'errno' has it, which the caller frees; NULL for an
 * action without one.
 */
char *virLXCSeccompActionNumberText(virLXCSeccompAction action);
