/*
 * virlxcexecmessage.c: the messages of virDomainLxcExec(), for clients
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "virlxcexecmessage.h"

#include "virerror.h"

#define VIR_FROM_THIS VIR_FROM_LXC

#define LXC_EXEC_NUMBERS_MAX 2

typedef struct {
    guint32 type;
    guint32 length;
} lxcExecHeader;


static int
lxcExecMessageSendAll(virStreamPtr stream,
                      const char *data,
                      size_t length)
{
    while (length > 0) {
        int sent = virStreamSend(stream, data, length);

        if (sent < 0)
            return -1;
        data += sent;
        length -= sent;
    }

    return 0;
}


/* One call for header and data, because each is a message to the daemon */
int
virLXCExecMessageSend(virStreamPtr stream,
                      virDomainLxcExecMessage type,
                      const void *data,
                      size_t length)
{
    lxcExecHeader header = { g_htonl(type), g_htonl(length) };
    g_autofree char *buffer = g_malloc(sizeof(header) + length);

    memcpy(buffer, &header, sizeof(header));
    if (length > 0)
        memcpy(buffer + sizeof(header), data, length);

    return lxcExecMessageSendAll(stream, buffer, sizeof(header) + length);
}


int
virLXCExecMessageSendNumbers(virStreamPtr stream,
                             virDomainLxcExecMessage type,
                             const unsigned int *numbers,
                             size_t count)
{
    guint32 data[LXC_EXEC_NUMBERS_MAX] = { 0 };
    size_t i;

    for (i = 0; i < count && i < G_N_ELEMENTS(data); i++)
        data[i] = g_htonl(numbers[i]);

    return virLXCExecMessageSend(stream, type, data, i * sizeof(data[0]));
}


/* Returns the number of bytes read, which is less than @length at the end of the
 * stream only, or -1 */
static ssize_t
lxcExecMessageRecvAll(virStreamPtr stream,
                      char *data,
                      size_t length)
{
    size_t total = 0;

    while (total < length) {
        int got = virStreamRecv(stream, data + total, length - total);

        if (got < 0)
            return -1;
        if (got == 0)
            break;
        total += got;
    }

    return total;
}


static int
lxcExecMessageReportTruncated(void)
{
    virReportError(VIR_ERR_RPC, "%s",
                   _("the stream of the program has ended within a message"));
    return -1;
}


int
virLXCExecMessageRecv(virStreamPtr stream,
                      virLXCExecMessage *message)
{
    lxcExecHeader header;
    ssize_t got = lxcExecMessageRecvAll(stream, (char *)&header, sizeof(header));

    if (got <= 0)
        return got;
    if (got < (ssize_t)sizeof(header))
        return lxcExecMessageReportTruncated();

    message->type = g_ntohl(header.type);
    message->length = g_ntohl(header.length);
    if (message->length > sizeof(message->data)) {
        virReportError(VIR_ERR_RPC,
                       _("the program's stream has a message of %1$u bytes"),
                       message->length);
        return -1;
    }

    if ((got = lxcExecMessageRecvAll(stream, message->data, message->length)) < 0)
        return -1;
    if (got < (ssize_t)message->length)
        return lxcExecMessageReportTruncated();

    return 1;
}


int
virLXCExecMessageGetNumber(const virLXCExecMessage *message,
                           unsigned int *number)
{
    guint32 value;

    if (message->length != sizeof(value)) {
        virReportError(VIR_ERR_RPC,
                       _("a message of type %1$u has %2$u bytes instead of 4"),
                       message->type, message->length);
        return -1;
    }

    memcpy(&value, message->data, sizeof(value));
    *number = g_ntohl(value);
    return 0;
}
