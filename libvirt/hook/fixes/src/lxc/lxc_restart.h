/*
 * lxc_restart.h: restarts of containers after their init has failed
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "lxc_domain.h"

/**
 * virLXCRestartIsWanted:
 * @vm: domain whose init has ended
 *
 * Returns whether the domain has to be started again according to <on_crash>.
 * Nothing of a container can be preserved, and it has no memory to dump:
 * 'preserve' and 'coredump-destroy' mean 'destroy'; 'rename-restart' and
 * 'coredump-restart' mean 'restart'. A domain that has been asked to shut down is
 * not restarted, however init has ended.
 */
bool virLXCRestartIsWanted(virDomainObj *vm);

/**
 * virLXCRestartDelay:
 * @priv: private data of a domain whose init has failed
 *
 * The delay doubles with each restart, from 0.1 to 60 seconds, until a container
 * has been running for 10 seconds.
 *
 * Returns the number of milliseconds to wait before the domain is restarted.
 */
int virLXCRestartDelay(virLXCDomainObjPrivate *priv);
