/*
 * virlxcexecrequest.h: the request that parameters of virDomainLxcExec() describe
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "exec_request.h"
#include "internal.h"
#include "virlxcexecconfig.h"

/**
 * virLXCExecRequestFromParams:
 * @config: settings
 * @argv: the program and its arguments
 * @nargv: number of elements in @argv
 * @params: parameters of virDomainLxcExec()
 * @nparams: number of @params
 * @flags: virDomainLxcExecFlags
 *
 * Returns a request without the UUID of the domain, owned by the caller, or NULL
 * with an error reported that names the argument or parameter.
 */
virLXCExecRequest *virLXCExecRequestFromParams(const virLXCExecConfig *config,
                                               const char **argv,
                                               unsigned int nargv,
                                               virTypedParameterPtr params,
                                               int nparams,
                                               unsigned int flags);
