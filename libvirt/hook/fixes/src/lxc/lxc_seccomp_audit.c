/*
 * lxc_seccomp_audit.c: which system call has killed the init of a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <arpa/inet.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lxc_seccomp_audit.h"
#include "virevent.h"
#include "virfile.h"

/* The kernel sends a record in a thread of its own */
#define LXC_RECORD_TIMEOUT 200

struct _virLXCSeccompAudit {
    int fd;
    int watch;
    pid_t init;
    char *call;
};


/* Only records of seccomp; loads are big-endian, but netlink is not */
static int
lxcSeccompAuditFilter(int fd)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, offsetof(struct nlmsghdr, nlmsg_type)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(AUDIT_SECCOMP), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    const struct sock_fprog program = { G_N_ELEMENTS(code), code };

    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}


virLXCSeccompAudit *
virLXCSeccompAuditOpen(void)
{
    const struct sockaddr_nl address = {
        .nl_family = AF_NETLINK,
        .nl_groups = 1 << (AUDIT_NLGRP_READLOG - 1),
    };
    VIR_AUTOCLOSE fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
                              NETLINK_AUDIT);
    virLXCSeccompAudit *audit;

    if (fd < 0 ||
        lxcSeccompAuditFilter(fd) < 0 ||
        bind(fd, (const struct sockaddr *) &address, sizeof(address)) < 0)
        return NULL;

    audit = g_new0(virLXCSeccompAudit, 1);
    audit->fd = fd;
    audit->watch = -1;
    fd = -1;
    return audit;
}


static bool
lxcSeccompAuditGet(const char *record,
                   const char *key,
                   int base,
                   unsigned long long *value)
{
    const char *found = strstr(record, key);

    if (found)
        *value = g_ascii_strtoull(found + strlen(key), NULL, base);

    return found != NULL;
}


/* The name of the process, which it chooses itself, has neither spaces nor quotes:
 * the kernel encodes these */
static void
lxcSeccompAuditParse(virLXCSeccompAudit *audit,
                     const char *record)
{
    unsigned long long pid;
    unsigned long long signum;
    unsigned long long arch;
    unsigned long long call;

    if (!lxcSeccompAuditGet(record, " pid=", 10, &pid) ||
        !lxcSeccompAuditGet(record, " sig=", 10, &signum) ||
        !lxcSeccompAuditGet(record, " arch=", 16, &arch) ||
        !lxcSeccompAuditGet(record, " syscall=", 10, &call) ||
        pid != audit->init || signum != SIGSYS)
        return;

    g_free(audit->call);
    audit->call = g_strdup_printf(_("system call %1$llu of architecture 0x%2$llx"),
                                  call, arch);
}


static void
lxcSeccompAuditReceive(virLXCSeccompAudit *audit)
{
    size_t size = NLMSG_HDRLEN + AUDIT_MESSAGE_TEXT_MAX;
    g_autofree char *data = g_malloc(size + 1);
    ssize_t got;

    /* An error may say that records have been dropped */
    while ((got = recv(audit->fd, data, size, 0)) > 0 ||
           (got < 0 && (errno == EINTR || errno == ENOBUFS))) {
        if (got <= (ssize_t) NLMSG_HDRLEN)
            continue;
        data[got] = '\0';
        lxcSeccompAuditParse(audit, data + NLMSG_HDRLEN);
    }
}


static void
lxcSeccompAuditEvent(int watch G_GNUC_UNUSED,
                     int fd G_GNUC_UNUSED,
                     int events G_GNUC_UNUSED,
                     void *opaque)
{
    lxcSeccompAuditReceive(opaque);
}


void
virLXCSeccompAuditWatch(virLXCSeccompAudit *audit,
                        pid_t init)
{
    if (!audit)
        return;

    audit->init = init;
    audit->watch = virEventAddHandle(audit->fd, VIR_EVENT_HANDLE_READABLE,
                                     lxcSeccompAuditEvent, audit, NULL);
}


char *
virLXCSeccompAuditCall(virLXCSeccompAudit *audit)
{
    gint64 end = g_get_monotonic_time() + LXC_RECORD_TIMEOUT * G_TIME_SPAN_MILLISECOND;

    if (!audit)
        return NULL;

    lxcSeccompAuditReceive(audit);
    while (!audit->call && g_get_monotonic_time() < end) {
        struct pollfd pfd = { .fd = audit->fd, .events = POLLIN };

        ignore_value(poll(&pfd, 1, LXC_RECORD_TIMEOUT));
        lxcSeccompAuditReceive(audit);
    }

    return g_strdup(audit->call);
}


void
virLXCSeccompAuditFree(virLXCSeccompAudit *audit)
{
    if (!audit)
        return;

    if (audit->watch >= 0)
        virEventRemoveHandle(audit->watch);
    VIR_FORCE_CLOSE(audit->fd);
    g_free(audit->call);
    g_free(audit);
}
