/*
 * virlxcexecsession.h: copy data and signals to and from a program that has been
 *     started by virDomainLxcExec()
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "internal.h"

/**
 * virLXCExecSessionRun:
 * @conn: the connection of @stream
 * @stream: a blocking stream that has been passed to virDomainLxcExec()
 * @tty: whether the program has a terminal
 * @status: filled with the program's exit status, 128 + n if it was killed by
 *     signal n, or 128 + SIGPIPE if nobody reads its output any more
 *
 * Serves the stream until the program has ended, and finishes it.
 *
 * Returns 0, or -1 with an error reported and @status untouched, for example if
 * the connection is lost. Does not return if this process receives a signal that
 * cannot be passed on to the program within two seconds: then this process is
 * killed by it.
 */
int virLXCExecSessionRun(virConnectPtr conn,
                         virStreamPtr stream,
                         bool tty,
                         int *status);
