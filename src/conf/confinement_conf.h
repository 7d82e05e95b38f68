/*
 * confinement_conf.h: all confinement elements of <features> as one definition
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the <features> element of a domain. Out: a virLXCConfinementDef, and from
 * it the same XML again. No system call is made here.
 */

#pragma once

#include "confinement_module.h"

/**
 * virLXCConfinementDefParse:
 * @domain: the <domain> element
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML or, for a contradiction,
 *     VIR_LXC_CONFINEMENT_ERROR_INVALID, naming element, value and line
 *
 * Reads our elements in <features> and leaves others alone. Each may be given
 * once, and nowhere else. In a document whose root is <domstatus>, libvirt's
 * own record of a running domain, <effective> is read; in any other it is
 * ignored.
 *
 * Returns a definition that the caller frees, or NULL on error.
 */
virLXCConfinementDef *
virLXCConfinementDefParse(struct _xmlNode *domain, GError **error);

/**
 * virLXCConfinementDefComplete:
 * @def: the definition, untouched on failure; NULL is one that says nothing
 * @hostLandlockABI: Landlock ABI of the host, 0 when it has none
 * @error: as for virLXCLandlockDefComplete()
 *
 * Fills in what was left out and must never change again, when the domain is
 * defined: the ABI of <landlock>, and <no-new-privs state='on'> beside it; the
 * kernel of <seccomp>. What is filled in already stays as it is.
 *
 * Returns 0 or -1.
 */
int virLXCConfinementDefComplete(virLXCConfinementDef *def,
                                 unsigned int hostLandlockABI, GError **error);

/**
 * virLXCConfinementDefWarnings:
 * @def: the definition; NULL is one that says nothing
 * @init: path of the domain's init, or NULL
 * @hasIdmap: whether the domain has <idmap>
 *
 * Returns sentences about what is allowed, and hardly meant; a NULL-terminated
 * list that the caller frees with g_strfreev().
 */
char **virLXCConfinementDefWarnings(const virLXCConfinementDef *def,
                                    const char *init, bool hasIdmap);

/**
 * virLXCConfinementDefFormat:
 * @def: the definition; NULL is one that says nothing
 * @indent: spaces before each element
 *
 * Returns XML that virLXCConfinementDefParse() reads back as the same
 * definition, each element ending in a newline; the empty string when there is
 * nothing to say. The caller frees it.
 */
char *virLXCConfinementDefFormat(const virLXCConfinementDef *def,
                                 unsigned int indent);

/**
 * virLXCConfinementDefCheckABIStability:
 * @src: the definition of a domain; NULL is one that says nothing
 * @dst: the one that is to take its place
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID, quoting the first line that
 *     differs
 *
 * Compares what virLXCConfinementDefFormat() writes of what was asked for: what
 * is in effect on a host does not count, but the order of elements does, as it
 * does for libvirt's devices. <no-new-privs> that is left out counts as what it
 * is filled in with.
 *
 * Returns 0 when both ask for the same, else -1.
 */
int virLXCConfinementDefCheckABIStability(const virLXCConfinementDef *src,
                                          const virLXCConfinementDef *dst,
                                          GError **error);

/**
 * virLXCConfinementDefFree:
 * @def: a definition, or NULL
 */
void virLXCConfinementDefFree(virLXCConfinementDef *def);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCConfinementDef, virLXCConfinementDefFree)
