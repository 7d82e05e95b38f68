/*
 * capabilities_conf.h: <capabilities> as a definition
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "capabilities_table.h"

/* libxml2's xmlNode, so that this header can be included without libxml2's. */
struct _xmlNode;

/**
 * virLXCCapabilitiesPolicy: what happens to unlisted capabilities.
 *
 * @VIR_LXC_CAPABILITIES_POLICY_DEFAULT: the column byDefault of the table
 * @VIR_LXC_CAPABILITIES_POLICY_ALLOW: kept
 * @VIR_LXC_CAPABILITIES_POLICY_DENY: dropped, known to this software or not
 */
typedef enum {
    VIR_LXC_CAPABILITIES_POLICY_DEFAULT,
    VIR_LXC_CAPABILITIES_POLICY_ALLOW,
    VIR_LXC_CAPABILITIES_POLICY_DENY,
} virLXCCapabilitiesPolicy;

/**
 * virLXCCapabilitiesDef: the capabilities in a domain's XML.
 *
 * All-zero is what a domain without the element has: policy='default' and
 * nothing listed.
 *
 * @policy: the policy attribute
 * @on: bits of the capabilities listed with state='on'
 * @off: bits of those listed with state='off'; never a bit of @on
 * @hasEffective: whether this is the definition of a running domain
 * @effective: what its init was given, when @hasEffective
 */
typedef struct {
    virLXCCapabilitiesPolicy policy;
    guint64 on;
    guint64 off;
    bool hasEffective;
    guint64 effective;
} virLXCCapabilitiesDef;

/**
 * virLXCCapabilitiesDefParse:
 * @def: filled on success, untouched on failure
 * @node: the <capabilities> element
 * @live: whether the document is libvirt's own status of a running domain, the
 *     only one whose <effective> is read rather than ignored, and that may have
 *     an attribute 'effective' in its place
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML, naming element, value and line
 *
 * Unknown elements, attributes and values are errors, and so is a capability
 * that is listed twice, even if once by name and once by number.
 *
 * Returns 0 or -1.
 */
int
virLXCCapabilitiesDefParse(virLXCCapabilitiesDef *def, struct _xmlNode *node,
                           bool live, GError **error);

/**
 * virLXCCapabilitiesDefFormat:
 * @def: the definition
 * @out: text is appended here
 * @indent: spaces before the element
 * @status: whether to write an attribute 'effective' instead of <effective>,
 *     which libvirt's own parser would reject
 *
 * Appends the element, ending in a newline, or nothing if the definition equals
 * that of an absent element, as libvirt has always done.
 */
void virLXCCapabilitiesDefFormat(const virLXCCapabilitiesDef *def, GString *out,
                                 unsigned int indent, bool status);

/**
 * virLXCCapabilitiesPolicyNames:
 *
 * Returns the names of all policies in XML, in the order of
 * virLXCCapabilitiesPolicy and with a NULL at the end. Static, never to be
 * freed.
 */
const char *const *virLXCCapabilitiesPolicyNames(void);
