/*
 * socket_family_table.c: the address families of sockets
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: all of them. In: a name. Out: a row.
 */

#include "socket_family_table.h"

/* Numbers of the rows below that the aliases are about, of the type
 * SOCK_PACKET, of the bits that say which type it is (linux/net.h), and of the
 * protocol SMC, from Linux 6.11 on. */
#define LXC_AF_INET 2
#define LXC_AF_INET6 10
#define LXC_AF_PACKET 17
#define LXC_AF_SMC 43
#define LXC_SOCK_PACKET 10
#define LXC_SOCK_TYPE_MASK 0xf
#define LXC_IPPROTO_SMC 256

static const virLXCSocketFamily lxcSocketFamilies[] = {
    {"unspec", 0},      {"unix", 1},      {"inet", 2},      {"ax25", 3},
    {"ipx", 4},         {"appletalk", 5}, {"netrom", 6},    {"bridge", 7},
    {"atmpvc", 8},      {"x25", 9},       {"inet6", 10},    {"rose", 11},
    {"decnet", 12},     {"netbeui", 13},  {"security", 14}, {"key", 15},
    {"netlink", 16},    {"packet", 17},   {"ash", 18},      {"econet", 19},
    {"atmsvc", 20},     {"rds", 21},      {"sna", 22},      {"irda", 23},
    {"pppox", 24},      {"wanpipe", 25},  {"llc", 26},      {"ib", 27},
    {"mpls", 28},       {"can", 29},      {"tipc", 30},     {"bluetooth", 31},
    {"iucv", 32},       {"rxrpc", 33},    {"isdn", 34},     {"phonet", 35},
    {"ieee802154", 36}, {"caif", 37},     {"alg", 38},      {"nfc", 39},
    {"vsock", 40},      {"kcm", 41},      {"qipcrtr", 42},  {"smc", 43},
    {"xdp", 44},        {"mctp", 45},
};

const virLXCSocketFamily *
virLXCSocketFamilyTable(size_t *nrows)
{
    *nrows = G_N_ELEMENTS(lxcSocketFamilies);
    return lxcSocketFamilies;
}

const virLXCSocketFamily *
virLXCSocketFamilyByName(const char *name)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcSocketFamilies); i++) {
        if (g_str_equal(lxcSocketFamilies[i].name, name))
            return &lxcSocketFamilies[i];
    }

    return NULL;
}

static const virLXCSocketAlias lxcSocketAliases[] = {
    {LXC_AF_INET, 1, LXC_SOCK_TYPE_MASK, LXC_SOCK_PACKET, LXC_AF_PACKET},
    {LXC_AF_INET, 2, G_MAXUINT32, LXC_IPPROTO_SMC, LXC_AF_SMC},
    {LXC_AF_INET6, 2, G_MAXUINT32, LXC_IPPROTO_SMC, LXC_AF_SMC},
};

const virLXCSocketAlias *
virLXCSocketAliasTable(size_t *nrows)
{
    *nrows = G_N_ELEMENTS(lxcSocketAliases);
    return lxcSocketAliases;
}
