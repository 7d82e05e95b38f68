/*
 * virlxcexecthreads.h: the threads of a session of virDomainLxcExec()
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Three threads serve a session. The receiver writes the program's output and
 * learns how it ended. The sender reads standard input, and is the only one that
 * sends. The calling thread passes signals to the sender, and waits.
 *
 * Whoever reads from the connection reads all there is, and libvirt's queue of
 * received messages has no limit. So nothing must be read while the output
 * cannot be written: the sender sends nothing, and a timer of ours, the gate,
 * holds the event loop. The gate opens when the receiver has waited for a while:
 * then nothing is queued, and the event loop can take care of keepalive messages.
 */

#pragma once

#include "internal.h"

/* Reference-counted, because a sender that is blocked outlives the session. */
typedef struct _lxcExecSession lxcExecSession;
struct _lxcExecSession {
    int refs;
    virConnectPtr conn;
    virStreamPtr stream;
    bool tty;
    int gate;               /* timer, or -1 without an event loop */
    int overFD;             /* readable when the session is over */
    int senderFD;           /* readable when the sender has something to do */

    GMutex lock;            /* of all below, except for @input */
    GCond changed;
    bool gateOpen;
    gint64 waitingSince;    /* for the daemon, or 0 */
    bool outputBlocked;
    GByteArray *signals;    /* to be sent; removed after that */
    bool over;
    int status;
    virErrorPtr error;
    int threads;            /* how many are running */

    bool inputEnded;        /* used by the sender only */
};

/**
 * lxcExecWake:
 * @fd: @overFD or @senderFD of a session
 */
void lxcExecWake(int fd);

/**
 * lxcExecEnd:
 * @session: a session
 * @status: the program's exit status, as a shell returns it
 * @failed: whether the session ends with the last error of the calling thread
 *
 * Ends the session. The first call counts.
 */
void lxcExecEnd(lxcExecSession *session,
                int status,
                bool failed);

/**
 * lxcExecThreadEnd:
 * @session: a session, whose reference is released
 *
 * The last function that a thread of the session calls.
 */
void lxcExecThreadEnd(lxcExecSession *session);

/**
 * lxcExecWaitBegin:
 * @session: a session
 *
 * The receiver is about to wait for the daemon: the event loop may read from the
 * connection after a while.
 */
void lxcExecWaitBegin(lxcExecSession *session);

/**
 * lxcExecWaitEnd:
 * @session: a session
 *
 * The receiver waits no longer: the event loop must not read.
 */
void lxcExecWaitEnd(lxcExecSession *session);

/**
 * lxcExecReceiver:
 * @opaque: a session
 *
 * Thread function: writes the program's output until the session is over.
 *
 * Returns NULL.
 */
void *lxcExecReceiver(void *opaque);

/**
 * lxcExecSender:
 * @opaque: a session
 *
 * Thread function: sends standard input and signals until the session is over.
 *
 * Returns NULL.
 */
void *lxcExecSender(void *opaque);
