/*
 * virlxcexecmessage.h: the messages of virDomainLxcExec(), for clients
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The format is described at virDomainLxcExecMessage in libvirt-lxc.h.
 */

#pragma once

#include "internal.h"

#include <libvirt/libvirt-lxc.h>

typedef struct {
    unsigned int type;
    unsigned int length;
    char data[VIR_DOMAIN_LXC_EXEC_MESSAGE_MAX];
} virLXCExecMessage;

/**
 * virLXCExecMessageSend:
 * @stream: a blocking stream of virDomainLxcExec()
 * @type: the type of the message
 * @data: its data, or NULL if it has none
 * @length: number of bytes in @data, at most VIR_DOMAIN_LXC_EXEC_MESSAGE_MAX
 *
 * Messages of several threads get mixed up unless the callers take turns.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCExecMessageSend(virStreamPtr stream,
                          virDomainLxcExecMessage type,
                          const void *data,
                          size_t length);

/**
 * virLXCExecMessageSendNumbers:
 * @stream: a blocking stream of virDomainLxcExec()
 * @type: the type of the message
 * @numbers: its data
 * @count: number of @numbers, at most 2
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCExecMessageSendNumbers(virStreamPtr stream,
                                 virDomainLxcExecMessage type,
                                 const unsigned int *numbers,
                                 size_t count);

/**
 * virLXCExecMessageRecv:
 * @stream: a blocking stream of virDomainLxcExec()
 * @message: filled with the next message
 *
 * Returns 1, 0 if the stream has ended, or -1 with an error reported, also if it
 * has ended within a message.
 */
int virLXCExecMessageRecv(virStreamPtr stream,
                          virLXCExecMessage *message);

/**
 * virLXCExecMessageGetNumber:
 * @message: a message that consists of one number
 * @number: filled with that number
 *
 * Returns 0, or -1 with an error reported if its length is wrong.
 */
int virLXCExecMessageGetNumber(const virLXCExecMessage *message,
                               unsigned int *number);
