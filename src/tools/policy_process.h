/*
 * policy_process.h: what the kernel reports of a process
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/**
 * virLXCPolicySet: the capability sets of a process (capabilities(7)).
 */
typedef enum {
    VIR_LXC_POLICY_SET_EFFECTIVE,
    VIR_LXC_POLICY_SET_PERMITTED,
    VIR_LXC_POLICY_SET_INHERITABLE,
    VIR_LXC_POLICY_SET_BOUNDING,
    VIR_LXC_POLICY_SET_AMBIENT,
} virLXCPolicySet;

#define VIR_LXC_POLICY_SETS (VIR_LXC_POLICY_SET_AMBIENT + 1)

/**
 * virLXCPolicyProcess: a process.
 *
 * @pid: its process ID
 * @dir: descriptor of its directory in /proc, which does not become that of
 *     another process if the ID is used again
 * @sets: its capability sets, as bit masks
 * @noNewPrivs: whether it has no_new_privs
 * @seccomp: its seccomp mode: 0, 1 for strict, 2 for filters (seccomp(2))
 * @namespaces: inode number of each of its namespaces, as text, by the name of
 *     its file in /proc/PID/ns
 * @mounts: its mounts: array of virLXCRootMountinfo
 * @cgroup: text of /proc/PID/cgroup
 * @label: its label, or NULL if no LSM reports one
 */
typedef struct {
    pid_t pid;
    int dir;
    guint64 sets[VIR_LXC_POLICY_SETS];
    bool noNewPrivs;
    unsigned int seccomp;
    GHashTable *namespaces;
    GPtrArray *mounts;
    char *cgroup;
    char *label;
} virLXCPolicyProcess;

/**
 * virLXCPolicyProcessRead:
 * @pid: process ID
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Returns the process, which the caller frees with virLXCPolicyProcessFree(),
 * or NULL.
 */
virLXCPolicyProcess *virLXCPolicyProcessRead(pid_t pid, GError **error);

/**
 * virLXCPolicyProcessCheckAlive:
 * @process: a process
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM if it has ended, so that what
 *     has been read by its process ID may belong to another process
 *
 * Returns 0 or -1.
 */
int virLXCPolicyProcessCheckAlive(const virLXCPolicyProcess *process,
                                  GError **error);

/**
 * virLXCPolicyProcessReadController:
 * @pid: process ID
 * @name: name of a domain
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM if that is not the controller
 *     of the domain: the domain runs on another host, or no longer
 *
 * Returns the controller as virLXCPolicyProcessRead() does, or NULL.
 */
virLXCPolicyProcess *
virLXCPolicyProcessReadController(pid_t pid, const char *name, GError **error);

/**
 * virLXCPolicyProcessReadInit:
 * @controller: the controller of a domain
 * @name: name of the domain
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM if it has no init: it is
 *     being started or destroyed
 *
 * Returns the container's init as virLXCPolicyProcessRead() does, or NULL.
 */
virLXCPolicyProcess *
virLXCPolicyProcessReadInit(const virLXCPolicyProcess *controller,
                            const char *name, GError **error);

/**
 * virLXCPolicyFilter: a seccomp filter of a process.
 *
 * @length: number of instructions
 * @digest: SHA-256 digest of the program, in hexadecimal
 */
typedef struct {
    size_t length;
    char *digest;
} virLXCPolicyFilter;

/**
 * virLXCPolicyFiltersRead:
 * @pid: process ID
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM. Reading filters requires
 *     CAP_SYS_ADMIN in the initial user namespace, a kernel with
 *     CONFIG_CHECKPOINT_RESTORE, and that the caller has no filter (ptrace(2),
 *     PTRACE_SECCOMP_GET_FILTER).
 *
 * Stops the process for an instant.
 *
 * Returns an array of virLXCPolicyFilter, the newest first, which frees its
 * elements; or NULL.
 */
GPtrArray *virLXCPolicyFiltersRead(pid_t pid, GError **error);

/**
 * virLXCPolicyProcessFree:
 * @process: a process, or NULL
 */
void virLXCPolicyProcessFree(virLXCPolicyProcess *process);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCPolicyProcess, virLXCPolicyProcessFree)
