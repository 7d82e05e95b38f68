/*
 * virlxcexecevent.c: the event for the end of a program in a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "virlxcexecevent.h"

#define LIBVIRT_OBJECT_EVENT_PRIV_H_ALLOW
#include "object_event_private.h"

#include "viruuid.h"

#define VIR_FROM_THIS VIR_FROM_LXC

typedef struct _virLXCExecEvent virLXCExecEvent;
struct _virLXCExecEvent {
    virObjectEvent parent;

    int program;
    int status;
    int signum;
};

static virClass *virLXCExecEventClass;


static void
virLXCExecEventDispose(void *obj G_GNUC_UNUSED)
{
}


static int
virLXCExecEventOnceInit(void)
{
    if (!VIR_CLASS_NEW(virLXCExecEvent, virClassForObjectEvent()))
        return -1;

    return 0;
}

VIR_ONCE_GLOBAL_INIT(virLXCExecEvent);


static void
virLXCExecEventDispatch(virConnectPtr conn,
                        virObjectEvent *event,
                        virConnectObjectEventGenericCallback cb,
                        void *opaque)
{
    virLXCExecEvent *exec = (virLXCExecEvent *) event;
    virDomainPtr dom = virGetDomain(conn, event->meta.name,
                                    event->meta.uuid, event->meta.id);

    if (!dom)
        return;

    ((virConnectDomainLxcExecEventCallback) cb)(conn, dom, exec->program,
                                                exec->status, exec->signum,
                                                opaque);
    virObjectUnref(dom);
}


virObjectEvent *
virLXCExecEventNew(int id,
                   const char *name,
                   const unsigned char *uuid,
                   int program,
                   int status,
                   int signum)
{
    char uuidstr[VIR_UUID_STRING_BUFLEN];
    virLXCExecEvent *event;

    if (virLXCExecEventInitialize() < 0)
        return NULL;

    virUUIDFormat(uuid, uuidstr);
    if (!(event = virObjectEventNew(virLXCExecEventClass,
                                    virLXCExecEventDispatch,
                                    0, id, name, uuid, uuidstr)))
        return NULL;

    event->program = program;
    event->status = status;
    event->signum = signum;
    return (virObjectEvent *) event;
}


int
virLXCExecEventStateRegisterID(virConnectPtr conn,
                               virObjectEventState *state,
                               virDomainPtr dom,
                               virConnectDomainLxcExecEventCallback cb,
                               void *opaque,
                               virFreeCallback freecb,
                               int *callbackID)
{
    char uuidstr[VIR_UUID_STRING_BUFLEN];

    if (virLXCExecEventInitialize() < 0)
        return -1;

    if (dom)
        virUUIDFormat(dom->uuid, uuidstr);
    return virObjectEventStateRegisterID(conn, state, dom ? uuidstr : NULL,
                                         NULL, NULL, virLXCExecEventClass, 0,
                                         VIR_OBJECT_EVENT_CALLBACK(cb),
                                         opaque, freecb,
                                         false, callbackID, false);
}
