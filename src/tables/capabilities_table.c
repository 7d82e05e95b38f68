/*
 * capabilities_table.c: the vocabulary of Linux capabilities
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: all of them. In: a name or a number. Out: the row.
 */

#include "capabilities_table.h"

static const virLXCCapability lxcCapabilities[] = {
    {"audit_control", 30, VIR_LXC_CAPABILITY_DROPPED},
    {"audit_read", 37, VIR_LXC_CAPABILITY_KEPT},
    {"audit_write", 29, VIR_LXC_CAPABILITY_KEPT},
    {"block_suspend", 36, VIR_LXC_CAPABILITY_KEPT},
    {"bpf", 39, VIR_LXC_CAPABILITY_KEPT},
    {"checkpoint_restore", 40, VIR_LXC_CAPABILITY_KEPT},
    {"chown", 0, VIR_LXC_CAPABILITY_KEPT},
    {"dac_override", 1, VIR_LXC_CAPABILITY_KEPT},
    {"dac_read_search", 2, VIR_LXC_CAPABILITY_KEPT},
    {"fowner", 3, VIR_LXC_CAPABILITY_KEPT},
    {"fsetid", 4, VIR_LXC_CAPABILITY_KEPT},
    {"ipc_lock", 14, VIR_LXC_CAPABILITY_KEPT},
    {"ipc_owner", 15, VIR_LXC_CAPABILITY_KEPT},
    {"kill", 5, VIR_LXC_CAPABILITY_KEPT},
    {"lease", 28, VIR_LXC_CAPABILITY_KEPT},
    {"linux_immutable", 9, VIR_LXC_CAPABILITY_KEPT},
    {"mac_admin", 33, VIR_LXC_CAPABILITY_DROPPED},
    {"mac_override", 32, VIR_LXC_CAPABILITY_KEPT},
    {"mknod", 27, VIR_LXC_CAPABILITY_DROPPED},
    {"net_admin", 12, VIR_LXC_CAPABILITY_KEPT},
    {"net_bind_service", 10, VIR_LXC_CAPABILITY_KEPT},
    {"net_broadcast", 11, VIR_LXC_CAPABILITY_KEPT},
    {"net_raw", 13, VIR_LXC_CAPABILITY_KEPT},
    {"perfmon", 38, VIR_LXC_CAPABILITY_KEPT},
    {"setgid", 6, VIR_LXC_CAPABILITY_KEPT},
    {"setfcap", 31, VIR_LXC_CAPABILITY_KEPT},
    {"setpcap", 8, VIR_LXC_CAPABILITY_KEPT},
    {"setuid", 7, VIR_LXC_CAPABILITY_KEPT},
    {"sys_admin", 21, VIR_LXC_CAPABILITY_KEPT},
    {"sys_boot", 22, VIR_LXC_CAPABILITY_DROPPED_UNLESS_REBOOT_CONTAINED},
    {"sys_chroot", 18, VIR_LXC_CAPABILITY_KEPT},
    {"sys_module", 16, VIR_LXC_CAPABILITY_DROPPED},
    {"sys_nice", 23, VIR_LXC_CAPABILITY_KEPT},
    {"sys_pacct", 20, VIR_LXC_CAPABILITY_KEPT},
    {"sys_ptrace", 19, VIR_LXC_CAPABILITY_KEPT},
    {"sys_rawio", 17, VIR_LXC_CAPABILITY_KEPT},
    {"sys_resource", 24, VIR_LXC_CAPABILITY_KEPT},
    {"sys_time", 25, VIR_LXC_CAPABILITY_DROPPED},
    {"sys_tty_config", 26, VIR_LXC_CAPABILITY_KEPT},
    {"syslog", 34, VIR_LXC_CAPABILITY_KEPT},
    {"wake_alarm", 35, VIR_LXC_CAPABILITY_KEPT},
};

const virLXCCapability *
virLXCCapabilityTable(size_t *nrows)
{
    *nrows = G_N_ELEMENTS(lxcCapabilities);
    return lxcCapabilities;
}

const virLXCCapability *
virLXCCapabilityByName(const char *name)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcCapabilities); i++) {
        if (g_str_equal(lxcCapabilities[i].name, name))
            return &lxcCapabilities[i];
    }

    return NULL;
}

const virLXCCapability *
virLXCCapabilityByNumber(unsigned int number)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcCapabilities); i++) {
        if (lxcCapabilities[i].number == number)
            return &lxcCapabilities[i];
    }

    return NULL;
}

char *
virLXCCapabilityLabel(unsigned int number)
{
    const virLXCCapability *row = virLXCCapabilityByNumber(number);

    return row ? g_strdup(row->name) : g_strdup_printf("%u", number);
}
