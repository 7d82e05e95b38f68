/*
 * confinement_conf.h: the confinement elements of <features> as one definition
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
 * @def: the definition, untouched on failure; NULL stands for an empty one
 * @hostLandlockABI: Landlock ABI of the host, 0 when it has none
 * @error: as for virLXCLandlockDefComplete()
 *
 * When a domain is defined, fills in the omitted values that must not change
 * later: the ABI of <landlock>, and <no-new-privs state='on'> beside it; the
 * kernel of <seccomp>; <kernel-files policy='default'> beside <landlock>,
 * <no-new-privs> and <seccomp>. Values that are already present are kept.
 *
 * Returns 0 or -1.
 */
int virLXCConfinementDefComplete(virLXCConfinementDef *def,
                                 unsigned int hostLandlockABI, GError **error);

/**
 * virLXCConfinementDefForbidsUserNamespaces:
 * @def: the definition
 *
 * Returns whether a container with a user namespace of its own must not be able
 * to create others in it, where its processes would have all capabilities
 * again: <capabilities> drops sys_admin, explicitly or by policy='deny', and
 * <seccomp> does not have a <namespace type='user'>, whose action applies
 * instead.
 */
bool virLXCConfinementDefForbidsUserNamespaces(const virLXCConfinementDef *def);

/**
 * virLXCConfinementDefWarnings:
 * @def: the definition; NULL stands for an empty one
 * @init: path of the domain's init, or NULL
 * @hasIdmap: whether the domain has <idmap>
 *
 * Returns warnings about settings that are valid but hardly intended: a
 * NULL-terminated list of sentences that the caller frees with g_strfreev().
 */
char **virLXCConfinementDefWarnings(const virLXCConfinementDef *def,
                                    const char *init, bool hasIdmap);

/**
 * virLXCConfinementDefFormat:
 * @def: the definition; NULL stands for an empty one
 * @indent: spaces before each element
 *
 * Returns XML that virLXCConfinementDefParse() reads back as the same
 * definition, each element ending in a newline; the empty string if there is
 * nothing to format. The caller frees it.
 */
char *virLXCConfinementDefFormat(const virLXCConfinementDef *def,
                                 unsigned int indent);

/**
 * virLXCConfinementDefFormatStatus:
 * @def: the definition; NULL stands for an empty one
 * @indent: spaces before each element
 *
 * As virLXCConfinementDefFormat(), but for libvirt's own status of a running
 * domain. A libvirt without this extension, which may replace this one while
 * the domain is running, can read the result unless the domain requests what
 * only this extension knows: <effective> of <capabilities> is an attribute.
 *
 * Returns the XML, which the caller frees.
 */
char *virLXCConfinementDefFormatStatus(const virLXCConfinementDef *def,
                                       unsigned int indent);

/**
 * virLXCConfinementDefCheckABIStability:
 * @src: the definition of a domain; NULL stands for an empty one
 * @dst: the definition that is to replace it
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID, quoting the first line that
 *     differs
 *
 * Compares the requested confinement as virLXCConfinementDefFormat() writes it:
 * what is in effect on a host does not count, but the order of elements does,
 * as it does for libvirt's devices. If <no-new-privs> is omitted, the value
 * that would be filled in counts.
 *
 * Returns 0 if both request the same, otherwise -1.
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
