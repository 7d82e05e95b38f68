/*
 * namespace_table.c: the types of namespaces
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: all of them. In: a name. Out: a row.
 */

#include "namespace_table.h"

/* linux/sched.h */
#define LXC_CLONE_NEWTIME 0x00000080 /* Linux 5.6 */
#define LXC_CLONE_NEWNS 0x00020000
#define LXC_CLONE_NEWCGROUP 0x02000000
#define LXC_CLONE_NEWUTS 0x04000000
#define LXC_CLONE_NEWIPC 0x08000000
#define LXC_CLONE_NEWUSER 0x10000000
#define LXC_CLONE_NEWPID 0x20000000
#define LXC_CLONE_NEWNET 0x40000000

/* Linux 7.1; unshare(2) takes it for CLONE_NEWNS with an empty tree. Older
 * kernels refuse it there; in clone(2) the bit is CLONE_PARENT_SETTID. */
#define LXC_UNSHARE_EMPTY_MNTNS 0x00100000

/* clone(2) has the signal of the child where CLONE_NEWTIME would be. */
static const virLXCNamespace lxcNamespaces[] = {
    {"user", {LXC_CLONE_NEWUSER, LXC_CLONE_NEWUSER, LXC_CLONE_NEWUSER}},
    {"mnt",
     {LXC_CLONE_NEWNS, LXC_CLONE_NEWNS | LXC_UNSHARE_EMPTY_MNTNS,
      LXC_CLONE_NEWNS}},
    {"net", {LXC_CLONE_NEWNET, LXC_CLONE_NEWNET, LXC_CLONE_NEWNET}},
    {"pid", {LXC_CLONE_NEWPID, LXC_CLONE_NEWPID, LXC_CLONE_NEWPID}},
    {"ipc", {LXC_CLONE_NEWIPC, LXC_CLONE_NEWIPC, LXC_CLONE_NEWIPC}},
    {"uts", {LXC_CLONE_NEWUTS, LXC_CLONE_NEWUTS, LXC_CLONE_NEWUTS}},
    {"cgroup", {LXC_CLONE_NEWCGROUP, LXC_CLONE_NEWCGROUP, LXC_CLONE_NEWCGROUP}},
    {"time", {0, LXC_CLONE_NEWTIME, LXC_CLONE_NEWTIME}},
};

const virLXCNamespace *
virLXCNamespaceTable(size_t *nrows)
{
    *nrows = G_N_ELEMENTS(lxcNamespaces);
    return lxcNamespaces;
}

const virLXCNamespace *
virLXCNamespaceByName(const char *name)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcNamespaces); i++) {
        if (g_str_equal(lxcNamespaces[i].name, name))
            return &lxcNamespaces[i];
    }

    return NULL;
}

const char *
virLXCNamespaceCallName(virLXCNamespaceCall call)
{
    static const char *const names[VIR_LXC_NAMESPACE_CALLS] = {
        [VIR_LXC_NAMESPACE_CLONE] = "clone",
        [VIR_LXC_NAMESPACE_UNSHARE] = "unshare",
        [VIR_LXC_NAMESPACE_SETNS] = "setns",
    };

    return names[call];
}
