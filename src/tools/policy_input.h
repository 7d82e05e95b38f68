/*
 * policy_input.h: read what the arguments of virt-lxc-policy name
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libxml/tree.h>

#include "policy.h"

/** The longest XML document, in bytes */
#define VIR_LXC_POLICY_XML_MAX ((size_t)4 * 1024 * 1024)

/**
 * virLXCPolicyFileRead:
 * @path: path of a file, or "-" for standard input
 * @max: the most bytes that it may have
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM if it cannot be read, or
 *     VIR_LXC_CONFINEMENT_ERROR_INVALID if it is too long or contains a NUL
 *
 * Returns the text, which the caller frees, or NULL.
 */
char *virLXCPolicyFileRead(const char *path, size_t max, GError **error);

/**
 * virLXCPolicyIsFile:
 * @argument: an argument
 *
 * Returns whether @argument names a file rather than a domain: it is "-",
 * contains a '/' or ends in ".xml". What exists does not matter, so that the
 * same command always means the same.
 */
bool virLXCPolicyIsFile(const char *argument);

/**
 * virLXCPolicyXMLParse:
 * @text: a document
 * @name: what messages call it
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML, naming line and column, if the
 *     document is not well-formed or declares entities, which libvirt rejects
 *
 * Returns the document, which the caller frees with xmlFreeDoc(), or NULL.
 */
xmlDoc *
virLXCPolicyXMLParse(const char *text, const char *name, GError **error);

/**
 * virLXCPolicyXMLRead:
 * @policy: the program
 * @argument: a DOMAIN or FILE
 * @error: set as for the functions above, and if there is no such domain
 *
 * Returns the document, which the caller frees with xmlFreeDoc(), or NULL.
 */
xmlDoc *virLXCPolicyXMLRead(const virLXCPolicy *policy, const char *argument,
                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlDoc, xmlFreeDoc)
