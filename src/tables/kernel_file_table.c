/*
 * kernel_file_table.c: files of the kernel that policies restrict
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: all of them. In: nothing, or a path. Out: the rows, and what kind of
 * path it is.
 */

#include "kernel_file_table.h"

#include <string.h>

#define MASKED .access = VIR_LXC_KERNEL_FILE_MASKED
#define READONLY .access = VIR_LXC_KERNEL_FILE_READONLY

static const virLXCKernelFileRow lxcKernelFiles[] = {
    {
        .path = "/proc/acpi",
        MASKED,
        .origin = "OCI runtimes, systemd",
        .reason =
            "Describes the hardware; writing to wakeup sets which devices "
            "wake the host.",
    },
    {
        .path = "/proc/allocinfo",
        MASKED,
        .reason = "Shows the memory allocations of the kernel.",
    },
    {
        .path = "/proc/apm",
        READONLY,
        .origin = "systemd",
        .reason = "Obsolete interface to power management.",
    },
    {
        .path = "/proc/asound",
        MASKED,
        .origin = "OCI runtimes, systemd",
        .reason = "Describes the sound hardware and has files that configure "
                  "it.",
    },
    {
        .path = "/proc/bus",
        READONLY,
        .origin = "OCI runtimes, systemd",
        .reason = "Writing to pci changes the configuration space of PCI "
                  "devices.",
    },
    {
        .path = "/proc/cio_ignore",
        READONLY,
        .reason = "Sets which devices the kernel ignores (s390).",
    },
    {
        .path = "/proc/cpu",
        READONLY,
        .reason = "Sets how the kernel handles unaligned memory accesses (ARM, "
                  "SuperH).",
    },
    {
        .path = "/proc/driver",
        READONLY,
        .reason = "Some drivers have files here that configure them.",
    },
    {
        .path = "/proc/dynamic_debug",
        MASKED,
        .reason = "Turns debug messages of the kernel on and off.",
    },
    {
        .path = "/proc/fs",
        READONLY,
        .origin = "OCI runtimes, systemd",
        .reason = "Configures file systems and servers such as nfsd.",
    },
    {
        .path = "/proc/interrupts",
        MASKED,
        .origin = "docker, podman",
        .reason = "Interrupt counts are a side channel, for example on "
                  "keystrokes.",
    },
    {
        .path = "/proc/irq",
        READONLY,
        .origin = "OCI runtimes, systemd",
        .reason = "Sets which CPUs handle the host's interrupts.",
    },
    {
        .path = "/proc/kallsyms",
        MASKED,
        .origin = "systemd",
        .reason = "Addresses of kernel symbols help to exploit the kernel.",
    },
    {
        .path = "/proc/kcore",
        MASKED,
        .origin = "OCI runtimes, systemd",
        .reason = "The memory of the host.",
    },
    {
        .path = "/proc/keys",
        MASKED,
        .origin = "OCI runtimes",
        .reason = "Keys of the kernel do not belong to a container.",
    },
    {
        .path = "/proc/kmsg",
        MASKED,
        .origin = "systemd",
        .reason = "The log of the host's kernel; reading it removes messages.",
    },
    {
        .path = "/proc/kpagecgroup",
        MASKED,
        .reason = "Shows which control group uses each page of memory.",
    },
    {
        .path = "/proc/kpagecount",
        MASKED,
        .reason = "Shows how often each page of memory is mapped.",
    },
    {
        .path = "/proc/kpageflags",
        MASKED,
        .reason = "Shows what each page of memory is used for.",
    },
    {
        .path = "/proc/latency_stats",
        MASKED,
        .origin = "OCI runtimes, systemd",
        .reason = "Shows where processes of the host wait; writing clears it.",
    },
    {
        .path = "/proc/lparcfg",
        READONLY,
        .reason = "Configures the logical partition (POWER).",
    },
    {
        .path = "/proc/mtrr",
        READONLY,
        .origin = "systemd",
        .reason = "Sets how the CPUs cache physical memory.",
    },
    {
        .path = "/proc/pagetypeinfo",
        MASKED,
        .reason = "The state of the page allocator helps to exploit the "
                  "kernel.",
    },
    {
        .path = "/proc/powerpc",
        READONLY,
        .reason = "Configures the firmware and changes the device tree "
                  "(POWER).",
    },
    {
        .path = "/proc/pressure",
        READONLY,
        .reason = "Each trigger that is written makes the host's kernel "
                  "monitor it.",
    },
    {
        .path = "/proc/profile",
        MASKED,
        .reason = "The profile of the host's kernel; writing clears it.",
    },
    {
        .path = "/proc/sched_debug",
        MASKED,
        .origin = "OCI runtimes",
        .reason = "Shows the processes of the host.",
    },
    {
        .path = "/proc/scsi",
        MASKED,
        .origin = "OCI runtimes, systemd",
        .reason = "Writing to scsi adds and removes disks of the host.",
    },
    {
        .path = "/proc/slabinfo",
        MASKED,
        .reason = "The state of the slab allocator helps to exploit the "
                  "kernel.",
    },
    {
        .path = "/proc/sys",
        READONLY,
        .byDriver = true,
        .origin = "OCI runtimes, systemd",
        .reason = "Most settings of sysctl(8) affect the whole host.",
    },
    {
        .path = "/proc/sys/net/ipv4",
        READONLY,
        .unlessKept = "net_admin",
        .origin = "OCI runtimes, systemd",
        .reason = "LXC containers with a network namespace can write here even "
                  "without capabilities.",
    },
    {
        .path = "/proc/sys/net/ipv6",
        READONLY,
        .unlessKept = "net_admin",
        .origin = "OCI runtimes, systemd",
        .reason = "As /proc/sys/net/ipv4.",
    },
    {
        .path = "/proc/sysrq-trigger",
        READONLY,
        .origin = "OCI runtimes, systemd",
        .reason = "Writing reboots or crashes the host, or kills its "
                  "processes.",
    },
    {
        .path = "/proc/timer_list",
        MASKED,
        .origin = "OCI runtimes",
        .reason = "Shows timers of all processes and addresses of the kernel.",
    },
    {
        .path = "/proc/timer_stats",
        MASKED,
        .origin = "OCI runtimes, systemd",
        .reason = "Shows which processes of the host use timers; writing "
                  "starts the collection.",
    },
    {
        .path = "/proc/vmallocinfo",
        MASKED,
        .reason = "Addresses of kernel memory help to exploit the kernel.",
    },
    {
        .path = "/proc/vmcore",
        MASKED,
        .reason = "The memory of a kernel that has crashed.",
    },
    {
        .path = "/proc/xen",
        MASKED,
        .reason = "Calls the hypervisor.",
    },
    {
        .path = "/sys/dev/block",
        MASKED,
        .origin = "podman",
        .reason = "Shows the disks of the host.",
    },
    {
        .path = "/sys/devices/system/cpu/cpu*/thermal_throttle",
        MASKED,
        .origin = "docker, podman",
        .reason = "Counts of thermal events are a side channel.",
    },
    {
        .path = "/sys/devices/virtual/powercap",
        MASKED,
        .origin = "docker, podman",
        .reason = "Energy counters are a side channel, for example on "
                  "cryptographic keys (CVE-2020-8694).",
    },
    {
        .path = "/sys/devices/virtual/tpm",
        MASKED,
        .origin = "runc",
        .reason = "Shows the Trusted Platform Module of the host.",
    },
    {
        .path = "/sys/firmware",
        MASKED,
        .origin = "OCI runtimes",
        .reason = "Tables and variables of the firmware, which can hold keys.",
    },
    {
        .path = "/sys/fs/selinux",
        MASKED,
        .origin = "podman",
        .reason = "The SELinux policy of the host.",
    },
    {
        .path = "/sys/kernel/security",
        MASKED,
        .reason = "Security modules of the host, and what they have measured.",
    },
};

