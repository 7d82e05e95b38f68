/*
 * landlock_table.c: the vocabulary of Landlock
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: all of them. In: a name, a kind, an ABI. Out: rows, bits, names.
 */

#include "landlock_table.h"

#define LXC_BIT(n) (G_GUINT64_CONSTANT(1) << (n))

#define FS VIR_LXC_LANDLOCK_FS
#define NET VIR_LXC_LANDLOCK_NET
#define SCOPE VIR_LXC_LANDLOCK_SCOPE
#define RESTRICT VIR_LXC_LANDLOCK_RESTRICT

#define TCP VIR_LXC_LANDLOCK_TCP
#define UDP VIR_LXC_LANDLOCK_UDP

/* Name, kind, first ABI, bit, group, protocol, whether a file may have it. The
 * last is ACCESS_FILE of security/landlock/fs.c, which covers everything except
 * directories: hence resolve_unix, for sockets. */
static const virLXCLandlockRight lxcLandlockRights[] = {
    {"execute", FS, 1, LXC_BIT(0), NULL, 0, true},
    {"write_file", FS, 1, LXC_BIT(1), "write", 0, true},
    {"read_file", FS, 1, LXC_BIT(2), "read", 0, true},
    {"read_dir", FS, 1, LXC_BIT(3), "read", 0, false},
    {"remove_dir", FS, 1, LXC_BIT(4), "remove", 0, false},
    {"remove_file", FS, 1, LXC_BIT(5), "remove", 0, false},
    {"make_char", FS, 1, LXC_BIT(6), NULL, 0, false},
    {"make_dir", FS, 1, LXC_BIT(7), "create", 0, false},
    {"make_reg", FS, 1, LXC_BIT(8), "create", 0, false},
    {"make_sock", FS, 1, LXC_BIT(9), "create", 0, false},
    {"make_fifo", FS, 1, LXC_BIT(10), "create", 0, false},
    {"make_block", FS, 1, LXC_BIT(11), NULL, 0, false},
    {"make_sym", FS, 1, LXC_BIT(12), "create", 0, false},
    {"refer", FS, 2, LXC_BIT(13), NULL, 0, false},
    {"truncate", FS, 3, LXC_BIT(14), "write", 0, true},
    {"ioctl_dev", FS, 5, LXC_BIT(15), NULL, 0, true},
    {"resolve_unix", FS, 9, LXC_BIT(16), NULL, 0, true},
    {"bind_tcp", NET, 4, LXC_BIT(0), "bind", TCP, false},
    {"connect_tcp", NET, 4, LXC_BIT(1), "connect", TCP, false},
    {"bind_udp", NET, 10, LXC_BIT(2), "bind", UDP, false},
    {"connect_send_udp", NET, 10, LXC_BIT(3), "connect", UDP, false},
    {"abstract-unix-socket", SCOPE, 6, LXC_BIT(0), NULL, 0, false},
    {"signal", SCOPE, 6, LXC_BIT(1), NULL, 0, false},
    {"log_same_exec_off", RESTRICT, 7, LXC_BIT(0), NULL, 0, false},
    {"log_new_exec_on", RESTRICT, 7, LXC_BIT(1), NULL, 0, false},
    {"log_subdomains_off", RESTRICT, 7, LXC_BIT(2), NULL, 0, false},
    {"tsync", RESTRICT, 8, LXC_BIT(3), NULL, 0, false},
    {"no_new_privs", RESTRICT, 11, LXC_BIT(4), NULL, 0, false},
};

const virLXCLandlockRight *
virLXCLandlockTable(size_t *nrows)
{
    *nrows = G_N_ELEMENTS(lxcLandlockRights);
    return lxcLandlockRights;
}

const virLXCLandlockRight *
virLXCLandlockRightByName(const char *name)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcLandlockRights); i++) {
        if (g_str_equal(lxcLandlockRights[i].name, name))
            return &lxcLandlockRights[i];
    }

    return NULL;
}

guint64
virLXCLandlockRights(virLXCLandlockKind kind, unsigned int abi)
{
    guint64 bits = 0;
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcLandlockRights); i++) {
        if (lxcLandlockRights[i].kind == kind &&
            lxcLandlockRights[i].abi <= abi)
            bits |= lxcLandlockRights[i].bit;
    }

    return bits;
}

const virLXCLandlockRight *
virLXCLandlockLogFlag(void)
{
    return virLXCLandlockRightByName("log_new_exec_on");
}

guint64
virLXCLandlockEntryRights(void)
{
    guint64 bits = 0;
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcLandlockRights); i++) {
        const virLXCLandlockRight *row = &lxcLandlockRights[i];

        if (row->kind == FS && !row->onFile &&
            !g_str_equal(row->name, "read_dir"))
            bits |= row->bit;
    }

    return bits;
}

char *
virLXCLandlockNames(virLXCLandlockKind kind, guint64 bits)
{
    GString *names = g_string_new(NULL);
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcLandlockRights); i++) {
        const virLXCLandlockRight *row = &lxcLandlockRights[i];

        if (row->kind == kind && (row->bit & bits))
            g_string_append_printf(names, "%s%s", names->len ? " " : "",
                                   row->name);
    }

    return g_string_free(names, FALSE);
}

char *
virLXCLandlockLostNames(const guint64 lost[VIR_LXC_LANDLOCK_KINDS])
{
    GString *all = g_string_new(NULL);
    size_t kind;

    for (kind = 0; kind < VIR_LXC_LANDLOCK_KINDS; kind++) {
        g_autofree char *names = virLXCLandlockNames(kind, lost[kind]);

        if (names[0] != '\0')
            g_string_append_printf(all, "%s%s", all->len ? " " : "", names);
    }

    return g_string_free(all, all->len == 0);
}

unsigned int
virLXCLandlockFirstABI(virLXCLandlockKind kind, guint64 bits)
{
    unsigned int abi = 1;

    while (abi < VIR_LXC_LANDLOCK_ABI_MAX &&
           !(virLXCLandlockRights(kind, abi) & bits))
        abi++;

    return abi;
}

const char *const *
virLXCLandlockProtocolNames(void)
{
    static const char *const names[] = {
        [VIR_LXC_LANDLOCK_TCP] = "tcp",
        [VIR_LXC_LANDLOCK_UDP] = "udp",
        [VIR_LXC_LANDLOCK_PROTOCOLS] = NULL,
    };

    return names;
}

const char *
virLXCLandlockProtocolName(virLXCLandlockProtocol protocol)
{
    return virLXCLandlockProtocolNames()[protocol];
}
