/*
 * confinement_place.h: where confinement elements may appear in a domain's XML
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * libvirt ignores elements that it does not expect. One of ours in the wrong
 * place must not result in an unconfined domain.
 */

#pragma once

#include <libxml/tree.h>

#include "error.h"

/**
 * virLXCConfinementFindFeatures:
 * @domain: the <domain> element
 * @features: filled with the <features> to be read, or NULL
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML when @domain or a <features> in
 *     it is in a namespace, or when one of our elements is anywhere else in
 *     @domain, except in <metadata>, where anything may be, or could come from
 *     an entity there
 *
 * Returns 0 or -1.
 */
int virLXCConfinementFindFeatures(xmlNode *domain, xmlNode **features,
                                  GError **error);
