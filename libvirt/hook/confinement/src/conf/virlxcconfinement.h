/*
 * virlxcconfinement.h: confinement of LXC domains
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Only translates between libvirt's types and errors and those of the
 * confinement libraries.
 */

#pragma once

#include "internal.h"
#include "virbuffer.h"
#include "virconftypes.h"
#include "virxml.h"

/**
 * virLXCConfinementParse:
 * @def: the domain definition, whose member confinement is filled
 * @ctxt: XPath context whose node is the <domain> element
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCConfinementParse(virDomainDef *def,
                           xmlXPathContextPtr ctxt);

/**
 * virLXCConfinementExplainInvalid:
 * @filename: file with the XML of a domain, or NULL
 * @xml: the XML, if @filename is NULL
 *
 * To be called when validation has failed. For a mistake in the confinement
 * elements, the schema's error says "Extra element features in interleave". It
 * is replaced by that of the parser, which names the element, the value and the
 * line. All other errors are left as they are.
 */
void virLXCConfinementExplainInvalid(const char *filename,
                                     const char *xml);

/**
 * virLXCConfinementIsFeature:
 * @name: name of a child of <features>
 *
 * Returns whether virLXCConfinementParse() handles the element.
 */
bool virLXCConfinementIsFeature(const xmlChar *name);

/**
 * virLXCConfinementFormat:
 * @buf: buffer to which the elements are appended
 * @def: the domain definition
 * @flags: bitwise-OR of virDomainDefFormatFlags
 */
void virLXCConfinementFormat(virBuffer *buf,
                             const virDomainDef *def,
                             unsigned int flags);

/**
 * virLXCConfinementFree:
 * @def: the domain definition, whose member confinement is freed
 */
void virLXCConfinementFree(virDomainDef *def);

/**
 * virLXCConfinementCheckABIStability:
 * @src: a domain definition
 * @dst: the domain definition that replaces @src
 *
 * Returns true if the change is not visible to the guest, or false with an
 * error reported.
 */
bool virLXCConfinementCheckABIStability(const virDomainDef *src,
                                        const virDomainDef *dst);

/**
 * virLXCConfinementValidate:
 * @def: the domain definition
 *
 * Checks that only LXC domains use confinement.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCConfinementValidate(const virDomainDef *def);

/**
 * virLXCConfinementComplete:
 * @def: the domain definition
 *
 * Fills in omitted values that depend on the host, so that they do not change
 * later.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCConfinementComplete(virDomainDef *def);

/**
 * virLXCConfinementGrantsMknod:
 * @def: the domain definition
 *
 * Returns whether <mknod state='on'/> allows creating nodes of any device.
 */
bool virLXCConfinementGrantsMknod(const virDomainDef *def);
