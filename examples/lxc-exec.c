/*
 * lxc-exec.c: run a program in a container, and print what it prints
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 *   cc lxc-exec.c -o lxc-exec $(pkg-config --cflags --libs libvirt libvirt-lxc)
 *   ./lxc-exec DOMAIN COMMAND [ARGUMENT]...
 *
 * The connection is that of LIBVIRT_DEFAULT_URI. The program's input is empty,
 * and the exit status is that of the program. See lxc-exec-api(7) for all
 * messages.
 */

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <libvirt/libvirt-lxc.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#define FAILED 125

typedef struct {
    uint32_t type;
    uint32_t length;
    char data[VIR_DOMAIN_LXC_EXEC_MESSAGE_MAX];
} Message;

/* A message can arrive in several parts. Returns 1, 0 at the end, or -1. */
static int
receiveAll(virStreamPtr stream, void *data, size_t length)
{
    char *next = data;

    while (length > 0) {
        int got = virStreamRecv(stream, next, length);

        if (got <= 0)
            return got;
        next += got;
        length -= (size_t)got;
    }
    return 1;
}

static int
receive(virStreamPtr stream, Message *message)
{
    uint32_t header[2];
    int rc = receiveAll(stream, header, sizeof(header));

    if (rc <= 0)
        return rc;

    message->type = ntohl(header[0]);
    message->length = ntohl(header[1]);
    if (message->length > sizeof(message->data))
        return -1;
    return receiveAll(stream, message->data, message->length);
}

static int
endInput(virStreamPtr stream)
{
    const uint32_t header[] = {htonl(VIR_DOMAIN_LXC_EXEC_MESSAGE_STDIN), 0};

    return virStreamSend(stream, (const char *)header, sizeof(header)) ==
                   sizeof(header)
               ? 0
               : -1;
}

static int
number(const Message *message)
{
    const uint32_t *value = (const void *)message->data;

    return message->length == sizeof(*value) ? (int)ntohl(*value) : FAILED;
}

/* Returns the exit status, or -1 on error. */
static int
serve(virStreamPtr stream)
{
    static Message message;

    while (receive(stream, &message) > 0) {
        switch (message.type) {
        case VIR_DOMAIN_LXC_EXEC_MESSAGE_STDOUT:
            fwrite(message.data, 1, message.length, stdout);
            break;
        case VIR_DOMAIN_LXC_EXEC_MESSAGE_STDERR:
            fwrite(message.data, 1, message.length, stderr);
            break;
        case VIR_DOMAIN_LXC_EXEC_MESSAGE_EXIT:
            return number(&message);
        case VIR_DOMAIN_LXC_EXEC_MESSAGE_SIGNALED:
            return 128 + number(&message);
        }
    }
    return -1;
}

int
main(int argc, char **argv)
{
    virConnectPtr conn = NULL;
    virDomainPtr domain = NULL;
    virStreamPtr stream = NULL;
    int status = -1;

    if (argc < 3) {
        fprintf(stderr, "Usage: %s DOMAIN COMMAND [ARGUMENT]...\n", argv[0]);
        return FAILED;
    }

    /* libvirt prints errors itself unless virSetErrorFunc() is called. */
    if ((conn = virConnectOpen(NULL)) &&
        (domain = virDomainLookupByName(conn, argv[1])) &&
        (stream = virStreamNew(conn, 0)) &&
        virDomainLxcExec(domain, stream, (const char **)argv + 2,
                         (unsigned int)argc - 2, NULL, 0, 0) > 0 &&
        endInput(stream) == 0 && (status = serve(stream)) >= 0)
        virStreamFinish(stream);

    if (stream)
        virStreamFree(stream);
    if (domain)
        virDomainFree(domain);
    if (conn)
        virConnectClose(conn);
    return status < 0 ? FAILED : status;
}
