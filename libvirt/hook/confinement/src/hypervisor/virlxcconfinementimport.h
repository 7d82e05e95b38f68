/*
 * virlxcconfinementimport.h: native configurations as domain XML
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Only translates between libvirt's types and errors and those of the
 * confinement libraries.
 */

#pragma once

#include "internal.h"

/**
 * virLXCConfinementImport:
 * @config: a container configuration of LXC
 *
 * Converts the configuration as virt-lxc-policy(1) does. Files that it includes
 * are read only if they belong to LXC, because the client that sends the text
 * could not read them otherwise. If something has no equivalent, the error
 * lists it.
 *
 * Returns the XML of a domain, which the caller frees, or NULL with an error
 * reported.
 */
char *virLXCConfinementImport(const char *config);

/**
 * virLXCConfinementImportMention:
 * @config: a container configuration of LXC
 * @xml: the XML of the domain that it has been converted to, which is freed, or
 *     NULL with an error reported
 *
 * The client cannot read the log of the daemon.
 *
 * Returns @xml after a comment with the notes of the conversion, if there are
 * any, which the caller frees; or NULL with an error reported.
 */
char *virLXCConfinementImportMention(const char *config, char *xml);
