/*
 * landlock_net_filter.c: system calls that bypass <net> of <landlock>
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the rights that Landlock restricts. Out: rules that the seccomp filter
 * must contain so that system calls cannot bypass them.
 */

#include "landlock_net_filter.h"

#include <errno.h>

/* Numbers of linux/socket.h and linux/in.h, of which not all are in the headers
 * of older C libraries. */
#define LXC_AF_INET 2
#define LXC_AF_INET6 10
#define LXC_AF_SMC 43
#define LXC_IPPROTO_SMC 256
#define LXC_IPPROTO_MPTCP 262
#define LXC_MSG_FASTOPEN 0x20000000

typedef struct {
    unsigned int index;
    guint32 mask;
    guint32 value;
} lxcNetArgument;

/* A call, its errno, and up to two conditions, of which the kernel looks at 32
 * bits. A mask of 0 means that there is no condition. The errnos are those of a
 * kernel without the protocol, and of Landlock for denied connections. */
typedef struct {
    const char *name;
    unsigned int number;
    lxcNetArgument arguments[2];
} lxcNetRow;

/* clang-format off */
#define LXC_IS(index, value) {index, G_MAXUINT32, value}
#define LXC_HAS(index, bits) {index, bits, bits}
/* clang-format on */

static const lxcNetRow lxcNetRows[] = {
    {"socket", EAFNOSUPPORT, {LXC_IS(0, LXC_AF_SMC)}},
    {"socket",
     EPROTONOSUPPORT,
     {LXC_IS(0, LXC_AF_INET), LXC_IS(2, LXC_IPPROTO_SMC)}},
    {"socket",
     EPROTONOSUPPORT,
     {LXC_IS(0, LXC_AF_INET6), LXC_IS(2, LXC_IPPROTO_SMC)}},
    {"socket",
     EPROTONOSUPPORT,
     {LXC_IS(0, LXC_AF_INET), LXC_IS(2, LXC_IPPROTO_MPTCP)}},
    {"socket",
     EPROTONOSUPPORT,
     {LXC_IS(0, LXC_AF_INET6), LXC_IS(2, LXC_IPPROTO_MPTCP)}},
    {"send", EACCES, {LXC_HAS(3, LXC_MSG_FASTOPEN)}},
    {"sendto", EACCES, {LXC_HAS(3, LXC_MSG_FASTOPEN)}},
    {"sendmsg", EACCES, {LXC_HAS(2, LXC_MSG_FASTOPEN)}},
    {"sendmmsg", EACCES, {LXC_HAS(3, LXC_MSG_FASTOPEN)}},
    {"io_uring_setup", ENOSYS, {{0}}},
};

static guint64
lxcNetTCPRights(void)
{
    size_t nrows;
    const virLXCLandlockRight *rows = virLXCLandlockTable(&nrows);
    guint64 rights = 0;
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (rows[i].kind == VIR_LXC_LANDLOCK_NET &&
            rows[i].protocol == VIR_LXC_LANDLOCK_TCP)
            rights |= rows[i].bit;
    }
    return rights;
}

virLXCLandlockNetFilter
virLXCLandlockNetFilterFor(guint64 handled, const virLXCSeccompArch *native)
{
    static const char *const socketcall[] = {"s390x", "s390", NULL};

    if (!(handled & lxcNetTCPRights()))
        return VIR_LXC_LANDLOCK_NET_FILTER_NONE;

    return native && g_strv_contains(socketcall, native->name)
               ? VIR_LXC_LANDLOCK_NET_FILTER_IMPOSSIBLE
               : VIR_LXC_LANDLOCK_NET_FILTER_RULES;
}

static virLXCSeccompRule *
lxcNetRule(const lxcNetRow *row)
{
    const virLXCSeccompAction action = {VIR_LXC_SECCOMP_ERRNO, row->number};
    virLXCSeccompRule *rule = virLXCSeccompRuleNew(row->name, action, 0);
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(row->arguments); i++) {
        const virLXCSeccompCondition condition = {
            .index = row->arguments[i].index,
            .op = VIR_LXC_SECCOMP_MASKED_EQ,
            .value = row->arguments[i].value,
            .mask = row->arguments[i].mask,
        };

        if (condition.mask != 0)
            g_array_append_val(rule->conditions, condition);
    }
    return rule;
}

void
virLXCLandlockNetAddRules(GPtrArray *rules)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcNetRows); i++)
        g_ptr_array_insert(rules, (gint)i, lxcNetRule(&lxcNetRows[i]));
}
