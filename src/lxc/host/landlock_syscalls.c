/*
 * landlock_syscalls.c: the system calls of Landlock
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: rights and descriptors. Out: the results of the kernel.
 */

#include "landlock_syscalls.h"

#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

/* struct landlock_ruleset_attr of ABI 6. The kernel accepts a larger structure
 * than its own if the bytes it does not know are zero. */
typedef struct {
    guint64 fs;
    guint64 net;
    guint64 scope;
} lxcLandlockRuleset;

/* struct landlock_net_port_attr and its rule type, from ABI 4. */
typedef struct {
    guint64 allow;
    guint64 port;
} lxcLandlockPort;

#define LXC_LANDLOCK_RULE_NET_PORT 2

#define LXC_LANDLOCK_CREATE_RULESET_ERRATA (1U << 1)

G_STATIC_ASSERT(LANDLOCK_ACCESS_FS_EXECUTE == 1 << 0);
G_STATIC_ASSERT(LANDLOCK_ACCESS_FS_REFER == 1 << 13);

int
virLXCLandlockGetABI(void)
{
    return (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
                        LANDLOCK_CREATE_RULESET_VERSION);
}

unsigned int
virLXCLandlockGetErrata(void)
{
    int errata = (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
                              LXC_LANDLOCK_CREATE_RULESET_ERRATA);

    return MAX(errata, 0);
}

int
virLXCLandlockCreateRuleset(guint64 fs, guint64 net, guint64 scope)
{
    lxcLandlockRuleset attr = {.fs = fs, .net = net, .scope = scope};

    return (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
}

int
virLXCLandlockAddPath(int ruleset, int fd, guint64 allow)
{
    struct landlock_path_beneath_attr attr = {
        .allowed_access = allow,
        .parent_fd = fd,
    };

    return (int)syscall(SYS_landlock_add_rule, ruleset,
                        LANDLOCK_RULE_PATH_BENEATH, &attr, 0);
}

int
virLXCLandlockAddPort(int ruleset, unsigned int port, guint64 allow)
{
    lxcLandlockPort attr = {.allow = allow, .port = port};

    return (int)syscall(SYS_landlock_add_rule, ruleset,
                        LXC_LANDLOCK_RULE_NET_PORT, &attr, 0);
}

int
virLXCLandlockRestrictSelf(int ruleset, guint64 flags)
{
    return (int)syscall(SYS_landlock_restrict_self, ruleset, (guint32)flags);
}
