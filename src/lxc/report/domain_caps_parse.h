/*
 * domain_caps_parse.h: a host from its domain capabilities
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "host_info.h"

struct _xmlNode;

/**
 * virLXCDomainCapsParse:
 * @root: root element of a document that virLXCDomainCapsFormat() has written
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML, naming element, value and line,
 *     if the document is not one of an LXC host or lacks something, such as
 *     those of other drivers and of libvirt without confinement
 *
 * Reads the properties of a host. Elements, lists and values that are not known
 * are ignored, since newer hosts may have more: what is not known cannot be
 * used. Landlock ABIs higher than VIR_LXC_LANDLOCK_ABI_MAX are not in such
 * documents, and capabilities above the last one of the kernel are not in its
 * bounding set.
 *
 * Returns the properties, which the caller frees, or NULL.
 */
virLXCHostInfo *virLXCDomainCapsParse(struct _xmlNode *root, GError **error);
