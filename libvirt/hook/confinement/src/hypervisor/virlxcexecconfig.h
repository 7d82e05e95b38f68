/*
 * virlxcexecconfig.h: settings of virDomainLxcExec() in lxc.conf
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "virconf.h"

/**
 * virLXCExecConfig: settings in lxc.conf.
 *
 * @max: maximum number of programs at once
 * @maxPerDomain: maximum number of programs in a container at once
 * @timeout: time limit for executing a program, in seconds
 * @unconfined: whether VIR_DOMAIN_LXC_EXEC_UNCONFINED is allowed
 * @openNamespace: whether virDomainLxcOpenNamespace() is allowed
 */
typedef struct _virLXCExecConfig virLXCExecConfig;
struct _virLXCExecConfig {
    unsigned int max;
    unsigned int maxPerDomain;
    unsigned int timeout;
    bool unconfined;
    bool openNamespace;
};

/**
 * virLXCExecConfigInit:
 * @config: filled with the defaults
 */
void virLXCExecConfigInit(virLXCExecConfig *config);

/**
 * virLXCExecConfigLoad:
 * @config: settings that are changed
 * @conf: parsed lxc.conf
 * @filename: its name, for errors
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCExecConfigLoad(virLXCExecConfig *config,
                         virConf *conf,
                         const char *filename);
