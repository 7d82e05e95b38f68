/*
 * virlxcconfinement.h: confinement of LXC domains, for the rest of libvirt
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Translates between libvirt's types and errors and those of the confinement
 * libraries, and does nothing else.
 */

#pragma once

#include "internal.h"
#include "virbuffer.h"
#include "virconftypes.h"
#include "virxml.h"

/**
 * virLXCConfinementParse:
 * @def: the domain definition, whose member confinement is filled
 * @ctxt: XPath context at the domain's element
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCConfinementParse(virDomainDef *def,
                           xmlXPathContextPtr ctxt);

/**
 * virLXCConfinementIsFeature:
 * @name: name of a child of <features>
 *
 * Returns whether virLXCConfinementParse() has read it.
 */
bool virLXCConfinementIsFeature(const xmlChar *name);

/**
 * virLXCConfinementFormat:
 * @buf: buffer to which the elements are appended
 * @def: the domain definition
 */
void virLXCConfinementFormat(virBuffer *buf,
                             const virDomainDef *def);

/**
 * virLXCConfinementFree:
 * @def: the domain definition, whose member confinement is freed
 */
void virLXCConfinementFree(virDomainDef *def);

/**
 * virLXCConfinementCheckABIStability:
 * @src: a domain definition
 * @dst: the one that is to take its place
 *
 * Returns whether a guest sees no difference, else reports an error.
 */
bool virLXCConfinementCheckABIStability(const virDomainDef *src,
                                        const virDomainDef *dst);

/**
 * virLXCConfinementValidate:
 * @def: the domain definition
 *
 * Returns 0, or -1 with an error reported, as for a domain that is no LXC one
 * and asks for confinement.
 */
int virLXCConfinementValidate(const virDomainDef *def);

/**
 * virLXCConfinementComplete:
 * @def: the domain definition
 *
 * Fills in what was left out and depends on the host, so that it never changes
 * again.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCConfinementComplete(virDomainDef *def);

/**
 * virLXCConfinementSetCapabilities:
 * @def: the domain definition
 * @allow: whether capabilities that are not listed are kept
 * @names: NULL-terminated names of the others, or NULL
 *
 * Replaces the domain's <capabilities>, as in conversion from native
 * configuration.
 *
 * Returns 0, or -1 with an error reported for a name that is none.
 */
int virLXCConfinementSetCapabilities(virDomainDef *def,
                                     bool allow,
                                     char **names);

/**
 * virLXCConfinementSetNoNewPrivs:
 * @def: a domain definition whose <capabilities> have been set
 *
 * Sets <no-new-privs state='on'/>.
 */
void virLXCConfinementSetNoNewPrivs(virDomainDef *def);

/**
 * virLXCConfinementGrantsMknod:
 * @def: the domain definition
 *
 * Returns whether <mknod state='on'/> asks for nodes of any device.
 */
bool virLXCConfinementGrantsMknod(const virDomainDef *def);
