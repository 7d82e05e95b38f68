/*
 * lxc_seccomp_audit.h: which system call has killed the init of a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The wait status of a process that a seccomp filter has killed says no more than
 * SIGSYS. Only a tracer, or the kernel's audit log, can say more. Records of the
 * latter are received from the multicast group of the audit subsystem, which needs
 * neither auditd nor auditing to be enabled, but exists in the initial network
 * namespace only and numbers processes as the initial PID namespace does. The
 * kernel may also have been told not to log (kernel.seccomp.actions_logged), and
 * may drop records. Whatever prevents it, the system call is then unknown.
 */

#pragma once

#include "internal.h"

typedef struct _virLXCSeccompAudit virLXCSeccompAudit;

/**
 * virLXCSeccompAuditOpen:
 *
 * Begins to receive records. Requires CAP_AUDIT_READ.
 *
 * Returns an object to be freed with virLXCSeccompAuditFree(), or NULL if no
 * records can be received.
 */
virLXCSeccompAudit *virLXCSeccompAuditOpen(void);

/**
 * virLXCSeccompAuditWatch:
 * @audit: object, or NULL
 * @init: process ID of init
 *
 * Lets the event loop receive the records, so that those of other processes cannot
 * fill the socket, and keeps what they say about @init.
 */
void virLXCSeccompAuditWatch(virLXCSeccompAudit *audit,
                             pid_t init);

/**
 * virLXCSeccompAuditCall:
 * @audit: object, or NULL
 *
 * Waits a moment for a record if none has been received.
 *
 * Returns the system call that has killed init, as text that the caller has to
 * free, or NULL if it is unknown.
 */
char *virLXCSeccompAuditCall(virLXCSeccompAudit *audit);

/**
 * virLXCSeccompAuditFree:
 * @audit: object, or NULL
 */
void virLXCSeccompAuditFree(virLXCSeccompAudit *audit);
