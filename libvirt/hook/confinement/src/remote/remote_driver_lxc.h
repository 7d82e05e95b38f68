/*
 * remote_driver_lxc.h: call virDomainLxcExec() and receive its event
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Included by remote_driver.c, whose functions it needs.
 */

static int
remoteDomainLxcExecCall(virDomainPtr dom,
                        struct private_data *priv,
                        virStreamPtr st,
                        lxc_domain_exec_args *args)
{
    lxc_domain_exec_ret ret = { 0 };
    virNetClientStream *netst = NULL;

    if (st) {
        if (!(netst = virNetClientStreamNew(priv->lxcProgram, LXC_PROC_DOMAIN_EXEC,
                                            priv->counter, false)))
            return -1;

        /* It cannot fail, and returns nothing in newer versions of libvirt. */
        virNetClientAddStream(priv->client, netst);
        st->driver = &remoteStreamDrv;
        st->privateData = netst;
        st->ff = virObjectUnref;
    }

    if (call(dom->conn, priv, REMOTE_CALL_LXC, LXC_PROC_DOMAIN_EXEC,
             (xdrproc_t) xdr_lxc_domain_exec_args, (char *) args,
             (xdrproc_t) xdr_lxc_domain_exec_ret, (char *) &ret) == 0)
        return ret.id;

    if (netst) {
        virNetClientRemoveStream(priv->client, netst);
        virObjectUnref(netst);
        st->driver = NULL;
        st->privateData = NULL;
    }
    return -1;
}


static int
remoteDomainLxcExec(virDomainPtr dom,
                    virStreamPtr st,
                    const char **argv,
                    unsigned int nargv,
                    virTypedParameterPtr params,
                    int nparams,
                    unsigned int flags)
{
    struct private_data *priv = dom->conn->privateData;
    lxc_domain_exec_args args = {
        .argv.argv_val = (char **) argv,
        .argv.argv_len = nargv,
        .stream = st != NULL,
        .flags = flags,
    };
    int rv = -1;

    remoteDriverLock(priv);

    make_nonnull_domain(&args.dom, dom);
    if (nargv > LXC_DOMAIN_EXEC_ARGV_MAX) {
        virReportError(VIR_ERR_RPC,
                       _("too many arguments for a program: %1$u > %2$d"),
                       nargv, LXC_DOMAIN_EXEC_ARGV_MAX);
        goto done;
    }

    if (virTypedParamsSerialize(params, nparams, LXC_DOMAIN_EXEC_PARAMS_MAX,
                                (struct _virTypedParameterRemote **) &args.params.params_val,
                                &args.params.params_len,
                                VIR_TYPED_PARAM_STRING_OKAY) < 0)
        goto done;

    rv = remoteDomainLxcExecCall(dom, priv, st, &args);

 done:
    virTypedParamsRemoteFree((struct _virTypedParameterRemote *) args.params.params_val,
                             args.params.params_len);
    remoteDriverUnlock(priv);
    return rv;
}


static int
remoteConnectDomainLxcExecEventRegister(virConnectPtr conn,
                                        virDomainPtr dom,
                                        virConnectDomainLxcExecEventCallback cb,
                                        void *opaque,
                                        virFreeCallback freecb,
                                        unsigned int flags)
{
    struct private_data *priv = conn->privateData;
    lxc_connect_domain_lxc_exec_event_register_args args = { .flags = flags };
    lxc_connect_domain_lxc_exec_event_register_ret ret = { 0 };
    remote_nonnull_domain domain;
    int callbackID;
    int count;
    int rv = -1;

    remoteDriverLock(priv);

    if ((count = virLXCExecEventStateRegisterID(conn, priv->eventState, dom, cb,
                                                opaque, freecb, &callbackID)) < 0)
        goto done;

    /* The first callback enables the event on the server */
    if (count == 1) {
        if (dom) {
            make_nonnull_domain(&domain, dom);
            args.dom = &domain;
        }

        if (call(conn, priv, REMOTE_CALL_LXC, LXC_PROC_CONNECT_DOMAIN_LXC_EXEC_EVENT_REGISTER,
                 (xdrproc_t) xdr_lxc_connect_domain_lxc_exec_event_register_args, (char *) &args,
                 (xdrproc_t) xdr_lxc_connect_domain_lxc_exec_event_register_ret, (char *) &ret) == -1) {
            virObjectEventStateDeregisterID(conn, priv->eventState, callbackID, false);
            goto done;
        }
        virObjectEventStateSetRemote(conn, priv->eventState, callbackID, ret.callbackID);
    }

    rv = callbackID;

 done:
    remoteDriverUnlock(priv);
    return rv;
}


static int
remoteConnectDomainLxcExecEventDeregister(virConnectPtr conn,
                                          int callbackID)
{
    struct private_data *priv = conn->privateData;
    lxc_connect_domain_lxc_exec_event_deregister_args args = { 0 };
    int count;
    int rv = -1;

    remoteDriverLock(priv);

    if (virObjectEventStateEventID(conn, priv->eventState, callbackID,
                                   &args.callbackID) < 0 ||
        (count = virObjectEventStateDeregisterID(conn, priv->eventState,
                                                 callbackID, true)) < 0)
        goto done;

    /* The last callback disables the event on the server */
    if (count == 0 &&
        call(conn, priv, REMOTE_CALL_LXC, LXC_PROC_CONNECT_DOMAIN_LXC_EXEC_EVENT_DEREGISTER,
             (xdrproc_t) xdr_lxc_connect_domain_lxc_exec_event_deregister_args, (char *) &args,
             (xdrproc_t) xdr_void, (char *) NULL) == -1)
        goto done;

    rv = 0;

 done:
    remoteDriverUnlock(priv);
    return rv;
}


static void
remoteDomainBuildLxcExecEvent(virNetClientProgram *prog G_GNUC_UNUSED,
                              virNetClient *client G_GNUC_UNUSED,
                              void *evdata,
                              void *opaque)
{
    virConnectPtr conn = opaque;
    struct private_data *priv = conn->privateData;
    lxc_domain_lxc_exec_event_msg *msg = evdata;
    virDomainPtr dom = get_nonnull_domain(conn, msg->dom);
    virObjectEvent *event;

    if (!dom)
        return;

    event = virLXCExecEventNew(dom->id, dom->name, dom->uuid,
                               msg->id, msg->status, msg->signum);
    virObjectUnref(dom);
    virObjectEventStateQueueRemote(priv->eventState, event, msg->callbackID);
}
