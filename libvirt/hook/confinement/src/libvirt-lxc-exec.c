/*
 * libvirt-lxc-exec.c: run programs in the containers of the LXC driver
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>


#include "datatypes.h"
#include "viralloc.h"
#include "virerror.h"
#include "virlog.h"
#include "virtypedparam.h"

#define VIR_FROM_THIS VIR_FROM_NONE

VIR_LOG_INIT("libvirt-lxc-exec");


/**
 * virDomainLxcExec:
 * @domain: a domain object
 * @stream: a stream that is not in use, or NULL with VIR_DOMAIN_LXC_EXEC_DETACH
 * @argv: the program and its arguments
 * @nargv: number of elements in @argv, at least 1
 * @params: parameters VIR_DOMAIN_LXC_EXEC_*, or NULL
 * @nparams: number of @params
 * @flags: bitwise-OR of virDomainLxcExecFlags
 *
 * This API is LXC specific, so it will only work with hypervisor connections to
 * the LXC driver.
 *
 * Runs a program in a running container. The program is confined in the same
 * way as the container's other processes: by the policy that was in effect when
 * the container was started. Nothing of the client enters the container, except
 * the bytes that it sends.
 *
 * @argv[0] is an absolute path in the container, or a name that is looked up in
 * the PATH of the program's environment. The environment consists of PATH,
 * HOME, USER, LOGNAME, SHELL, container, container_uuid, and the variables
 * passed as VIR_DOMAIN_LXC_EXEC_ENV.
 *
 * The stream carries messages in both directions, which are described at
 * virDomainLxcExecMessage. The exit status is the last message. After it, the
 * stream ends: virStreamRecv() returns 0, and virStreamFinish() should be
 * called. If the stream ends without it, the container was stopped. Output that
 * the program has written is delivered before its exit status. Processes that
 * it leaves behind are not waited for, and lose their terminal.
 *
 * If the stream is closed or aborted while the program is running, or if the
 * client or the daemon is terminated, the program is sent SIGHUP and SIGCONT.
 * It is killed if it has not ended 5 seconds later. With
 * VIR_DOMAIN_LXC_EXEC_DETACH, or after VIR_DOMAIN_LXC_EXEC_MESSAGE_DETACH, it
 * continues instead, and its output is discarded. Without a stream, its
 * standard input, output and error are /dev/null.
 *
 * VIR_DOMAIN_LXC_EXEC_UNCONFINED must be allowed by "exec_unconfined" in
 * lxc.conf. The number of programs is limited by "exec_max" and
 * "exec_max_per_domain", and the time until the program is executed by
 * "exec_timeout".
 *
 * The call fails with
 *   - VIR_ERR_SYSTEM_ERROR if execve(2) fails, with the errno value in int1 of
 *     the error, such as ENOENT or EACCES;
 *   - VIR_ERR_INVALID_ARG if a parameter is invalid, or refers to a user, group
 *     or directory that does not exist in the container;
 *   - VIR_ERR_OPERATION_INVALID if the domain is not running, or is paused;
 *   - VIR_ERR_OPERATION_DENIED if VIR_DOMAIN_LXC_EXEC_UNCONFINED is not
 *     allowed;
 *   - VIR_ERR_OPERATION_TIMEOUT if the program is not executed in time;
 *   - VIR_ERR_CONFIG_UNSUPPORTED if the container was started by a version of
 *     libvirt without this API;
 *   - VIR_ERR_OPERATION_FAILED otherwise.
 *
 * Returns an ID, which is greater than 0, when the program has been executed,
 * or -1 on error. The ID is the process ID of the program on the host, and
 * identifies it in virConnectDomainLxcExecEventCallback.
 *
 * Since: 9.0.0
 */
