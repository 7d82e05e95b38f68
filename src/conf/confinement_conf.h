/*
 * confinement_conf.h: all confinement elements of <features> as one definition
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the <features> element of a domain. Out: a virLXCConfinementDef, and from
 * it the same XML again. No system call is made here.
 */

#pragma once

#include "capabilities_conf.h"
#include "error.h"

/**
 * virLXCConfinementDef: what a domain's XML says of confinement. A module adds
 * its definition as a member.
 *
 * @present: whether the document had any of our elements, empty ones included
 * @capabilities: <capabilities>
 */
typedef struct _virLXCConfinementDef {
    bool present;
    virLXCCapabilitiesDef capabilities;
} virLXCConfinementDef;

/**
 * virLXCConfinementIsElement:
 * @name: the name of a child of <features>
 *
 * Returns whether the element is one of ours.
 */
bool virLXCConfinementIsElement(const char *name);

/**
 * virLXCConfinementDefParse:
 * @features: the <features> element, or NULL when the domain has none
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML, naming element, value and line
 *
 * Reads our children of @features and leaves others alone. Each may be given
 * once. In a document whose root is <domstatus>, libvirt's own record of a
 * running domain, <effective> is read; in any other it is ignored.
 *
 * Returns a definition that the caller frees, or NULL on error.
 */
virLXCConfinementDef *
virLXCConfinementDefParse(struct _xmlNode *features, GError **error);

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
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID, naming the first difference
 *
 * Compares what was asked for; what is in effect on a host does not count.
 *
 * Returns 0 when a guest could not tell them apart, else -1.
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
