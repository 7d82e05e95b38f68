/*
 * remote_daemon_dispatch_lxc.h: dispatch virDomainLxcExec() and its event
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Included by remote_daemon_dispatch.c, whose functions it needs.
 */

#include "viraccessapichecklxc.h"

static bool
remoteRelayDomainLxcExecEventCheckACL(virNetServerClient *client,
                                      virConnectPtr conn,
                                      virDomainPtr dom)
{
    g_autofree virDomainDef *def = g_new0(virDomainDef, 1);
    g_autoptr(virIdentity) identity = virNetServerClientGetIdentity(client);
    bool allowed = false;

    /* These are all members that access drivers use */
    def->name = dom->name;
    memcpy(def->uuid, dom->uuid, VIR_UUID_BUFLEN);

    if (identity && virIdentitySetCurrent(identity) == 0)
        allowed = virConnectDomainLxcExecEventRegisterCheckACL(conn, def);

    ignore_value(virIdentitySetCurrent(NULL));
    return allowed;
}


static void
remoteRelayDomainLxcExecEvent(virConnectPtr conn,
                              virDomainPtr dom,
                              int id,
                              int status,
                              int signum,
                              void *opaque)
{
    daemonClientEventCallback *callback = opaque;
    lxc_domain_lxc_exec_event_msg data = {
        .callbackID = callback->callbackID,
        .id = id,
        .status = status,
        .signum = signum,
    };

    if (callback->callbackID < 0 ||
        !remoteRelayDomainLxcExecEventCheckACL(callback->client, conn, dom))
        return;

    make_nonnull_domain(&data.dom, dom);
    remoteDispatchObjectEventSend(callback->client, callback->program,
                                  LXC_PROC_DOMAIN_LXC_EXEC_EVENT,
                                  (xdrproc_t) xdr_lxc_domain_lxc_exec_event_msg,
                                  &data);
}


static int
lxcDispatchDomainExec(virNetServer *server G_GNUC_UNUSED,
                      virNetServerClient *client,
                      virNetMessage *msg,
                      struct virNetMessageError *rerr,
                      lxc_domain_exec_args *args,
                      lxc_domain_exec_ret *ret)
{
    virConnectPtr conn = remoteGetHypervisorConn(client);
    virDomainPtr dom = NULL;
    virTypedParameterPtr params = NULL;
    int nparams = 0;
    virStreamPtr st = NULL;
    daemonClientStream *stream = NULL;
    int rv = -1;

    if (!conn ||
        !(dom = get_nonnull_domain(conn, args->dom)) ||
        virTypedParamsDeserialize((struct _virTypedParameterRemote *) args->params.params_val,
                                  args->params.params_len,
                                  LXC_DOMAIN_EXEC_PARAMS_MAX,
                                  &params, &nparams) < 0)
        goto cleanup;

    if (args->stream) {
        if (!(st = virStreamNew(conn, VIR_STREAM_NONBLOCK)) ||
            !(stream = daemonCreateClientStream(client, st, lxcProgram,
                                                &msg->header, false)))
            goto cleanup;
    }

    if ((ret->id = virDomainLxcExec(dom, st,
                                    (const char **) args->argv.argv_val,
                                    args->argv.argv_len,
                                    params, nparams, args->flags)) < 0)
        goto cleanup;

    if (stream && daemonAddClientStream(client, stream, true) < 0)
        goto cleanup;

    rv = 0;

 cleanup:
    if (rv < 0) {
        virNetMessageSaveError(rerr);
        if (stream) {
            virStreamAbort(st);
            daemonFreeClientStream(client, stream);
        } else {
            virObjectUnref(st);
        }
    }
    virTypedParamsFree(params, nparams);
    virObjectUnref(dom);
    return rv;
}


static int
lxcDispatchConnectDomainLxcExecEventRegister(virNetServer *server G_GNUC_UNUSED,
                                             virNetServerClient *client,
                                             virNetMessage *msg G_GNUC_UNUSED,
                                             struct virNetMessageError *rerr,
                                             lxc_connect_domain_lxc_exec_event_register_args *args,
                                             lxc_connect_domain_lxc_exec_event_register_ret *ret)
{
    struct daemonClientPrivate *priv = virNetServerClientGetPrivateData(client);
    virConnectPtr conn = remoteGetHypervisorConn(client);
    daemonClientEventCallback *callback = NULL;
    daemonClientEventCallback *ref;
    virDomainPtr dom = NULL;
    int rv = -1;
    VIR_LOCK_GUARD lock = virLockGuardLock(&priv->lock);

    if (!conn ||
        (args->dom && !(dom = get_nonnull_domain(conn, *args->dom))))
        goto cleanup;

    callback = g_new0(daemonClientEventCallback, 1);
    callback->client = virObjectRef(client);
    callback->program = virObjectRef(lxcProgram);
    callback->eventID = -1;
    callback->callbackID = -1;
    ref = callback;
    VIR_APPEND_ELEMENT(priv->lxcEventCallbacks, priv->nlxcEventCallbacks, callback);

    if ((ret->callbackID = virConnectDomainLxcExecEventRegister(conn, dom,
                                                                remoteRelayDomainLxcExecEvent,
                                                                ref,
                                                                remoteEventCallbackFree,
                                                                args->flags)) < 0) {
        VIR_SHRINK_N(priv->lxcEventCallbacks, priv->nlxcEventCallbacks, 1);
        callback = ref;
        goto cleanup;
    }

    ref->callbackID = ret->callbackID;
    rv = 0;

 cleanup:
    remoteEventCallbackFree(callback);
    if (rv < 0)
        virNetMessageSaveError(rerr);
    virObjectUnref(dom);
    return rv;
}


static int
lxcDispatchConnectDomainLxcExecEventDeregister(virNetServer *server G_GNUC_UNUSED,
                                               virNetServerClient *client,
                                               virNetMessage *msg G_GNUC_UNUSED,
                                               struct virNetMessageError *rerr,
                                               lxc_connect_domain_lxc_exec_event_deregister_args *args)
{
    struct daemonClientPrivate *priv = virNetServerClientGetPrivateData(client);
    virConnectPtr conn = remoteGetHypervisorConn(client);
    size_t i = 0;
    VIR_LOCK_GUARD lock = virLockGuardLock(&priv->lock);

    if (!conn)
        goto error;

    while (i < priv->nlxcEventCallbacks &&
           priv->lxcEventCallbacks[i]->callbackID != args->callbackID)
        i++;

    if (i == priv->nlxcEventCallbacks) {
        virReportError(VIR_ERR_INVALID_ARG,
                       _("callback %1$d is not registered"), args->callbackID);
        goto error;
    }

    if (virConnectDomainLxcExecEventDeregister(conn, args->callbackID) < 0)
        goto error;

    VIR_DELETE_ELEMENT(priv->lxcEventCallbacks, i, priv->nlxcEventCallbacks);
    return 0;

 error:
    virNetMessageSaveError(rerr);
    return -1;
}
