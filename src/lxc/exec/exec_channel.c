/*
 * exec_channel.c: send data and a descriptor over a Unix socket
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "exec_channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
} lxcExecControl;

static ssize_t
lxcExecSendSome(int fd, const void *data, size_t length, int passed)
{
    lxcExecControl control = {0};
    struct iovec part = {.iov_base = (void *)data, .iov_len = length};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

    if (passed >= 0) {
        message.msg_control = &control;
        message.msg_controllen = sizeof(control);
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(&control.header), &passed, sizeof(int));
    }
    return sendmsg(fd, &message, MSG_NOSIGNAL);
}

int
virLXCExecSend(int fd, const void *data, size_t length, int passed)
{
    const char *next = data;
    ssize_t sent;

    while (length > 0) {
        if ((sent = lxcExecSendSome(fd, next, length, passed)) < 0) {
            if (errno == EINTR)
                continue;
            return -1;
        }
        passed = -1;
        next += sent;
        length -= sent;
    }
    return 0;
}

/* More than one descriptor does not fit into the buffer, so the kernel closes
 * the others. */
static void
lxcExecTakeDescriptor(struct msghdr *message, int *passed)
{
    struct cmsghdr *header = CMSG_FIRSTHDR(message);
    int fd;

    if (!header || header->cmsg_level != SOL_SOCKET ||
        header->cmsg_type != SCM_RIGHTS ||
        header->cmsg_len != CMSG_LEN(sizeof(int)))
        return;

    memcpy(&fd, CMSG_DATA(header), sizeof(int));
    if (passed && *passed < 0)
        *passed = fd;
    else
        close(fd);
}

static ssize_t
lxcExecReceiveSome(int fd, void *data, size_t length, int *passed)
{
    lxcExecControl control = {0};
    struct iovec part = {.iov_base = data, .iov_len = length};
    struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof(control),
    };
    ssize_t got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);

    if (got > 0)
        lxcExecTakeDescriptor(&message, passed);
    return got;
}

int
virLXCExecReceive(int fd, void *data, size_t length, int *passed)
{
    char *next = data;
    ssize_t got;

    if (passed)
        *passed = -1;

    while (length > 0) {
        got = lxcExecReceiveSome(fd, next, length, passed);
        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0)
            errno = EPIPE;
        if (got <= 0)
            break;
        next += got;
        length -= got;
    }
    if (length == 0)
        return 0;

    if (passed && *passed >= 0) {
        int errnum = errno;

        close(*passed);
        *passed = -1;
        errno = errnum;
    }
    return -1;
}
