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

/* What may be given to a regular file: ACCESS_FILE of security/landlock/fs.c.
 * Of sockets, which are not regular but no directories either, it has
 * resolve_unix. */
static const virLXCLandlockRight lxcLandlockRights[] = {
    {"execute", FS, LXC_BIT(0), 1, true, NULL, 0},
    {"write_file", FS, LXC_BIT(1), 1, true, "write", 0},
    {"read_file", FS, LXC_BIT(2), 1, true, "read", 0},
    {"read_dir", FS, LXC_BIT(3), 1, false, "read", 0},
    {"remove_dir", FS, LXC_BIT(4), 1, false, "remove", 0},
    {"remove_file", FS, LXC_BIT(5), 1, false, "remove", 0},
    {"make_char", FS, LXC_BIT(6), 1, false, NULL, 0},
    {"make_dir", FS, LXC_BIT(7), 1, false, "create", 0},
    {"make_reg", FS, LXC_BIT(8), 1, false, "create", 0},
    {"make_sock", FS, LXC_BIT(9), 1, false, "create", 0},
    {"make_fifo", FS, LXC_BIT(10), 1, false, "create", 0},
    {"make_block", FS, LXC_BIT(11), 1, false, NULL, 0},
    {"make_sym", FS, LXC_BIT(12), 1, false, "create", 0},
    {"refer", FS, LXC_BIT(13), 2, false, NULL, 0},
    {"truncate", FS, LXC_BIT(14), 3, true, "write", 0},
    {"ioctl_dev", FS, LXC_BIT(15), 5, true, NULL, 0},
    {"resolve_unix", FS, LXC_BIT(16), 9, true, NULL, 0},
    {"bind_tcp", NET, LXC_BIT(0), 4, false, "bind", TCP},
    {"connect_tcp", NET, LXC_BIT(1), 4, false, "connect", TCP},
    {"bind_udp", NET, LXC_BIT(2), 10, false, "bind", UDP},
    {"connect_send_udp", NET, LXC_BIT(3), 10, false, "connect", UDP},
    {"abstract-unix-socket", SCOPE, LXC_BIT(0), 6, false, NULL, 0},
    {"signal", SCOPE, LXC_BIT(1), 6, false, NULL, 0},
    {"log_same_exec_off", RESTRICT, LXC_BIT(0), 7, false, NULL, 0},
    {"log_new_exec_on", RESTRICT, LXC_BIT(1), 7, false, NULL, 0},
    {"log_subdomains_off", RESTRICT, LXC_BIT(2), 7, false, NULL, 0},
    {"tsync", RESTRICT, LXC_BIT(3), 8, false, NULL, 0},
    {"no_new_privs", RESTRICT, LXC_BIT(4), 11, false, NULL, 0},
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
