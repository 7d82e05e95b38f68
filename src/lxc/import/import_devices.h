/*
 * import_devices.h: device ACLs
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Internal to src/lxc/import. Domains get their ACL from their devices, and
 * always allow a few (lxc-device-acl(7)). What a policy allows in addition is
 * not converted; what it denies of those few is a finding.
 */

#pragma once

#include "import_private.h"

/**
 * virLXCImportDeviceRule: a rule of an ACL.
 *
 * @allow: whether it allows access
 * @type: 'a' for all devices, 'b' or 'c'
 * @major: major number, or -1 for all
 * @minor: minor number, or -1 for all
 * @access: letters of "rwm"
 */
typedef struct {
    bool allow;
    char type;
    int major;
    int minor;
    char access[4];
} virLXCImportDeviceRule;

/**
 * virLXCImportDevicesCheck:
 * @import: the result, for findings
 * @rules: array of virLXCImportDeviceRule, in order
 * @file: name of the document or of an included file
 * @line: line of the last rule
 * @name: key of the rules
 * @always: whether the other software also allows the devices that every
 *     container needs, whatever the rules are
 *
 * Adds findings for the devices that every domain can access, but the rules
 * deny.
 */
void virLXCImportDevicesCheck(virLXCImport *import, const GArray *rules,
                              const char *file, int line, const char *name,
                              bool always);

/**
 * virLXCImportDeviceIsDefault:
 * @path: path of a device
 *
 * Returns whether every domain has it.
 */
bool virLXCImportDeviceIsDefault(const char *path);
