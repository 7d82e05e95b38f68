/*
 * seccomp_group.h: <syscall group='…'>
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For the files of <seccomp> in this directory only.
 */

#pragma once

#include "seccomp_conf.h"

/**
 * virLXCSeccompGroupParse:
 * @def: the definition, to which the element is added
 * @node: a <syscall> element with the attribute group
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML, also if the group is listed
 *     already
 *
 * Returns 0 or -1.
 */
int virLXCSeccompGroupParse(virLXCSeccompDef *def, const struct _xmlNode *node,
                            GError **error);

/**
 * virLXCSeccompGroupCheck:
 * @def: the definition, complete
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID if a <syscall> with
 *     conditions or a <socket> permits a part of what a group permits anyway,
 *     since its author expects the rest to be denied
 *
 * Returns 0 or -1.
 */
int virLXCSeccompGroupCheck(const virLXCSeccompDef *def, GError **error);

/**
 * virLXCSeccompGroupNotifies:
 * @def: the definition
 * @line: filled with the line of the first one, if there is one
 *
 * Returns a group with the action notify as text, which the caller frees, or
 * NULL if there is none.
 */
char *virLXCSeccompGroupNotifies(const virLXCSeccompDef *def, int *line);