static const char *const lxcKernelFileAccessNames[] = {
    [VIR_LXC_KERNEL_FILE_MASKED] = "masked",
    [VIR_LXC_KERNEL_FILE_READONLY] = "readonly",
    [VIR_LXC_KERNEL_FILE_WRITABLE] = "writable",
    NULL,
};

/* In /proc: links to files of a process, and what libvirt mounts. */
static const char *const lxcKernelFileReserved[] = {
    "self", "thread-self", "mounts", "net", "meminfo", NULL,
};

const virLXCKernelFileRow *
virLXCKernelFileTable(size_t *nrows)
{
    *nrows = G_N_ELEMENTS(lxcKernelFiles);
    return lxcKernelFiles;
}

const char *const *
virLXCKernelFileAccessNames(void)
{
    return lxcKernelFileAccessNames;
}

bool
virLXCKernelFilePathIsValid(const char *path)
{
    g_auto(GStrv) components = g_strsplit(path, "/", -1);
    size_t i;

    if (path[0] != '/' || (!g_str_equal(components[1], "proc") &&
                           !g_str_equal(components[1], "sys")))
        return false;

    for (i = 2; components[i]; i++) {
        if (components[i][0] == '\0' || g_str_equal(components[i], ".") ||
            g_str_equal(components[i], ".."))
            return false;
    }

    return i > 2;
}

bool
virLXCKernelFilePathIsReserved(const char *path)
{
    g_auto(GStrv) components = g_strsplit(path, "/", -1);
    const char *name = components[2];

    if (!g_str_equal(components[1], "proc"))
        return false;

    return g_strv_contains(lxcKernelFileReserved, name) ||
           strspn(name, "0123456789") == strlen(name);
}

const char *
virLXCKernelFilePathFindAbove(GHashTable *paths, const char *path)
{
    g_autofree char *above = g_strdup(path);
    gpointer found = NULL;
    char *slash = NULL;

    while (!found && (slash = strrchr(above, '/')) && slash > above) {
        *slash = '\0';
        g_hash_table_lookup_extended(paths, above, &found, NULL);
    }

    return found;
}