int
virDomainLxcExec(virDomainPtr domain,
                 virStreamPtr stream,
                 const char **argv,
                 unsigned int nargv,
                 virTypedParameterPtr params,
                 int nparams,
                 unsigned int flags)
{
    virConnectPtr conn;

    VIR_DOMAIN_DEBUG(domain, "stream=%p nargv=%u params=%p nparams=%d flags=0x%x",
                     stream, nargv, params, nparams, flags);
    VIR_TYPED_PARAMS_DEBUG(params, nparams);

    virResetLastError();

    virCheckDomainReturn(domain, -1);
    conn = domain->conn;

    virCheckReadOnlyGoto(conn->flags, error);
    virCheckNonNullArgGoto(argv, error);
    virCheckNonZeroArgGoto(nargv, error);
    virCheckNonNegativeArgGoto(nparams, error);
    if (nparams > 0)
        virCheckNonNullArgGoto(params, error);
    if (!(flags & VIR_DOMAIN_LXC_EXEC_DETACH))
        virCheckNonNullArgGoto(stream, error);
    if (stream) {
        virCheckStreamGoto(stream, error);
        if (stream->conn != conn) {
            virReportInvalidArg(stream, "%s",
                                _("stream must match the connection of the domain"));
            goto error;
        }
    }

    if (conn->driver->domainLxcExec) {
        int ret = conn->driver->domainLxcExec(domain, stream, argv, nargv,
                                              params, nparams, flags);

        if (ret < 0)
            goto error;
        return ret;
    }

    virReportUnsupportedError();

 error:
    virDispatchError(conn);
    return -1;
}


/**
 * virConnectDomainLxcExecEventRegister:
 * @conn: pointer to the connection
 * @dom: the domain whose events are received, or NULL for all domains
 * @cb: callback that is called when a program has ended
 * @opaque: opaque data to pass to @cb
 * @freecb: optional function to free @opaque when it is no longer used
 * @flags: extra flags; not used yet, so callers should always pass 0
 *
 * This API is LXC specific, so it will only work with hypervisor connections to
 * the LXC driver.
 *
 * Registers a callback for the end of programs that were started by
 * virDomainLxcExec(), by this or another client. The end of programs that were
 * started before the daemon was restarted is not reported.
 *
 * Returns an ID of the callback, to be passed to
 * virConnectDomainLxcExecEventDeregister(), or -1 on error.
 *
 * Since: 9.0.0
 */
int
virConnectDomainLxcExecEventRegister(virConnectPtr conn,
                                     virDomainPtr dom,
                                     virConnectDomainLxcExecEventCallback cb,
                                     void *opaque,
                                     virFreeCallback freecb,
                                     unsigned int flags)
{
    VIR_DEBUG("conn=%p dom=%p cb=%p opaque=%p freecb=%p flags=0x%x",
              conn, dom, cb, opaque, freecb, flags);

    virResetLastError();

    virCheckConnectReturn(conn, -1);
    if (dom) {
        virCheckDomainGoto(dom, error);
        if (dom->conn != conn) {
            virReportInvalidArg(dom, "%s",
                                _("domain must match the connection"));
            goto error;
        }
    }
    virCheckNonNullArgGoto(cb, error);

    if (conn->driver->connectDomainLxcExecEventRegister) {
        int ret = conn->driver->connectDomainLxcExecEventRegister(conn, dom, cb,
                                                                  opaque, freecb,
                                                                  flags);

        if (ret < 0)
            goto error;
        return ret;
    }

    virReportUnsupportedError();

 error:
    virDispatchError(conn);
    return -1;
}


/**
 * virConnectDomainLxcExecEventDeregister:
 * @conn: pointer to the connection
 * @callbackID: ID returned by virConnectDomainLxcExecEventRegister()
 *
 * Removes a callback.
 *
 * Returns 0 on success, -1 on error.
 *
 * Since: 9.0.0
 */
int
virConnectDomainLxcExecEventDeregister(virConnectPtr conn,
                                       int callbackID)
{
    VIR_DEBUG("conn=%p callbackID=%d", conn, callbackID);

    virResetLastError();

    virCheckConnectReturn(conn, -1);
    virCheckNonNegativeArgGoto(callbackID, error);

    if (conn->driver->connectDomainLxcExecEventDeregister) {
        int ret = conn->driver->connectDomainLxcExecEventDeregister(conn, callbackID);

        if (ret < 0)
            goto error;
        return ret;
    }

    virReportUnsupportedError();

 error:
    virDispatchError(conn);
    return -1;
}
