/*
 * virlxcexec.h: run programs in running containers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "domain_conf.h"
#include "object_event.h"
#include "virlxcexecconfig.h"

/**
 * virLXCExecRun:
 * @vm: a domain, locked; unlocked while the program is started
 * @config: settings
 * @stateDir: state directory of containers
 * @events: receives an event when the program has ended
 * @st: a stream that is not in use, or NULL
 * @argv: the program and its arguments
 * @nargv: number of elements in @argv
 * @params: parameters of virDomainLxcExec()
 * @nparams: number of @params
 * @flags: virDomainLxcExecFlags
 *
 * Returns the ID of the program when it has been executed, or -1 with an error
 * reported.
 */
int virLXCExecRun(virDomainObj *vm,
                  const virLXCExecConfig *config,
                  const char *stateDir,
                  virObjectEventState *events,
                  virStreamPtr st,
                  const char **argv,
                  unsigned int nargv,
                  virTypedParameterPtr params,
                  int nparams,
                  unsigned int flags);

/**
 * virLXCExecCheckOpenNamespace:
 * @vm: a domain whose namespaces a client wants to join by itself
 * @config: settings
 *
 * Logs and audits the request.
 *
 * Returns 0, or -1 with an error reported if it is not allowed.
 */
int virLXCExecCheckOpenNamespace(virDomainObj *vm,
                                 const virLXCExecConfig *config);
