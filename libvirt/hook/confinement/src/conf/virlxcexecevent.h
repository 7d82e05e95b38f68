/*
 * virlxcexecevent.h: the event for the end of a program in a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "internal.h"

#include "object_event.h"

/**
 * virLXCExecEventNew:
 * @id: ID of the domain
 * @name: name of the domain
 * @uuid: UUID of the domain
 * @program: ID of the program
 * @status: its exit status, or -1
 * @signum: signal that killed it, or 0
 *
 * Returns an event, or NULL with an error reported.
 */
virObjectEvent *virLXCExecEventNew(int id,
                                   const char *name,
                                   const unsigned char *uuid,
                                   int program,
                                   int status,
                                   int signum);

/**
 * virLXCExecEventStateRegisterID:
 * @conn: connection to associate with the callback
 * @state: object event state
 * @dom: domain whose events are received, or NULL for all
 * @cb: function to call
 * @opaque: argument of @cb
 * @freecb: function to free @opaque, or NULL
 * @callbackID: filled with the ID of the callback
 *
 * Returns the number of callbacks that are now registered, or -1 with an error
 * reported.
 */
int virLXCExecEventStateRegisterID(virConnectPtr conn,
                                   virObjectEventState *state,
                                   virDomainPtr dom,
                                   virConnectDomainLxcExecEventCallback cb,
                                   void *opaque,
                                   virFreeCallback freecb,
                                   int *callbackID);
