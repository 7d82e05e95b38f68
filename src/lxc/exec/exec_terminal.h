/*
 * exec_terminal.h: standard streams of a program in a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * All functions must be called in the mount namespace of the container, as its
 * root.
 */

#pragma once

#include <glib.h>
#include <sys/types.h>

/**
 * virLXCExecStreams: standard streams.
 *
 * @ours: terminal, or standard input, output and error of the program; the
 *     client's ends, or -1
 * @theirs: standard input, output and error; the program's ends
 */
typedef struct {
    int ours[3];
    int theirs[3];
} virLXCExecStreams;

/**
 * virLXCExecStreamsTerminal:
 * @streams: filled on success
 * @uid: owner of the terminal
 * @rows: its height in characters
 * @columns: its width in characters
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Creates a terminal in the container's devpts (devpts in the kernel's
 * documentation). The other end is found without a path (TIOCGPTPEER in
 * ioctl_tty(2)).
 *
 * Returns 0 or -1.
 */
int virLXCExecStreamsTerminal(virLXCExecStreams *streams, uid_t uid,
                              guint32 rows, guint32 columns, GError **error);

/**
 * virLXCExecStreamsPipes:
 * @streams: filled on success
 * @uid: owner of the pipes, so that the program can open /dev/stdout
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Returns 0 or -1.
 */
int
virLXCExecStreamsPipes(virLXCExecStreams *streams, uid_t uid, GError **error);

/**
 * virLXCExecStreamsNull:
 * @streams: filled on success
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM, or to
 *     VIR_LXC_CONFINEMENT_ERROR_INVALID if /dev/null is another file
 *
 * Opens the container's /dev/null. There are no ends for a client.
 *
 * Returns 0 or -1.
 */
int virLXCExecStreamsNull(virLXCExecStreams *streams, GError **error);
