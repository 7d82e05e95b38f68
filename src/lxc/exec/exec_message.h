/*
 * exec_message.h: messages between a client and its program
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A message is a type and a length, 4 bytes each in network byte order, and
 * that many bytes of data. The numbers are public:
 * virDomainLxcExecMessage in libvirt-lxc.h.
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/** Maximum length of the data of a message, in bytes. */
#define VIR_LXC_EXEC_MESSAGE_MAX 65536

/** Length of the header of a message, in bytes. */
#define VIR_LXC_EXEC_HEADER 8

/**
 * virLXCExecMessageType: the type of a message.
 *
 * @VIR_LXC_EXEC_MESSAGE_STDIN: input of the program; empty at its end
 * @VIR_LXC_EXEC_MESSAGE_RESIZE: height and width of the terminal, 4 bytes each
 * @VIR_LXC_EXEC_MESSAGE_SIGNAL: number of a signal to send, 4 bytes
 * @VIR_LXC_EXEC_MESSAGE_DETACH: the program continues when the client is gone
 * @VIR_LXC_EXEC_MESSAGE_STDOUT: output of the program
 * @VIR_LXC_EXEC_MESSAGE_STDERR: error output of a program without a terminal
 * @VIR_LXC_EXEC_MESSAGE_EXIT: exit status, 4 bytes; the last message
 * @VIR_LXC_EXEC_MESSAGE_SIGNALED: signal that killed the program, 4 bytes; the
 *     last message
 */
typedef enum {
    VIR_LXC_EXEC_MESSAGE_STDIN = 1,
    VIR_LXC_EXEC_MESSAGE_RESIZE = 2,
    VIR_LXC_EXEC_MESSAGE_SIGNAL = 3,
    VIR_LXC_EXEC_MESSAGE_DETACH = 4,
    VIR_LXC_EXEC_MESSAGE_STDOUT = 5,
    VIR_LXC_EXEC_MESSAGE_STDERR = 6,
    VIR_LXC_EXEC_MESSAGE_EXIT = 7,
    VIR_LXC_EXEC_MESSAGE_SIGNALED = 8,
} virLXCExecMessageType;

/**
 * virLXCExecMessage: a message that was received.
 *
 * @type: a virLXCExecMessageType that a client can send
 * @length: number of bytes of data
 * @data: the data, owned by the buffer
 * @numbers: the data as numbers, where it consists of them
 */
typedef struct {
    guint32 type;
    guint32 length;
    const guint8 *data;
    guint32 numbers[2];
} virLXCExecMessage;

/**
 * virLXCExecMessageAppend:
 * @buffer: where to append the message
 * @type: its type
 * @data: its data
 * @length: number of bytes, at most VIR_LXC_EXEC_MESSAGE_MAX
 */
void virLXCExecMessageAppend(GByteArray *buffer, virLXCExecMessageType type,
                             const void *data, guint32 length);

/**
 * virLXCExecMessageAppendNumber:
 * @buffer: where to append the message
 * @type: its type
 * @number: its data
 */
void virLXCExecMessageAppendNumber(GByteArray *buffer,
                                   virLXCExecMessageType type, guint32 number);

/**
 * virLXCExecMessageParse:
 * @data: received bytes
 * @length: number of bytes
 * @message: filled with the first message that a client has sent
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID if its type, length or data
 *     is invalid
 *
 * Returns the number of bytes of the message, 0 if it is incomplete, or -1.
 */
gssize virLXCExecMessageParse(const guint8 *data, gsize length,
                              virLXCExecMessage *message, GError **error);
