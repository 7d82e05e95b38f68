/*
 * policy_show.h: compare a domain with what the kernel reports of its init
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "host.h"
#include "plan.h"
#include "policy_domain.h"
#include "policy_process.h"

/**
 * virLXCPolicyVerdict: the result of a comparison.
 *
 * @VIR_LXC_POLICY_NONE: nothing to compare: the domain does not run
 * @VIR_LXC_POLICY_OK: the kernel reports what is in effect
 * @VIR_LXC_POLICY_TIGHTER: the process is confined more, which it can do itself
 * @VIR_LXC_POLICY_DIFFERS: the process is not confined as it should be
 * @VIR_LXC_POLICY_UNKNOWN: it could not be read
 * @VIR_LXC_POLICY_UNREPORTED: the kernel only tells the process itself, but the
 *     domain would not have started without it
 */
typedef enum {
    VIR_LXC_POLICY_NONE,
    VIR_LXC_POLICY_OK,
    VIR_LXC_POLICY_TIGHTER,
    VIR_LXC_POLICY_DIFFERS,
    VIR_LXC_POLICY_UNKNOWN,
    VIR_LXC_POLICY_UNREPORTED,
} virLXCPolicyVerdict;

/**
 * virLXCPolicyShowRow: a comparison.
 *
 * @what: what is compared; static
 * @asked: what the XML asks for, or NULL if it does not say
 * @effective: what was put into effect, or NULL if it is not recorded
 * @kernel: what the kernel reports, or NULL
 * @verdict: the result
 */
typedef struct {
    const char *what;
    char *asked;
    char *effective;
    char *kernel;
    virLXCPolicyVerdict verdict;
} virLXCPolicyShowRow;

/**
 * virLXCPolicyShowData: what is compared.
 *
 * @domain: the domain
 * @isFile: whether it was read from a file
 * @host: this host
 * @isRoot: whether init runs as the container's root
 * @capabilities: the capabilities that it asks for
 * @process: the process, or NULL if the domain does not run
 * @isInit: whether that is the domain's init
 * @controller: the controller, or NULL
 * @rows: array of virLXCPolicyShowRow, to which comparisons are appended
 */
typedef struct {
    const virLXCPolicyDomain *domain;
    bool isFile;
    virLXCHost host;
    bool isRoot;
    virLXCCapabilitiesPlan capabilities;
    const virLXCPolicyProcess *process;
    bool isInit;
    const virLXCPolicyProcess *controller;
    GPtrArray *rows;
} virLXCPolicyShowData;

/**
 * virLXCPolicyShowAdd:
 * @data: the comparisons
 * @what: what is compared; static
 * @asked, @effective, @kernel: texts or NULL, which are owned by the row
 * @verdict: the result; VIR_LXC_POLICY_NONE is used if there is no process
 *
 * Appends a comparison.
 */
void
virLXCPolicyShowAdd(virLXCPolicyShowData *data, const char *what, char *asked,
                    char *effective, char *kernel, virLXCPolicyVerdict verdict);

/**
 * virLXCPolicyShowPolicy:
 * @data: the comparisons
 *
 * Appends those of <capabilities>, <no-new-privs>, <seccomp> and <landlock>.
 */
void virLXCPolicyShowPolicy(virLXCPolicyShowData *data);

/**
 * virLXCPolicyShowContainer:
 * @data: the comparisons
 *
 * Appends those of what surrounds the process: <kernel-files>, namespaces,
 * cgroups, label and keyring.
 */
void virLXCPolicyShowContainer(virLXCPolicyShowData *data);

/**
 * virLXCPolicyShowMounts:
 * @mounts: the mounts of a process: array of virLXCRootMountinfo
 * @plan: the access to files of the kernel that it should have
 * @exposed: the paths at which it has more access are appended, each after a
 *     blank
 *
 * Mounts that are covered by others are not seen by the process. Besides the
 * files of @plan, if there are any, what is looked at is /proc/sys, which the
 * driver makes
 * read-only, and file systems of the kernel that are mounted elsewhere.
 *
 * Returns the number of files of @plan that this kernel has.
 */
unsigned int
virLXCPolicyShowMounts(const GPtrArray *mounts,
                       const virLXCKernelFilesPlan *plan, GString *exposed);
