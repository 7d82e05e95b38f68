/*
 * exec_channel.h: send data and a descriptor over a Unix socket
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <stddef.h>

/**
 * virLXCExecSend:
 * @fd: Unix stream socket
 * @data: bytes to send
 * @length: number of bytes, at least 1
 * @passed: descriptor to send with the first byte, or -1
 *
 * Returns 0, or -1 with errno set.
 */
int virLXCExecSend(int fd, const void *data, size_t length, int passed);

/**
 * virLXCExecReceive:
 * @fd: Unix stream socket
 * @data: filled with @length bytes
 * @length: number of bytes, at least 1
 * @passed: filled with the descriptor that was sent with the bytes, which is
 *     close-on-exec and which the caller closes, or with -1; NULL if none is
 *     expected
 *
 * Returns 0, or -1 with errno set: EPIPE if the other end was closed before
 * @length bytes arrived.
 */
int virLXCExecReceive(int fd, void *data, size_t length, int *passed);
