/*
 * import_devices.c: device ACLs
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the rules of an ACL. Out: findings.
 */

#include "import_devices.h"

#include <string.h>

#include "i18n.h"

/* The devices of every domain; whether they are harmless: they do not have any
 * data of the host, or belong to a terminal. */
static const struct {
    const char *path;
    int major;
    int minor;
    bool harmless;
} lxcDevices[] = {
    {"/dev/null", 1, 3, true},    {"/dev/zero", 1, 5, true},
    {"/dev/full", 1, 7, true},    {"/dev/random", 1, 8, true},
    {"/dev/urandom", 1, 9, true}, {"/dev/tty", 5, 0, true},
    {"/dev/ptmx", 5, 2, true},    {"/dev/fuse", 10, 229, false},
};

static bool
lxcRuleMatches(const virLXCImportDeviceRule *rule, size_t device, char access)
{
    return (rule->type == 'a' || rule->type == 'c') &&
           (rule->major < 0 || rule->major == lxcDevices[device].major) &&
           (rule->minor < 0 || rule->minor == lxcDevices[device].minor) &&
           strchr(rule->access, access);
}

/* The versions of cgroups differ in whether a rule for a device undoes an
 * earlier one: here, none does. */
static bool
lxcRulesAllow(const GArray *rules, size_t device, char access)
{
    bool allowed = true;
    bool denied = false;
    size_t i;

    for (i = 0; i < rules->len; i++) {
        const virLXCImportDeviceRule *rule =
            &g_array_index(rules, virLXCImportDeviceRule, i);

        if (rule->type == 'a') {
            allowed = rule->allow;
            denied = false;
        } else if (lxcRuleMatches(rule, device, access)) {
            allowed = allowed || rule->allow;
            denied = denied || !rule->allow;
        }
    }
    return allowed && !denied;
}

void
virLXCImportDevicesCheck(virLXCImport *import, const GArray *rules,
                         const char *file, int line, const char *name,
                         bool always)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcDevices); i++) {
        if ((always && lxcDevices[i].harmless) ||
            (lxcRulesAllow(rules, i, 'r') && lxcRulesAllow(rules, i, 'w')))
            continue;
        virLXCImportAdd(import, !lxcDevices[i].harmless, file, line, name,
                        _("the rules deny access to %1$s, which the device "
                          "ACL of every domain allows"),
                        lxcDevices[i].path);
    }
}

bool
virLXCImportDeviceIsDefault(const char *path)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcDevices); i++) {
        if (lxcDevices[i].harmless && g_str_equal(lxcDevices[i].path, path))
            return true;
    }
    return false;
}
