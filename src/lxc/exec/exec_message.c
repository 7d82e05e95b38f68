/*
 * exec_message.c: messages between a client and its program
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: bytes from a client, which are not trusted. Out: messages.
 */

#include "exec_message.h"

#include <string.h>

#include "error.h"
#include "i18n.h"

/* The length of the data of each message that a client can send */
static const struct {
    guint32 least;
    guint32 most;
} lxcExecLengths[] = {
    [VIR_LXC_EXEC_MESSAGE_STDIN] = {0, VIR_LXC_EXEC_MESSAGE_MAX},
    [VIR_LXC_EXEC_MESSAGE_RESIZE] = {8, 8},
    [VIR_LXC_EXEC_MESSAGE_SIGNAL] = {4, 4},
    [VIR_LXC_EXEC_MESSAGE_DETACH] = {0, 0},
};

static guint32
lxcExecGetNumber(const guint8 *data)
{
    guint32 number;

    memcpy(&number, data, sizeof(number));
    return GUINT32_FROM_BE(number);
}

static void
lxcExecAppendNumber(GByteArray *buffer, guint32 number)
{
    guint32 swapped = GUINT32_TO_BE(number);

    g_byte_array_append(buffer, (const guint8 *)&swapped, sizeof(swapped));
}

void
virLXCExecMessageAppend(GByteArray *buffer, virLXCExecMessageType type,
                        const void *data, guint32 length)
{
    lxcExecAppendNumber(buffer, type);
    lxcExecAppendNumber(buffer, length);
    g_byte_array_append(buffer, data, length);
}

void
virLXCExecMessageAppendNumber(GByteArray *buffer, virLXCExecMessageType type,
                              guint32 number)
{
    lxcExecAppendNumber(buffer, type);
    lxcExecAppendNumber(buffer, sizeof(number));
    lxcExecAppendNumber(buffer, number);
}

gssize
virLXCExecMessageParse(const guint8 *data, gsize length,
                       virLXCExecMessage *message, GError **error)
{
    virLXCExecMessage parsed = {0};
    size_t i;

    if (length < VIR_LXC_EXEC_HEADER)
        return 0;

    parsed.type = lxcExecGetNumber(data);
    parsed.length = lxcExecGetNumber(data + 4);
    parsed.data = data + VIR_LXC_EXEC_HEADER;
    if (parsed.type < VIR_LXC_EXEC_MESSAGE_STDIN ||
        parsed.type > VIR_LXC_EXEC_MESSAGE_DETACH ||
        parsed.length < lxcExecLengths[parsed.type].least ||
        parsed.length > lxcExecLengths[parsed.type].most)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
            _("the client sent a message of type %1$u with %2$u bytes"),
            parsed.type, parsed.length);

    if (length - VIR_LXC_EXEC_HEADER < parsed.length)
        return 0;

    for (i = 0; i < G_N_ELEMENTS(parsed.numbers); i++) {
        if (parsed.length >= 4 * (i + 1))
            parsed.numbers[i] = lxcExecGetNumber(parsed.data + 4 * i);
    }
    *message = parsed;
    return VIR_LXC_EXEC_HEADER + (gssize)parsed.length;
}
