/*
 * seccomp_shorthand.h: <socket> and <namespace>
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For the files of <seccomp> in this directory only.
 */

#pragma once

#include "seccomp_conf.h"

/**
 * virLXCSeccompSocketParse:
 * @opaque: a virLXCSeccompDef, to which the element is added
 * @node: the <socket> element
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML, also when the family is there
 *     already
 *
 * Returns 0 or -1.
 */
int virLXCSeccompSocketParse(void *opaque, const struct _xmlNode *node,
                             GError **error);

/**
 * virLXCSeccompNamespaceParse:
 * @opaque: a virLXCSeccompDef, to which the element is added
 * @node: the <namespace> element
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML, also when the type is there
 *     already
 *
 * Returns 0 or -1.
 */
int virLXCSeccompNamespaceParse(void *opaque, const struct _xmlNode *node,
                                GError **error);

/**
 * virLXCSeccompShorthandCheck:
 * @def: the definition, complete
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID when a <syscall> permits
 *     what a <socket> or <namespace> refuses, or the other way round: one
 *     without conditions on a call that they stand for, or one on a call that
 *     does the same where a filter cannot look (clone3, io_uring_setup)
 *
 * Returns 0 or -1.
 */
int virLXCSeccompShorthandCheck(const virLXCSeccompDef *def, GError **error);

/**
 * virLXCSeccompShorthandNotifies:
 * @def: the definition
 * @line: filled with the line of the first one, where there is one
 *
 * Returns a <socket> or <namespace> with the action notify as text, which the
 * caller frees, or NULL when there is none.
 */
char *virLXCSeccompShorthandNotifies(const virLXCSeccompDef *def, int *line);
